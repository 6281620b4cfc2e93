import { describe, expect, test } from 'vitest';
import { eachStore } from '../../test/stores.ts';
import { knownInsert, knownStatement } from './known-statement.ts';
import { sql } from './query-builder.ts';
import type { Db } from './store.ts';

const contractOf = (emaid: string) => {
  return { emaid, pcid: 'WMI12345678901234', shown_pcid: 'WMI12345678901234', provider_id: 'DE8AA', created_at: 1 };
};
const first = contractOf('DE8AAA00000001');
const second = contractOf('DE8AAA00000002');
const insert = (db: Db, row: typeof first) => db.insertInto('contract').values(row).compile();
const emaidsIn = async (db: Db) => {
  const rows = await db.selectFrom('contract').select('emaid').orderBy('emaid').execute();
  return rows.map(({ emaid }) => emaid);
};

describe.each(eachStore())('statements together on $kind', ({ open }) => {
  test('ok/each has its result, and they are done in their order', async () => {
    const store = await open();
    const count = (db: Db) =>
      db
        .selectFrom('contract')
        .select((select) => select.fn.countAll<number>().as('n'))
        .compile();
    const counts = await store.transaction(async (tx) => {
      const [none, , one] = await store.together(tx, [count(tx), insert(tx, first), count(tx)]);
      return [none.rows, one.rows].map(([row]) => Number(row?.n));
    });
    expect(counts).toEqual([0, 1]);
    expect(await emaidsIn(store.db)).toEqual([first.emaid]);
  });

  test('fail/when one of them is refused nothing of the transaction is stored', async () => {
    const store = await open();
    const failing = store.transaction((tx) =>
      store.together(tx, [insert(tx, first), insert(tx, first), insert(tx, second)]),
    );
    const error: unknown = await failing.catch((caught: unknown) => caught);
    expect(store.isUniqueViolation(error)).toBe(true);
    expect(await emaidsIn(store.db)).toEqual([]);
    // The connection is as good as before.
    await store.transaction((tx) => store.together(tx, [insert(tx, second)]));
    expect(await emaidsIn(store.db)).toEqual([second.emaid]);
  });

  test('ok/the last ones are stored, and what waits for that is done', async () => {
    const store = await open();
    const done: string[] = [];
    const counted = await store.transaction(async (tx) => {
      await store.together(tx, [insert(tx, first)]);
      store.afterCommit(tx, () => done.push('committed'));
      const count = sql<{ n: number }>`select count(*) as n from contract`.compile(tx);
      const [, { rows }] = await store.togetherAtEnd(tx, [insert(tx, second), count]);
      return Number(rows[0]?.n);
    });
    expect(counted).toBe(2);
    expect(done).toEqual(['committed']);
    const other = await store.reopen();
    expect(await emaidsIn(other.db)).toEqual([first.emaid, second.emaid]);
    await other.close();
  });

  test('fail/when one of the last ones is refused nothing of the transaction is stored', async () => {
    const store = await open();
    const done: string[] = [];
    const failing = store.transaction(async (tx) => {
      await store.together(tx, [insert(tx, first)]);
      store.afterCommit(tx, () => done.push('committed'));
      await store.togetherAtEnd(tx, [insert(tx, second), insert(tx, first)]);
    });
    const error: unknown = await failing.catch((caught: unknown) => caught);
    expect(store.isUniqueViolation(error)).toBe(true);
    expect(await emaidsIn(store.db)).toEqual([]);
    expect(done).toEqual([]);
    await store.transaction((tx) => store.togetherAtEnd(tx, [insert(tx, second)]));
    expect(await emaidsIn(store.db)).toEqual([second.emaid]);
  });

  test('ok/a transaction that asks nothing, or fails before it has asked, leaves nothing behind', async () => {
    const store = await open();
    await store.transaction(async () => undefined);
    const failing = store.transaction(async () => {
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    // Were one of them still open, this would be part of it and never be seen by others.
    await store.db.executeQuery(insert(store.db, first));
    const other = await store.reopen();
    expect(await emaidsIn(other.db)).toEqual([first.emaid]);
    await other.close();
  });

  test('ok/lookups at the same time get their own answers, whatever becomes of the others', async () => {
    const store = await open();
    await store.db.insertInto('contract').values([first, second]).execute();
    const find = (emaid: string) => {
      return store.lookups.selectFrom('contract').select('emaid').where('emaid', '=', emaid).executeTakeFirst();
    };
    const [one, none, wrong, two] = await Promise.allSettled([
      find(first.emaid),
      find('DE8AAA00000003'),
      sql`select no_such_column from contract`.execute(store.lookups),
      find(second.emaid),
    ]);
    expect(one).toMatchObject({ value: { emaid: first.emaid } });
    expect(none).toMatchObject({ status: 'fulfilled', value: undefined });
    expect(wrong.status).toBe('rejected');
    expect(two).toMatchObject({ value: { emaid: second.emaid } });
  });

  test('ok/statements that are built once take the values of each use', async () => {
    const { db } = await open();
    const columns = ['emaid', 'pcid', 'shown_pcid', 'provider_id', 'created_at'] as const;
    for (const row of [first, second]) {
      await db.executeQuery(knownInsert(db, 'test', columns, [row], () => db.insertInto('contract').values(row)));
    }
    const find = async (emaid: string) => {
      const query = () => db.selectFrom('contract').selectAll().where('emaid', '=', emaid);
      return (await db.executeQuery(knownStatement(db, 'contract of a test', [emaid], query))).rows;
    };
    expect(await find(second.emaid)).toEqual([second]);
    expect(await find(first.emaid)).toEqual([first]);
  });

  test('fail/a statement that is built once and whose values are in another order', async () => {
    const { db } = await open();
    const columns = ['pcid', 'emaid', 'shown_pcid', 'provider_id', 'created_at'] as const;
    const wrong = () => knownInsert(db, 'wrong order', columns, [first], () => db.insertInto('contract').values(first));
    expect(wrong).toThrow(TypeError);
    expect(() => knownStatement(db, 'no values', [1], () => db.selectFrom('contract').selectAll())).toThrow(TypeError);
  });
});

describe.each(eachStore().filter(({ kind }) => kind === 'postgresql'))('connections of $kind', ({ open }) => {
  test('ok/lookups of one turn share one', async () => {
    const store = await open();
    const connections = () => {
      const { used = 0, idle = 0 } = store.connections?.() ?? {};
      return used + idle;
    };
    const find = (db: Db) => db.selectFrom('contract').select('emaid').execute();
    await Promise.all(Array.from({ length: 8 }, () => find(store.lookups)));
    const shared = connections();
    await Promise.all(Array.from({ length: 8 }, () => find(store.db)));
    expect(shared).toBeLessThan(8);
    expect(connections()).toBe(8);
    expect(store.connections?.().used).toBe(0);
  });

  test('fail/what comes after the last statements comes too late, and is told so', async () => {
    const store = await open();
    const another = store.transaction(async (tx) => {
      await store.togetherAtEnd(tx, [insert(tx, first)]);
      await tx.executeQuery(insert(tx, second));
    });
    await expect(another).rejects.toThrow(TypeError);
    expect(await emaidsIn(store.db)).toEqual([first.emaid]);
    expect(store.connections?.().used).toBe(0);
  });

  test('ok/a transaction that begins with its first statement holds what that locks', async () => {
    const store = await open();
    await store.db.insertInto('contract').values([first, second]).execute();
    const free = () => store.forUpdateSkippingLocked(store.db.selectFrom('contract').select('emaid')).execute();
    await store.transaction(async (tx) => {
      await store.forUpdate(tx.selectFrom('contract').select('emaid').where('emaid', '=', first.emaid)).execute();
      expect(await free()).toEqual([{ emaid: second.emaid }]);
    });
    expect(await free()).toHaveLength(2);
  });
});
