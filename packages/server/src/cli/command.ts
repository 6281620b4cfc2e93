import type { Io } from './io.ts';

/** A command: what `plugpool NAME` does. Each has a file of its own that exports one of these, field by field. */
export interface Command {
  /** What `plugpool help NAME` prints. */
  readonly usage: string;
  /**
   * @param argv what stands behind the command's name
   * @returns exit code: 0 done, 1 the answer is no, 2 not understood
   * @throws UsageError for a command line that cannot be understood, CommandFailure when nothing more can be done
   */
  run(argv: readonly string[], io: Io): Promise<number>;
}

/** A command line that cannot be understood; the message is one line for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command understood what is wanted and cannot do it; the message is one line for the user. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}
