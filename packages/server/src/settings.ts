/** What the options become: settings that are whole and fit together, or one line that says what does not. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OutsideIssuerSettings } from './access/access.ts';
import type { OperatorIssuerSettings, SessionTimes } from './access/operators/operators.ts';
import type { ApprovalSettings } from './approvals/approvals.ts';
import type { PeerDescription } from './federation/peer.ts';
import { PeerSettingsError, peersOf } from './federation/peer-settings.ts';
import {
  type Environment,
  type Gathered,
  type Given,
  gather,
  SettingsError,
  warnOfUnknownVariables,
} from './given-options.ts';
import { DEFAULT_BODY_LIMIT } from './http/body-limit.ts';
import type { TlsFiles } from './http/tls.ts';
import { operatorSettings, outsideSettings } from './issuer-settings.ts';
import { type KeyLocations, parseKeyRules, type TokenSettings } from './keys/key-store.ts';
import { LOG_LEVELS, type LogLevel } from './observe/log-levels.ts';
import { PROTOCOLS, SAMPLERS, type TracingSettings } from './observe/tracing-settings.ts';
import { integer, listOf, oneOf, ratio, url } from './option-values.ts';
import type { LimitSettings } from './protocols/oauth/limits.ts';
import { REVOCATION_POLICIES, type RevocationPolicy } from './revocation/revocation-checks.ts';
import { hostsOf } from './store/postgresql-hosts.ts';
import type { StoreLocation } from './store/store.ts';

export interface Settings {
  readonly host: string;
  readonly port: number;
  /** Under which clients reach the server; stands in certificates. No slash at the end. */
  readonly publicUrl: string;
  readonly location: StoreLocation;
  /** Holds the embedded database and the key file. */
  readonly dataDirectory: string;
  readonly masterSecret?: string;
  /** Where keys of authorities are made, and the token that may hold them; the database where it is left out. */
  readonly keyLocations?: KeyLocations;
  /** The part of its validity with which an authority gets a successor; 0 for never. A fifth where it is left out. */
  readonly rolloverPart?: number;
  readonly logLevel: LogLevel;
  /** Bytes. */
  readonly bodyLimit: number;
  /** What an unknown status of a foreign certificate means. */
  readonly revocation: RevocationPolicy;
  /** Whether requests to others may reach addresses of this machine and its network. */
  readonly allowPrivateTargets: boolean;
  /** `none`: everybody may do everything. */
  readonly auth: 'none' | 'oauth2';
  /** Audiences of access tokens besides the public URL. */
  readonly tokenAudiences: readonly string[];
  readonly tokenLifetimeSeconds: number;
  /** HTTPS with these; HTTP where it is left out. */
  readonly tls?: TlsFiles;
  /** How long rows of the audit log are kept; 0 for ever. */
  readonly auditRetentionDays: number;
  /** Where another operator has to approve what trust depends on. */
  readonly approvals?: ApprovalSettings;
  readonly limits: LimitSettings;
  /** Whose access tokens count besides ours. */
  readonly outsideIssuer?: OutsideIssuerSettings;
  /** Where the metrics are served instead of on `port`; undefined for there. */
  readonly metricsPort?: number;
  /** Whoever shows it may read the metrics. */
  readonly metricsToken?: string;
  /** Where traces are sent; nowhere where it is left out. */
  readonly tracing?: TracingSettings;
  /** Where operators may sign in to the console besides their accounts here. */
  readonly operatorIssuer?: OperatorIssuerSettings;
  /** Half an hour unused and twelve hours at all where it is left out. */
  readonly operatorSessions?: SessionTimes;
  /** Ecosystems that are asked for what is unknown here, besides those that operators add. */
  readonly peers: readonly PeerDescription[];
  /** For all of them together. */
  readonly peerDeadlineMs: number;
  /** Between two attempts to deliver a webhook. */
  readonly webhookRetrySeconds: number;
  /** Between two cleansings of the pools; 0 for none but those that somebody asks for. */
  readonly cleanseHours: number;
  /** Between the signal to end and the end. */
  readonly drainSeconds: number;
  /** How long events are kept that nobody waits for. */
  readonly eventRetentionDays: number;
}

/** Throws `SettingsError`. `warn` hears of `PLUGPOOL_…` variables that mean nothing. */
export function readSettings(
  argv: readonly string[],
  environment: Environment,
  warn: (text: string) => void,
): Settings {
  const { given, describedPeers } = gather(argv, environment);
  warnOfUnknownVariables(environment, warn);
  const auth = oneOf(given('auth'), ['none', 'oauth2'], 'none');
  const dataDirectory = resolve(given('data')?.value ?? 'data');
  const port = integer(given('port'), 8080, 0, 65_535);
  const host = given('host')?.value ?? '127.0.0.1';
  const masterSecret = given('master-secret')?.value;
  const tls = tlsSettings(given('tls-certificate'), given('tls-key'));
  const publicUrl =
    url(given('public-url'), ['http:', 'https:'])?.replace(/\/+$/, '') ??
    `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  return {
    host,
    port,
    publicUrl,
    ...(tls && { tls }),
    location: locationOf(given('database-url'), dataDirectory),
    dataDirectory,
    ...(masterSecret !== undefined && { masterSecret }),
    ...keySettings(given),
    logLevel: oneOf(given('log-level'), LOG_LEVELS, 'info'),
    bodyLimit: integer(given('body-limit'), DEFAULT_BODY_LIMIT, 1024, 64 * 1024 * 1024),
    revocation: oneOf(given('revocation'), REVOCATION_POLICIES, 'soft-fail'),
    allowPrivateTargets:
      oneOf(given('allow-private-targets'), ['true', 'false'], auth === 'none' ? 'true' : 'false') === 'true',
    auth,
    ...approvalSettings(given),
    auditRetentionDays: integer(given('audit-retention'), 0, 0, 36_500),
    limits: {
      requestsPerSecond: integer(given('rate-limit'), 0, 0, 1_000_000),
      failuresPerMinute: integer(given('failure-limit'), 600, 0, 1_000_000),
    },
    ...outsideSettings(given, publicUrl),
    ...operatorSettings(given),
    tokenAudiences: listOf(given('token-audiences')),
    tokenLifetimeSeconds: integer(given('token-lifetime'), 86_400, 60, 30 * 86_400),
    drainSeconds: integer(given('drain-seconds'), 0, 0, 3_600),
    cleanseHours: integer(given('cleanse-hours'), 24, 0, 8_760),
    eventRetentionDays: integer(given('event-retention'), 30, 1, 36_500),
    ...metricsSettings(given),
    ...tracingSettings(given),
    peers: peerSettings(given('peer'), describedPeers),
    peerDeadlineMs: integer(given('peer-deadline-ms'), 3000, 1, 60_000),
    webhookRetrySeconds: integer(given('webhook-retry-seconds'), 3600, 0, 7 * 86_400),
  };
}

const HOUR_MS = 3_600_000;

function approvalSettings(given: Gathered['given']): Pick<Settings, 'approvals'> {
  const hours = integer(given('approval-hours'), 72, 1, 8_760);
  const mode = oneOf(given('approvals'), ['none', 'two-person'], 'none');
  return mode === 'none' ? {} : { approvals: { expiresAfterMs: hours * HOUR_MS } };
}

function keySettings(given: Gathered['given']): Pick<Settings, 'keyLocations' | 'rolloverPart'> {
  const rules = given('keys');
  const token = tokenSettings(given);
  const rollover = given('rollover');
  if (token === undefined && rules?.value.includes('=pkcs11')) {
    throw new SettingsError(`${rules.source}: keys in a token need pkcs11-module, pkcs11-token and a PIN`);
  }
  return {
    ...((rules ?? token) && { keyLocations: { rules: rules === undefined ? [] : keyRules(rules), token } }),
    ...(rollover && { rolloverPart: integer(rollover, 20, 0, 90) / 100 }),
  };
}

const SHORTEST_TOKEN = 16;

function metricsSettings(given: Gathered['given']): Pick<Settings, 'metricsPort' | 'metricsToken'> {
  const port = given('metrics-port');
  const token = given('metrics-token');
  if (token !== undefined && !/^[A-Za-z0-9._~+/-]+=*$/.test(token.value)) {
    throw new SettingsError(`${token.source}: must be letters, digits and ._~+/- only, to be shown as a bearer token`);
  }
  if (token !== undefined && token.value.length < SHORTEST_TOKEN) {
    throw new SettingsError(`${token.source}: must have ${SHORTEST_TOKEN} characters at least`);
  }
  return {
    ...(port && { metricsPort: integer(port, 0, 0, 65_535) }),
    ...(token && { metricsToken: token.value }),
  };
}

/** OpenTelemetry's variables may stand there for other programs: what is wrong with them counts only where there is a collector. */
function tracingSettings(given: Gathered['given']): Pick<Settings, 'tracing'> {
  const protocols = ['http:', 'https:'];
  const exact = url(given('otlp-traces-endpoint'), protocols);
  const base = url(given('otlp-endpoint'), protocols);
  const target = exact ?? (base && `${base.replace(/\/+$/, '')}/v1/traces`);
  if (target === undefined || oneOf(given('traces-disabled'), ['true', 'false'], 'false') === 'true') return {};
  if (oneOf(given('traces-exporter'), ['otlp', 'none'], 'otlp') === 'none') return {};
  const serviceName = given('service-name')?.value;
  return {
    tracing: {
      url: target,
      protocol: oneOf(given('otlp-protocol'), PROTOCOLS, 'http/protobuf'),
      ...(serviceName !== undefined && { serviceName }),
      sampler: oneOf(given('traces-sampler'), SAMPLERS, 'parentbased_always_on'),
      ratio: ratio(given('traces-sampler-arg')),
      delayMs: integer(given('traces-delay'), 5_000, 1, 600_000),
    },
  };
}

function peerSettings(list: Given | undefined, described: Gathered['describedPeers']): readonly PeerDescription[] {
  try {
    return peersOf(list?.value, described.value);
  } catch (error) {
    if (!(error instanceof PeerSettingsError)) throw error;
    throw new SettingsError(`${list?.source ?? described.source}: ${error.message}`);
  }
}

function keyRules({ value, source }: Given) {
  try {
    return parseKeyRules(value);
  } catch (error) {
    if (error instanceof RangeError) throw new SettingsError(`${source}: ${error.message}`);
    throw error;
  }
}

function tokenSettings(given: Gathered['given']): TokenSettings | undefined {
  const module = given('pkcs11-module');
  if (module === undefined) return undefined;
  const token = given('pkcs11-token')?.value;
  const file = given('pkcs11-pin-file');
  const pin = given('pkcs11-pin')?.value ?? (file && firstLine(file));
  if (token !== undefined && pin !== undefined) return { module: module.value, token, pin };
  throw new SettingsError(`${module.source}: a token needs pkcs11-token, and pkcs11-pin or pkcs11-pin-file`);
}

function firstLine({ value: path, source }: Given): string {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/)[0] ?? '';
  } catch (error) {
    throw new SettingsError(`${source}: ${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Where the data is, for commands that need nothing else. Throws `SettingsError`. */
export function readLocation(
  options: { data?: string | undefined; databaseUrl?: string | undefined },
  environment: Environment,
) {
  const argv = [
    ...(options.data === undefined ? [] : [`--data=${options.data}`]),
    ...(options.databaseUrl === undefined ? [] : [`--database-url=${options.databaseUrl}`]),
  ];
  return readSettings(argv, environment, () => undefined).location;
}

function locationOf(databaseUrl: Given | undefined, dataDirectory: string): StoreLocation {
  if (databaseUrl === undefined) return { dataDirectory };
  const { source, value } = databaseUrl;
  for (const server of hostsOf(value)) url({ source, value: server }, ['postgres:', 'postgresql:']);
  return { databaseUrl: value };
}

function tlsSettings(certificate: Given | undefined, key: Given | undefined): TlsFiles | undefined {
  if (certificate !== undefined && key !== undefined) return { certificate: certificate.value, key: key.value };
  const alone = certificate ?? key;
  if (alone !== undefined) throw new SettingsError(`${alone.source}: HTTPS needs tls-certificate and tls-key`);
  return undefined;
}
