/** `plugpool` as it is called, in a world in memory. */
import { runCommandLine } from '../src/cli/commands.ts';
import { type MemoryIoOptions, memoryIo } from '../src/cli/memory-io.ts';
import type { StoreLocation } from '../src/store/store.ts';

export interface Ended {
  /** The exit code. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function plugpool(argv: readonly string[], options: MemoryIoOptions = {}): Promise<Ended> {
  const io = memoryIo(options);
  const code = await runCommandLine(argv, io);
  return { code, out: io.out(), err: io.err() };
}

/** The flags that say where the data is. */
export function dataFlags(location: StoreLocation): string[] {
  return 'dataDirectory' in location ? ['--data', location.dataDirectory] : ['--database-url', location.databaseUrl];
}
