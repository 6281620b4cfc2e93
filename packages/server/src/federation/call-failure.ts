/** The one reason of a failed call that is the peer's; the client is loaded when there is a peer to call. */
import type { CallError } from '@plugpool/client';

/** Undefined for whatever is our own fault. */
export async function callFailureIn(error: unknown): Promise<CallError | undefined> {
  const { CallError } = await import('@plugpool/client');
  return error instanceof CallError ? error : undefined;
}
