/**
 * Many who ask the same kind of question at the same time, and one who answers all of them in one go: a thousand cars
 * at once are a few statements. Nobody waits for others to come: who is alone is answered alone.
 */
import { currentSpan, inSpan, type Span } from './tracing.ts';

export interface TogetherOptions<Question, Answer> {
  /** What is asked for, such as `contracts`. */
  readonly what: string;
  /** One answer for each question, in their order. What it fails with, all who asked with it fail with. */
  readonly answer: (questions: readonly Question[]) => Promise<readonly Answer[]>;
  /** Questions in one go. */
  readonly most: number;
  /** Goes at the same time, if one takes long or has all the questions it can; those who come meanwhile go together. */
  readonly atOnce: number;
}

/** For lookups: several goes, so that one that waits for a connection that has died does not keep all others waiting. */
export const LOOKUPS = { most: 64, atOnce: 3 };

/**
 * A go that takes longer than this is not waited for any more: another one begins beside it. Those that are as fast as they
 * should be go one after the other, for two at a time would have half as many questions each and cost as much.
 */
const PATIENCE_MS = 20;

interface Waiting<Question, Answer> {
  readonly question: Question;
  /** What the question is a part of. */
  readonly span: Span | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/** An answer is never older than its question: a question that comes while others are answered waits for the next go. */
export function askedTogether<Question, Answer>({
  what,
  answer,
  most,
  atOnce,
}: TogetherOptions<Question, Answer>): (question: Question) => Promise<Answer> {
  let waiting: Waiting<Question, Answer>[] = [];
  let running = 0;
  let lastBegan = 0;
  let isPlanned = false;
  let isPatient = false;

  /** At the end of the turn of the event loop, when everybody of the turn has asked. */
  function plan(): void {
    if (isPlanned || waiting.length === 0 || running >= atOnce) return;
    const patience = running === 0 || waiting.length >= most ? 0 : lastBegan + PATIENCE_MS - performance.now();
    if (patience > 0) {
      if (!isPatient) setTimeout(proceed, patience);
      isPatient = true;
      return;
    }
    isPlanned = true;
    setImmediate(() => {
      isPlanned = false;
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      void go(batch);
      plan();
    });
  }

  function proceed(): void {
    isPatient = false;
    plan();
  }

  async function go(batch: readonly Waiting<Question, Answer>[]): Promise<void> {
    running++;
    const startedAt = performance.now();
    lastBegan = startedAt;
    const [first] = batch;
    try {
      // Not that of whoever was answered before, where this go was planned.
      const answers = await inSpan(first?.span, () => answer(batch.map(({ question }) => question)));
      if (answers.length !== batch.length) throw new Error('there is not one answer for each question');
      answers.forEach((each, index) => {
        batch[index]?.resolve(each);
      });
    } catch (reason) {
      for (const { reject } of batch) reject(reason);
    } finally {
      running--;
      tellOthers(what, batch, performance.now() - startedAt);
      plan();
    }
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, span: currentSpan(), resolve, reject });
      plan();
    });
}

/** The statements are in the trace of the first; in those of the others is how long they took, and where they are. */
function tellOthers(what: string, batch: readonly { readonly span: Span | undefined }[], milliseconds: number): void {
  const [first, ...others] = batch;
  const links = first?.span === undefined ? [] : [first.span];
  for (const { span } of others) {
    if (span?.isRecorded === true) span.child(`asked together ${what}`, { millisecondsAgo: milliseconds, links }).end();
  }
}
