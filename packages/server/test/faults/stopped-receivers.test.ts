/** Webhook receivers that never answer, answer an octet a second, refuse, or are gone, while contracts are made. */
import type { ServerResponse } from 'node:http';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../../../../tools/local-port.ts';
import { eachServer, type TestServer } from '../running-server.ts';
import { type Receiver, register, startReceiver, status } from '../webhook-receiver.ts';
import { isLongForm, LONG_TEST_MS } from './rounds.ts';
import { expectNothingLost, readiness, writeLoad } from './write-load.ts';

const CONTRACTS = isLongForm ? 300 : 10;
const RETRY_MS = 3_600_000;
/** More than the retry and its jitter. */
const LATER_MS = 1.2 * RETRY_MS;
/** One endpoint is sent so many at the same time, and no more. */
const AT_ONCE = 8;
const enabledEvents = ['oem.contract.created'];

/** A receiver that can stop working as a test wants it, and knows what it has taken. */
interface Stoppable {
  readonly receiver: Receiver;
  /** Event ids that were answered 2xx. */
  readonly taken: string[];
  /** The most requests that were open at the same time. */
  readonly mostOpen: () => number;
  stop(how: (response: ServerResponse) => void): void;
  /** Ends what is open as a restart does, and takes what comes. */
  resume(): void;
}

async function stoppable(port = 0): Promise<Stoppable> {
  const open = new Set<ServerResponse>();
  const taken: string[] = [];
  let most = 0;
  const receiver = await startReceiver(undefined, port);
  const take = () => {
    receiver.answer((one, response) => {
      taken.push(one.eventId);
      status(204)(one, response);
    });
  };
  take();
  return {
    receiver,
    taken,
    mostOpen: () => most,
    stop(how) {
      receiver.answer((_one, response) => {
        open.add(response);
        response.on('close', () => open.delete(response));
        most = Math.max(most, open.size);
        how(response);
      });
    },
    resume() {
      take();
      for (const response of open) response.destroy();
    },
  };
}

/** However busy the disk is. */
const inTheEnd = <T>(holds: () => T | Promise<T>) => vi.waitFor(holds, { timeout: LONG_TEST_MS, interval: 50 });

const silently = () => undefined;
function slowly(response: ServerResponse): void {
  response.writeHead(200);
  const drip = setInterval(() => response.write('.'), 1_000);
  response.on('close', () => clearInterval(drip));
}
const refusing = (response: ServerResponse) => void response.writeHead(503).end();

describe.each(eachServer())('receivers that stop, on $kind', { timeout: LONG_TEST_MS }, ({ start }) => {
  let server: TestServer;
  let now = Date.now();
  beforeAll(async () => {
    server = await start({ clock: { now: () => now } });
  });

  const counted = async (before: number) => {
    const { n } = await server.store.db
      .selectFrom('webhook_delivery')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('state', '=', 'pending')
      .where('due_at', '<=', before)
      .executeTakeFirstOrThrow();
    return Number(n);
  };

  const timedOut = async () => {
    const { n } = await server.store.db
      .selectFrom('webhook_delivery')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('last_answer', '=', 'it did not answer in time')
      .executeTakeFirstOrThrow();
    return Number(n);
  };

  test('ok/others hear at once, the API goes on, and each event is taken once when they are back', async () => {
    const working = await startReceiver();
    const [silent, slow, refuses] = [await stoppable(), await stoppable(), await stoppable()];
    const deadPort = await freePort();
    for (const { url } of [working, silent.receiver, slow.receiver, refuses.receiver]) {
      await register(server.url, { url, enabledEvents });
    }
    await register(server.url, { url: `http://127.0.0.1:${deadPort}`, enabledEvents });
    silent.stop(silently);
    slow.stop(slowly);
    refuses.stop(refusing);
    const load = await writeLoad(server.url);
    await load.more(CONTRACTS);
    await load.stop();
    expect(load.failures).toEqual([]);
    const { acknowledged } = load;
    // Whoever works is told while the others are away.
    const heard = () => new Set(working.received.map(({ eventId }) => eventId));
    await inTheEnd(() => expect(heard().size).toBe(acknowledged.length));
    expect(await readiness(server.url)).toBe(200);
    // Attempts that have no answer end by themselves.
    if (isLongForm) await inTheEnd(async () => expect(await timedOut()).toBeGreaterThanOrEqual(2 * AT_ONCE));
    for (const each of [silent, slow, refuses]) each.resume();
    await untilAllWaits();
    for (const { mostOpen } of [silent, slow]) expect(mostOpen()).toBeLessThanOrEqual(AT_ONCE);

    const revived = await stoppable(deadPort);
    now += LATER_MS;
    const sorted = (ids: readonly string[]) => ids.toSorted();
    const events = await server.store.db
      .selectFrom('event')
      .select('id')
      .where('type', '=', 'oem.contract.created')
      .execute();
    const all = sorted(events.map(({ id }) => id));
    expect(all).toHaveLength(acknowledged.length);
    await inTheEnd(async () => expect(await counted(Number.MAX_SAFE_INTEGER)).toBe(0));
    expect(sorted(working.received.map(({ eventId }) => eventId))).toEqual(all);
    for (const { taken } of [silent, slow, refuses, revived]) expect(sorted(taken)).toEqual(all);
    await expectNothingLost(server.store, server.url, acknowledged);
  });

  /** Nothing is under way, and nothing could be: what has failed is to be repeated in an hour. */
  function untilAllWaits(): Promise<void> {
    return inTheEnd(async () => expect(await counted(now + RETRY_MS / 2)).toBe(0));
  }
});
