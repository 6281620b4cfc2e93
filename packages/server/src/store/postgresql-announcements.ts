/** LISTEN and NOTIFY: what one process tells all that are connected to the same database. */
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';

const RECONNECT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;

export interface Listening {
  /** Lower case letters and underscores. */
  readonly topic: string;
  readonly heard: () => void;
  /** Hears of a connection that broke; there is another one a second later. */
  readonly lost: (error: Error) => void;
}

/**
 * On a connection of its own, which is made again as often as it breaks. Returns what ends it.
 * @param urls of the servers; a standby refuses to listen, so they are tried in turn
 */
export function listen(urls: readonly string[], { topic, heard, lost }: Listening): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function session(connectionString: string): Promise<void> {
    const client = new Client({
      connectionString,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'plugpool',
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', lost);
    client.on('notification', heard);
    const end = () => void client.end().catch(lost);
    signal.addEventListener('abort', end, { once: true });
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(topic)}`);
      // What was announced while nobody listened is found by looking.
      heard();
      await ended;
    } finally {
      signal.removeEventListener('abort', end);
      await client.end();
    }
  }

  async function run(): Promise<void> {
    for (let round = 0; !signal.aborted; round++) {
      try {
        await session(urls[round % urls.length] ?? '');
      } catch (error) {
        if (!signal.aborted) lost(error instanceof Error ? error : new Error(String(error)));
      }
      if (!signal.aborted) await pause(signal);
    }
  }

  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}

async function pause(signal: AbortSignal): Promise<void> {
  await wait(RECONNECT_MS, undefined, { signal, ref: false }).catch((error) => {
    if (!signal.aborted) throw error;
  });
}
