/** The process of a token as its parent sees it: what was asked of it, and that each question has an end. */
import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import type { Answered, Asked, TokenCall, TokenFailure } from './token-messages.ts';

/** The token, or its process, did not do what was asked. */
export class CallFailed extends Error {
  readonly failure: TokenFailure;

  constructor(failure: TokenFailure) {
    super(failure.reason);
    this.failure = failure;
  }
}

export interface TokenChild {
  /** @throws CallFailed also when there is no answer in time: the process is of no use then */
  ask(call: TokenCall): Promise<Uint8Array>;
  /** Ends the process as soon as all that was asked has an answer, or its time is over. */
  retire(): void;
  /** Ends it now. */
  end(): Promise<void>;
  readonly ended: Promise<void>;
}

interface Question {
  readonly resolve: (octets: Uint8Array) => void;
  readonly reject: (failed: CallFailed) => void;
}

export function tokenChild(patienceMs: number): TokenChild {
  const child = start();
  const questions = new Map<number, Question>();
  let last = 0;
  let isRetired = false;
  let hasEnded = false;
  const over = Promise.withResolvers<void>();
  // A command that has nothing left to do shall not wait for the token.
  child.unref();
  child.channel?.unref();

  function settled(id: number): Question | undefined {
    const question = questions.get(id);
    questions.delete(id);
    if (questions.size === 0) {
      child.channel?.unref();
      if (isRetired) child.kill('SIGKILL');
    }
    return question;
  }

  function ended(): void {
    hasEnded = true;
    over.resolve();
    for (const id of questions.keys()) settled(id)?.reject(gone());
  }

  child.on('message', (answered: Answered) => {
    const question = settled(answered.id);
    if ('octets' in answered) question?.resolve(answered.octets);
    else question?.reject(new CallFailed(answered.failure));
  });
  child.on('error', ended);
  child.on('exit', ended);

  return {
    ask(call) {
      if (hasEnded) return Promise.reject(gone());
      const id = ++last;
      const late = setTimeout(() => settled(id)?.reject(noAnswer(patienceMs)), patienceMs);
      const answered = new Promise<Uint8Array>((resolve, reject) => questions.set(id, { resolve, reject }));
      child.channel?.ref();
      // Whoever is gone takes no message; that it has gone is heard apart.
      const asked: Asked = { id, call };
      child.send(asked, (failed) => failed !== null && settled(id)?.reject(gone()));
      return answered.finally(() => clearTimeout(late));
    },
    retire() {
      isRetired = true;
      if (questions.size === 0) child.kill('SIGKILL');
    },
    async end() {
      child.ref();
      child.kill('SIGKILL');
      await over.promise;
    },
    ended: over.promise,
  };
}

/** With the variables that tokens' libraries read, and without what is secret to the server. */
function start(): ChildProcess {
  const program = join(import.meta.dirname, `token-process${extname(import.meta.filename)}`);
  const entries = Object.entries(process.env).filter(([name]) => !/^(?:PLUGPOOL_|DATABASE_URL$)/.test(name));
  return fork(program, [], {
    env: Object.fromEntries(entries),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

function gone(): CallFailed {
  return new CallFailed({ reason: 'its process has ended', understood: false, sessionLost: true });
}

function noAnswer(patienceMs: number): CallFailed {
  const reason = `it did not answer within ${patienceMs / 1000} seconds`;
  return new CallFailed({ reason, understood: false, sessionLost: false });
}
