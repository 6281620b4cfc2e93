/**
 * Does something every so often, once at a time: what takes longer than its interval is not waited for by a queue of others,
 * and the next one begins at the first interval after it.
 * @param failed hears of a failure; it goes on at the next interval
 * @returns what ends it, when what is under way is done
 */
export function repeatedly(
  everyMs: number,
  work: () => Promise<unknown>,
  failed: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch(failed)
      .finally(() => {
        running = undefined;
      });
  }, everyMs).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
