import type { Readable, Writable } from 'node:stream';

/** The world of a command: in tests all of it is in memory. */
export interface Io {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person looks at stdout. */
  readonly isTty: boolean;
}
