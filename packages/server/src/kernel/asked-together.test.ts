import { describe, expect, test, vi } from 'vitest';
import { askedTogether } from './asked-together.ts';

/** Answers when told to. */
function answerer({ most = 100, atOnce = 1 } = {}) {
  const goes: { readonly questions: readonly number[]; readonly finish: (error?: Error) => Promise<void> }[] = [];
  const ask = askedTogether<number, string>({
    what: 'numbers',
    most,
    atOnce,
    answer: (questions) =>
      new Promise((resolve, reject) => {
        const finish = async (error?: Error) => {
          if (error === undefined) resolve(questions.map((each) => `answer ${each}`));
          else reject(error);
          await turn();
        };
        goes.push({ questions, finish });
      }),
  });
  return { ask, goes };
}

/** What was planned for the end of the turn has begun. */
const turn = async () => {
  for (let each = 0; each < 3; each++) await new Promise(setImmediate);
};

describe('questions at the same time', () => {
  test('ok/those of one turn go together, and each gets its own answer', async () => {
    const { ask, goes } = answerer();
    const answers = Promise.all([ask(1), ask(2), ask(3)]);
    await turn();
    expect(goes.map(({ questions }) => questions)).toEqual([[1, 2, 3]]);
    await goes[0]?.finish();
    expect(await answers).toEqual(['answer 1', 'answer 2', 'answer 3']);
  });

  test('ok/those that come while others are answered wait, and are not told an older answer', async () => {
    const { ask, goes } = answerer();
    const first = ask(1);
    await turn();
    const second = ask(1);
    const third = ask(2);
    await turn();
    expect(goes).toHaveLength(1);
    await goes[0]?.finish();
    expect(await first).toBe('answer 1');
    expect(goes.map(({ questions }) => questions)).toEqual([[1], [1, 2]]);
    await goes[1]?.finish();
    expect(await Promise.all([second, third])).toEqual(['answer 1', 'answer 2']);
  });

  test('ok/no more in one go, and no more goes at the same time, than are allowed', async () => {
    const { ask, goes } = answerer({ most: 2, atOnce: 2 });
    const answers = Promise.all([1, 2, 3, 4, 5].map(ask));
    await turn();
    expect(goes.map(({ questions }) => questions)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    await goes[1]?.finish();
    await vi.waitFor(() => expect(goes[2]?.questions).toEqual([5]));
    await goes[0]?.finish();
    await goes[2]?.finish();
    expect(await answers).toEqual([1, 2, 3, 4, 5].map((each) => `answer ${each}`));
  });

  test('ok/a go that takes long is not waited for', async () => {
    const { ask, goes } = answerer({ atOnce: 2 });
    const first = ask(1);
    await turn();
    const next = ask(2);
    await vi.waitFor(() => expect(goes.map(({ questions }) => questions)).toEqual([[1], [2]]));
    await goes[1]?.finish();
    expect(await next).toBe('answer 2');
    await goes[0]?.finish();
    expect(await first).toBe('answer 1');
  });

  test('fail/all who went together hear why, and the next are answered', async () => {
    const { ask, goes } = answerer();
    const outcomes = Promise.allSettled([ask(1), ask(2)]);
    await turn();
    const next = ask(3);
    await goes[0]?.finish(new Error('away'));
    expect((await outcomes).map((each) => each.status === 'rejected' && each.reason.message)).toEqual(['away', 'away']);
    await goes[1]?.finish();
    expect(await next).toBe('answer 3');
  });

  test('fail/an answer too few is an error, and nobody waits for ever', async () => {
    const ask = askedTogether<number, string>({
      what: 'numbers',
      most: 9,
      atOnce: 1,
      answer: async () => ['only one'],
    });
    await expect(Promise.all([ask(1), ask(2)])).rejects.toThrow('not one answer for each question');
  });
});
