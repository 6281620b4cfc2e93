import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { startEcosystem } from '../compose.ts';
import { OPNC_PREFIX } from '../dialects/opnc/routes.ts';
import { QUICK_START_PREFIX } from '../dialects/quickstart/routes.ts';
import { SettingsError } from '../given-options.ts';
import { systemClock } from '../kernel/clock.ts';
import { type LiveSettings, liveSettings, reloadedOptions } from '../live-settings.ts';
import { createLogger, switchLevel } from '../observe/logger.ts';
import { serveOptions } from '../serve-options.ts';
import type { Settings } from '../settings.ts';
import type { Io } from './io.ts';

export const usage = `Usage: plugpool serve [OPTIONS]

Runs the ecosystem: pools, provisioning service and PKI over HTTP.

${Object.entries(serveOptions)
  .map(([name, { placeholder, help, environment }]) => {
    return `  ${`--${name} ${placeholder}`.padEnd(24)} ${help}\n${' '.repeat(27)}${environment.join(', ')}`;
  })
  .join('\n')}

Flags go before environment variables, and those before the file. On SIGHUP the file is read again, and these options are in
force at once: ${Object.keys(reloadedOptions).join(', ')}.`;

const SHUTDOWN_LIMIT_MS = 6_000;
const LINGER_MS = 500;

/** Serves until SIGTERM or SIGINT; 0 when it ended in order, 1 when it could not start. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let live: LiveSettings;
  try {
    live = liveSettings(argv, io.env, (text) => io.stderr.write(`plugpool: ${text}\n`), checkPersons);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    io.stderr.write(`plugpool: ${error.message}\n`);
    return 2;
  }
  const { settings } = live;
  warnOfOpenDoor(settings, io);
  const logger = createLogger(settings.logLevel);
  process.on('SIGUSR2', () => switchLevel(logger, settings.logLevel));
  // Where there is a terminal, the signal says that it is closed.
  if (!process.stdin.isTTY) process.on('SIGHUP', () => readAgain(live, logger));
  try {
    const running = await startEcosystem(settings, { clock: systemClock, logger });
    io.stdout.write(welcome(running.url, settings));
    await untilToldToStop();
    running.announceEnd();
    await wait(settings.drainSeconds * 1000);
    const code = await within(SHUTDOWN_LIMIT_MS, running.close());
    endSoon(code);
    return code;
  } catch (error) {
    io.stderr.write(`plugpool: cannot start: ${reasonOf(error, settings)}\n`);
    return 1;
  }
}

/** What cannot be used changes nothing, and what needs a restart is named. */
function readAgain({ settings, reload }: LiveSettings, logger: Logger): void {
  const { logLevel } = settings;
  try {
    const { changed, needRestart } = reload();
    if (settings.logLevel !== logLevel) logger.level = settings.logLevel;
    logger.info({ changed }, 'the configuration was read again');
    if (needRestart.length > 0) logger.warn({ options: needRestart }, 'changed options need a restart');
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    logger.error({ reason: error.message }, 'the configuration cannot be used, the one before stays in force');
  }
}

/** Where nobody is asked who he is, nobody can be somebody else. Throws `SettingsError`. */
function checkPersons({ approvals, auth }: Settings): void {
  if (approvals !== undefined && auth === 'none') {
    throw new SettingsError('"approvals": two-person needs --auth oauth2, or nobody can be told from somebody else');
  }
}

function warnOfOpenDoor({ host, auth }: Settings, io: Io): void {
  if (auth !== 'none') return;
  if (['127.0.0.1', 'localhost', '::1'].includes(host)) return;
  io.stderr.write(`plugpool: listening on ${host} without authentication: whoever reaches it may do everything\n`);
}

function welcome(url: string, { location, auth }: Settings): string {
  const data = 'databaseUrl' in location ? 'PostgreSQL' : location.dataDirectory;
  const who =
    auth === 'none'
      ? 'No authentication: everybody who reaches it may do everything.'
      : 'Parties show access tokens (`plugpool help party`), operators sign in to the console (`plugpool help operator`).';
  const tokens = auth === 'none' ? '' : `\n  tokens       ${url}/oauth/token`;
  return `
plugpool is ready. ${who}

  console      ${url}/console
  OPNC         ${url}${OPNC_PREFIX}
  OPCP 1.0     ${url}/v1
  quick start  ${url}${QUICK_START_PREFIX}
  EST          ${url}/.well-known/est/{oem,mo,cpo,cps,veh}
  documents    ${url}/docs
  health       ${url}/health/ready${tokens}
  data         ${data}

See a car get its contract:  npx plugpool demo ${url}

`;
}

function untilToldToStop(): Promise<void> {
  return new Promise((stop) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop());
  });
}

/** 0 when the work ends in time; whatever hangs on must not keep the process. */
async function within(milliseconds: number, work: Promise<void>): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(1), milliseconds);
  });
  try {
    return await Promise.race([work.then(() => 0), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What nobody waits for any more, such as traces for a collector that is away, does not keep the process. */
function endSoon(code: number): void {
  setTimeout(() => process.exit(code), LINGER_MS).unref();
}

function reasonOf(error: unknown, { host, port }: Settings): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') {
    return `port ${port} on ${host} is in use; choose another with --port`;
  }
  return error.message === '' && error.cause instanceof Error ? error.cause.message : error.message || error.name;
}
