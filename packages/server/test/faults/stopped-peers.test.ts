/** Peers that hang, refuse, trickle or die in the middle of an answer, while vehicles are looked for and contracts made. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { call, opnc } from '../dialects.ts';
import { publishedCar } from '../operations.ts';
import { addPeer, falsePeer, nobody, removePeer, silence, trust } from '../peers.ts';
import { randomPcid } from '../roles.ts';
import { eachServer, type TestServer } from '../running-server.ts';
import { isWorthwhileOn, LONG_TEST_MS, rounds } from './rounds.ts';
import { readiness, writeLoad } from './write-load.ts';

/** All peers together have so long; a machine that is busy needs some of it for those that answer. */
const DEADLINE_MS = 4_000;
/** The breaker stays open so long. */
const OPEN_MS = 30_000;
/** Calls to one peer at the same time, at most. */
const MOST_CALLS = 64;
/** No answer may take this long, however busy the machine is. */
const HANGS_MS = 60_000;

type Answering = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A peer that hands everything to another one, until it is told to do something else. */
async function stoppable(home: string) {
  let open = 0;
  let most = 0;
  const honestly: Answering = async (request, response) => {
    const { method = 'GET', url = '' } = request;
    const answer = await fetch(`${home}${url}`, { method, headers: { broadcast: 'true' } });
    const body = await answer.text();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
  };
  let current: Answering = honestly;
  const peer = await falsePeer((request, response) => {
    open++;
    most = Math.max(most, open);
    response.on('close', () => open--);
    return current(request, response);
  });
  return {
    url: peer.url,
    asked: () => peer.asked.length,
    wasAskedFor: (pcid: string) => peer.asked.some(({ path }) => path.toUpperCase().includes(pcid.toUpperCase())),
    mostOpen: () => most,
    become(how: Answering) {
      current = how;
    },
    recover() {
      current = honestly;
    },
  };
}

const trickling: Answering = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const drip = setInterval(() => response.write(' '), 500);
  response.on('close', () => clearInterval(drip));
};
const dying: Answering = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"provisioningCertificate":', () => response.destroy());
};
const refusing: Answering = (_request, response) => response.writeHead(503).end('{}');

describe.each(eachServer())('peers that stop, on $kind', { timeout: LONG_TEST_MS }, ({ kind, start }) => {
  /** Stands still, so that a breaker stays open; set on when a car was made, which is not valid before. */
  let now = Date.now();
  let here: TestServer;
  let home: TestServer;
  beforeAll(async () => {
    here = await start({ clock: { now: () => now }, peerDeadlineMs: DEADLINE_MS });
    home = await start();
    await trust(here, [home]);
  });

  async function looked(pcid: string): Promise<number> {
    const started = performance.now();
    const { status } = await call(here.url, opnc.vehicle(pcid));
    expect(performance.now() - started).toBeLessThan(HANGS_MS);
    return status;
  }
  const lookedForUnknown = (count: number) =>
    Promise.all(Array.from({ length: count }, () => looked(randomPcid()))).then((statuses) => new Set(statuses));

  test.runIf(isWorthwhileOn(kind))('ok/more look at once than a peer is asked: they wait for their turn', async () => {
    const patient = await here.beside({ peerDeadlineMs: HANGS_MS });
    const good = await stoppable(home.url);
    const id = await addPeer(patient, good.url);
    const { pcid } = await publishedCar(home.url);
    now = Date.now();
    const looks = Array.from({ length: 3 * MOST_CALLS }, () => call(patient.url, opnc.vehicle(pcid)));
    expect(new Set((await Promise.all(looks)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(good.mostOpen()).toBeLessThanOrEqual(MOST_CALLS);
    await removePeer(patient, id);
  });

  test.runIf(isWorthwhileOn(kind))(
    `ok/good answers come, nothing hangs, those that fail are left alone and asked again, ${rounds} times`,
    async () => {
      const abroad = [await publishedCar(home.url), await publishedCar(home.url)];
      now = Date.now();
      const ours = await publishedCar(here.url);
      const broken: readonly [Answering, Awaited<ReturnType<typeof stoppable>>][] = [
        [silence, await stoppable(home.url)],
        [trickling, await stoppable(home.url)],
        [dying, await stoppable(home.url)],
        [refusing, await stoppable(home.url)],
      ];
      await addPeer(here, await nobody(), { priority: 1 });
      for (const [, { url }] of broken) await addPeer(here, url, { priority: 2 });
      const good = await stoppable(home.url);
      await addPeer(here, good.url, { priority: 3 });
      // Good answers have time, for the machine may be busy; `here` is to lose its patience with the others.
      const patient = await here.beside({ peerDeadlineMs: HANGS_MS });
      const load = await writeLoad(here.url, 2);

      for (let round = 0; round < rounds; round++) {
        for (const [how, peer] of broken) peer.become(how);
        // The one that knows is behind those that do not answer.
        for (const { pcid } of abroad) expect((await call(patient.url, opnc.vehicle(pcid))).status).toBe(200);
        // More at once than a peer is ever asked; what is ours is found meanwhile.
        const unknown = lookedForUnknown(2 * MOST_CALLS);
        for (let turn = 0; turn < 10; turn++) expect(await looked(ours.pcid)).toBe(200);
        expect(await unknown).toEqual(new Set([404]));
        expect(await readiness(here.url)).toBe(200);

        // Now they are left alone, and cost nothing.
        const pcids = Array.from({ length: 10 }, () => randomPcid());
        expect(new Set(await Promise.all(pcids.map(looked)))).toEqual(new Set([404]));
        for (const pcid of pcids)
          expect(broken.map(([, peer]) => peer.wasAskedFor(pcid))).toEqual(broken.map(() => false));

        // Once their time is over each is asked, and is one of us again.
        for (const [, peer] of broken) peer.recover();
        let closed: boolean;
        do {
          now += OPEN_MS;
          // One call is let through; when it is answered, the next is too.
          await looked(randomPcid());
          const then = broken.map(([, { asked }]) => asked());
          await looked(randomPcid());
          closed = broken.every(([, { asked }], index) => asked() > (then[index] ?? 0));
        } while (!closed);
      }
      await load.stop();
      expect(load.failures).toEqual([]);
      for (const [, { mostOpen }] of broken) expect(mostOpen()).toBeLessThanOrEqual(MOST_CALLS);
    },
  );
});
