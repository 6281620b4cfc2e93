/**
 * Many who ask the same kind of question at the same time, and one who answers all of them in one go: a thousand cars
 * at once are a few statements. Nobody waits for others to come: who is alone is answered alone.
 */

export interface TogetherOptions<Question, Answer> {
  /** One answer for each question, in their order. What it fails with, all who asked with it fail with. */
  readonly answer: (questions: readonly Question[]) => Promise<readonly Answer[]>;
  /** Questions in one go. */
  readonly most: number;
  /** Goes at the same time; those who come meanwhile wait, and go together. */
  readonly atOnce: number;
}

/** For lookups: a second go, so that one that waits for a connection that has died does not keep all others waiting. */
export const LOOKUPS = { most: 64, atOnce: 2 };

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/** An answer is never older than its question: a question that comes while others are answered waits for the next go. */
export function askedTogether<Question, Answer>({
  answer,
  most,
  atOnce,
}: TogetherOptions<Question, Answer>): (question: Question) => Promise<Answer> {
  let waiting: Waiting<Question, Answer>[] = [];
  let running = 0;
  let isPlanned = false;

  /** At the end of the turn of the event loop, when everybody of the turn has asked. */
  function plan(): void {
    if (isPlanned || waiting.length === 0 || running >= atOnce) return;
    isPlanned = true;
    setImmediate(() => {
      isPlanned = false;
      while (running < atOnce && waiting.length > 0) {
        const batch = waiting.slice(0, most);
        waiting = waiting.slice(most);
        void go(batch);
      }
    });
  }

  async function go(batch: readonly Waiting<Question, Answer>[]): Promise<void> {
    running++;
    try {
      const answers = await answer(batch.map(({ question }) => question));
      if (answers.length !== batch.length) throw new Error('there is not one answer for each question');
      answers.forEach((each, index) => {
        batch[index]?.resolve(each);
      });
    } catch (reason) {
      for (const { reject } of batch) reject(reason);
    } finally {
      running--;
      plan();
    }
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      plan();
    });
}
