/** Replicas whose clocks differ: contracts are made on one and installed from another, and each event is told under one id, in order. */
import { describe, expect, test } from 'vitest';
import { at, call } from '../dialects.ts';
import { generate } from '../fleet-files.ts';
import { publishedCar } from '../operations.ts';
import { eachServer } from '../running-server.ts';
import { eventually, register, startReceiver } from '../webhook-receiver.ts';
import { LONG_TEST_MS } from './rounds.ts';

const TEN_MINUTES_MS = 600_000;

describe.each(eachServer())('clocks that differ, on $kind', { timeout: LONG_TEST_MS }, ({ kind, start }) => {
  // Two connections to SQLite in one process wait for each other; replicas have PostgreSQL.
  test.skipIf(kind === 'sqlite')('ok/ten minutes before and behind', async () => {
    const right = await start();
    const early = await right.beside({}, { now: () => Date.now() - TEN_MINUTES_MS });
    const late = await right.beside({}, { now: () => Date.now() + TEN_MINUTES_MS });
    const replicas = [right, early, late];
    const receiver = await startReceiver();
    await register(right.url, { url: receiver.url, enabledEvents: ['oem.contract.created', 'oem.contract.deleted'] });
    // Certificates are valid from now on as whoever makes them sees it, so the car is made by the earliest.
    const { pcid } = await publishedCar(early.url);
    const emaids: string[] = [];
    for (let turn = 0; turn < 9; turn++) {
      const { status, emaid } = await generate(replicas[turn % 3]?.url ?? '', pcid);
      expect(status).toBe(201);
      emaids.push(emaid);
    }
    for (const [turn, emaid] of emaids.entries()) {
      const path = `/opnc/v1/ccp/signedcontractdata/${emaid}`;
      expect((await call(replicas[(turn + 1) % 3]?.url ?? '', { method: 'DELETE', path })).status).toBe(200);
    }
    // At least once: to a clock that is late, what another one has in hand looks as if nobody had it.
    const told = () => new Map(receiver.received.toReversed().map((event) => [event.eventId, event]));
    await eventually(() => expect(told().size).toBe(18));
    const first = receiver.received.filter((event) => told().get(event.eventId) === event);
    for (const emaid of emaids) {
      const types = first.filter(({ payload }) => at(payload, 'emaid') === emaid);
      expect(types.map(({ eventType }) => eventType)).toEqual(['oem.contract.created', 'oem.contract.deleted']);
    }
  });
});
