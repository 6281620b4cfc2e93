import type { Db, Store, Tx } from './store.ts';

/** Adds to a store what waits until a transaction's writes are on disk and can be read by others. */
export function withAfterCommit(store: Omit<Store, 'afterCommit'>): Store {
  const waiting = new WeakMap<Db, (() => void)[]>();
  return {
    ...store,
    async transaction(work) {
      let tx: Tx | undefined;
      const result = await store.transaction((started) => {
        // Of the last attempt, when there are several.
        tx = started;
        return work(started);
      });
      for (const then of (tx && waiting.get(tx)) ?? []) then();
      return result;
    },
    afterCommit(db, then) {
      if (!db.isTransaction) return then();
      const others = waiting.get(db);
      if (others === undefined) waiting.set(db, [then]);
      else others.push(then);
    },
  };
}
