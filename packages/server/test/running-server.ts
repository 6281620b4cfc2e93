/** A whole server on a free port, on each database at hand. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { freePort } from '../../../tools/local-port.ts';
import { startEcosystem } from '../src/compose.ts';
import type { Clock } from '../src/kernel/clock.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { createLogger } from '../src/observe/logger.ts';
import type { Settings } from '../src/settings.ts';
import type { Store } from '../src/store/store.ts';
import { openStore } from '../src/store/store.ts';
import { type DatabaseKind, eachDatabase, type TestDatabase } from './stores.ts';

export interface TestServer {
  readonly url: string;
  /** A handle of its own on the server's database, to see what is stored. */
  readonly store: Store;
  /** Another process on the same data, configured in another way. */
  beside(settings: Partial<Settings>, clock?: Clock): Promise<TestServer>;
  /** Ends the process's part and starts it again on the same data. */
  restart(): Promise<TestServer>;
}

export interface ServerKind {
  readonly kind: DatabaseKind['kind'];
  /** `ownPublicUrl`: certificates name the address under which the server is really found. */
  start(options?: StartOptions): Promise<TestServer>;
}

export interface StartOptions
  extends Partial<
    Pick<
      Settings,
      | 'revocation'
      | 'allowPrivateTargets'
      | 'auth'
      | 'tokenAudiences'
      | 'outsideIssuer'
      | 'operatorIssuer'
      | 'operatorSessions'
      | 'limits'
      | 'approvals'
      | 'tokenLifetimeSeconds'
      | 'tls'
      | 'webhookRetrySeconds'
      | 'peers'
      | 'peerDeadlineMs'
      | 'publicUrl'
      | 'metricsPort'
      | 'metricsToken'
      | 'keyLocations'
      | 'tracing'
    >
  > {
  readonly clock?: Clock;
  readonly ownPublicUrl?: boolean;
  /** Gets each line of the log, at the most talkative level; without it nothing is logged. */
  readonly logged?: (line: string) => void;
}

/** For suites over HTTP. Servers started are closed, and their databases dropped, after the file's last test. */
export function eachServer(): ServerKind[] {
  const cleanUps: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });
  return eachDatabase().map(({ kind, create }) => ({
    kind,
    async start({ clock = systemClock, ownPublicUrl = false, logged, ...settings } = {}) {
      const database = await create();
      const dataDirectory = await mkdtemp(join(tmpdir(), 'plugpool-server-'));
      cleanUps.push(database.drop, () => rm(dataDirectory, { recursive: true, force: true }));
      const port = ownPublicUrl ? await freePort() : 0;
      return await running({ database, dataDirectory, clock, port, logged, settings }, cleanUps);
    },
  }));
}

interface Given {
  readonly database: TestDatabase;
  readonly dataDirectory: string;
  readonly clock: Clock;
  /** 0 for any. */
  readonly port: number;
  readonly logged: StartOptions['logged'];
  readonly settings: Partial<Settings>;
}

async function running(given: Given, cleanUps: (() => Promise<unknown>)[]): Promise<TestServer> {
  const { database, dataDirectory, clock, port, logged } = given;
  const settings: Settings = {
    host: '127.0.0.1',
    port,
    publicUrl: `http://127.0.0.1:${port === 0 ? 8080 : port}`,
    location: database.location,
    dataDirectory,
    logLevel: 'silent',
    auth: 'none',
    tokenAudiences: [],
    auditRetentionDays: 0,
    limits: { requestsPerSecond: 0, failuresPerMinute: 0 },
    tokenLifetimeSeconds: 86_400,
    bodyLimit: 256 * 1024,
    revocation: 'soft-fail',
    allowPrivateTargets: true,
    peers: [],
    peerDeadlineMs: 3000,
    webhookRetrySeconds: 3600,
    cleanseHours: 0,
    drainSeconds: 0,
    eventRetentionDays: 30,
    ...given.settings,
  };
  const logger = logged === undefined ? createLogger('silent') : createLogger('trace', { write: logged });
  const ecosystem = await startEcosystem(settings, { clock, logger });
  const store = await openStore(database.location);
  let closing: Promise<unknown> | undefined;
  const close = () => {
    closing ??= Promise.all([ecosystem.close(), store.close()]);
    return closing;
  };
  cleanUps.push(close);
  return {
    url: ecosystem.url,
    store,
    beside: (settings, clock = given.clock) =>
      running({ ...given, port: 0, clock, settings: { ...given.settings, ...settings } }, cleanUps),
    async restart() {
      await close();
      return await running(given, cleanUps);
    },
  };
}
