import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { repeatedly } from './repeatedly.ts';

/** Work that ends when it is told to. */
function slowWork() {
  const under: PromiseWithResolvers<void>[] = [];
  const work = () => {
    const one = Promise.withResolvers<void>();
    under.push(one);
    return one.promise;
  };
  return { work, under };
}

describe('what is done every so often', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('ok/nothing queues up behind what takes long', async () => {
    const { work, under } = slowWork();
    const end = repeatedly(1_000, work, () => undefined);
    await vi.advanceTimersByTimeAsync(5_500);
    expect(under).toHaveLength(1);
    under[0]?.resolve();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(under).toHaveLength(2);
    under[1]?.resolve();
    await end();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(under).toHaveLength(2);
  });

  test('fail/a failure is told, and it goes on', async () => {
    const { work, under } = slowWork();
    const failures: unknown[] = [];
    const end = repeatedly(1_000, work, (error) => failures.push(error));
    await vi.advanceTimersByTimeAsync(1_000);
    under[0]?.reject(new Error('on purpose'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(failures).toEqual([new Error('on purpose')]);
    expect(under).toHaveLength(2);
    under[1]?.resolve();
    await end();
  });

  test('ok/it has ended when what is under way is done', async () => {
    const { work, under } = slowWork();
    const end = repeatedly(1_000, work, () => undefined);
    await vi.advanceTimersByTimeAsync(1_000);
    let isOver = false;
    const ending = end().then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(isOver).toBe(false);
    under[0]?.resolve();
    await ending;
    expect(under).toHaveLength(1);
  });
});
