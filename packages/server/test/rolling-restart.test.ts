/** Two replicas behind a proxy are replaced one after the other under load, and no client sees a failure. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenLocally } from '../../../tools/local-port.ts';
import { openStore } from '../src/store/store.ts';
import { expectNothingLost, untilReadinessIs, writeLoad } from './faults/write-load.ts';
import { dataFolder, kill, type ServedProcess, serve } from './served-process.ts';
import { eachDatabase } from './stores.ts';
import { register, startReceiver } from './webhook-receiver.ts';

const LONG_TEST_MS = 180_000;
const CHECK_EVERY_MS = 100;

/** As deploy/nginx.conf has it: asks nobody who is not ready, and asks the other one when a connection is refused. */
async function proxy(replicas: readonly (string | undefined)[]): Promise<string> {
  const ready = new Set<string>();
  const looking = setInterval(async () => {
    for (const url of replicas) {
      if (url === undefined) continue;
      const isReady = await fetch(`${url}/health/ready`).then(
        async (answer) => answer.ok && (await answer.text()) !== '',
        () => false,
      );
      if (isReady) ready.add(url);
      else ready.delete(url);
    }
  }, CHECK_EVERY_MS);
  let turn = 0;
  const server = createServer(async (incoming, outgoing) => {
    const body = Buffer.concat(await incoming.toArray());
    const forward = (left: number): void => {
      const candidates = replicas.filter((url) => url !== undefined && ready.has(url));
      const url = candidates[turn++ % candidates.length];
      if (url === undefined) {
        outgoing.writeHead(502).end();
        return;
      }
      const sent = request(url + incoming.url, {
        method: incoming.method ?? 'GET',
        headers: incoming.headers,
        agent: false,
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' && left > 0) forward(left - 1);
        else outgoing.writeHead(502).end();
      });
      sent.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      sent.end(body);
    };
    forward(2);
  });
  const port = await listenLocally(server);
  onTestFinished(async () => {
    clearInterval(looking);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  while (ready.size < replicas.length) await wait(CHECK_EVERY_MS);
  return `http://127.0.0.1:${port}`;
}

describe.each(eachDatabase())('on $kind', { timeout: LONG_TEST_MS }, ({ create }) => {
  test('ok/no request fails, and nothing is lost', async () => {
    const database = await create();
    onTestFinished(database.drop);
    const { location } = database;
    const data = 'dataDirectory' in location ? location.dataDirectory : await dataFolder();
    const env = {
      PLUGPOOL_DRAIN_SECONDS: '1',
      ...('databaseUrl' in location && { PLUGPOOL_DATABASE_URL: location.databaseUrl }),
    };
    const running: ServedProcess[] = [await serve(data, env), await serve(data, env)];
    const urls = running.map(({ url }) => url);
    const url = await proxy(urls);
    const receiver = await startReceiver();
    await register(url, { url: receiver.url, enabledEvents: ['oem.contract.created'] });
    const load = await writeLoad(url);
    for (const [place, old] of running.entries()) {
      await load.more(10);
      expect(await kill(old.process, 'SIGTERM')).toBe(0);
      const fresh = await serve(data, env);
      urls[place] = fresh.url;
      await untilReadinessIs(fresh.url, 200);
      await load.more(10);
    }
    await load.stop();
    expect(load.failures).toEqual([]);
    const store = await openStore(location);
    onTestFinished(store.close);
    await expectNothingLost(store, url, load.acknowledged);
  });
});
