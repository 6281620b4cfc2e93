/** Contracts that are made and withdrawn while something breaks, and the proof that nothing acknowledged is lost. */
import { setTimeout as wait } from 'node:timers/promises';
import { namespaceOfEdition } from '@plugpool/iso15118';
import { expect } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { call } from '../dialects.ts';
import { publishedCar } from '../operations.ts';
import { randomEmaid } from '../roles.ts';

/** Longer than every bound that the server has for a database that does not answer. */
const ANSWER_LIMIT_MS = 60_000;
const AT_ONCE = 8;

export interface WriteLoad {
  /** EMAIDs whose contracts were acknowledged. */
  readonly acknowledged: readonly string[];
  /** What was answered besides: status, or 0 for no answer. */
  readonly failures: readonly number[];
  /** Resolves when so many more were acknowledged. */
  more(count: number): Promise<void>;
  /** From now on the load goes to that server. */
  moveTo(url: string): void;
  stop(): Promise<void>;
}

/** Generates contracts for one car, several at a time, and goes on when it is refused. */
export async function writeLoad(url: string, atOnce = AT_ONCE): Promise<WriteLoad> {
  const { pcid } = await publishedCar(url);
  const acknowledged: string[] = [];
  const failures: number[] = [];
  let target = url;
  let stopping = false;
  const write = async () => {
    while (!stopping) {
      const emaid = randomEmaid();
      const status = await generated(target, pcid, emaid);
      if (status === 201) acknowledged.push(emaid);
      else {
        failures.push(status);
        await wait(50);
      }
    }
  };
  const writers = Array.from({ length: atOnce }, write);
  return {
    acknowledged,
    failures,
    async more(count) {
      const wanted = acknowledged.length + count;
      while (acknowledged.length < wanted) await wait(10);
    },
    moveTo(other) {
      target = other;
    },
    async stop() {
      stopping = true;
      await Promise.all(writers);
    },
  };
}

/** 0 where there was no answer because the server went; nothing may hang. */
async function generated(url: string, pcid: string, emaid: string): Promise<number> {
  const body = {
    contractBegins: new Date(Date.now() - 3_600_000).toISOString(),
    contractEnds: new Date(Date.now() + 7_200_000).toISOString(),
    emaid,
    pcid,
    xsdMsgDefNamespace: namespaceOfEdition('ISO15118-2'),
  };
  const late = new AbortController();
  const limit = wait(ANSWER_LIMIT_MS, undefined, { signal: late.signal }).then(
    () => Promise.reject(new Error(`no answer within ${ANSWER_LIMIT_MS} ms`)),
    () => 0,
  );
  const path = '/opnc/v1/cps/contractData/generateandsign';
  const answered = call(url, { method: 'PUT', path, body }).then(
    ({ status }) => status,
    () => 0,
  );
  try {
    return await Promise.race([answered, limit]);
  } finally {
    late.abort();
  }
}

/** Each contract that was acknowledged is there, with one event, one row in the audit log, and can be fetched. */
export async function expectNothingLost(store: Store, url: string, acknowledged: readonly string[]): Promise<void> {
  const { db } = store;
  const contracts = new Set((await db.selectFrom('contract').select('emaid').execute()).map(({ emaid }) => emaid));
  const audited = await db.selectFrom('audit').select('object').where('operation', '=', 'contract.store').execute();
  const events = await db.selectFrom('event').select('emaid').where('type', '=', 'oem.contract.created').execute();
  const countOf = (all: readonly (string | null)[]) => {
    const counts = new Map<string, number>();
    for (const each of all) if (each !== null) counts.set(each, (counts.get(each) ?? 0) + 1);
    return counts;
  };
  const [rows, told] = [countOf(audited.map(({ object }) => object)), countOf(events.map(({ emaid }) => emaid))];
  const found = (emaid: string) => ({ there: contracts.has(emaid), audited: rows.get(emaid), told: told.get(emaid) });
  const whole = { there: true, audited: 1, told: 1 };
  expect(acknowledged.filter((emaid) => JSON.stringify(found(emaid)) !== JSON.stringify(whole))).toEqual([]);
  // What was not acknowledged is there whole or not at all.
  for (const emaid of contracts) expect({ emaid, ...found(emaid) }).toEqual({ emaid, ...whole });
  const last = acknowledged.at(-1);
  const path = `/opnc/v1/ccp/contractData/emaid/${last}`;
  if (last !== undefined) expect((await call(url, { method: 'GET', path })).status).toBe(200);
}

/** What `/health/ready` says; 0 for nothing. */
export async function readiness(url: string): Promise<number> {
  try {
    return (await call(url, { method: 'GET', path: '/health/ready' })).status;
  } catch {
    return 0;
  }
}

/** 0 is for nobody there, which is not what a process says that waits for its database. */
export async function untilReadinessIs(url: string, status: number): Promise<void> {
  for (;;) {
    const answered = await readiness(url);
    if (answered === status) return;
    if (answered === 0) throw new Error('the server has gone');
    await wait(50);
  }
}
