import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readSettings } from './settings.ts';

const read = (argv: string[], environment: Record<string, string> = {}) => {
  const warnings: string[] = [];
  const settings = readSettings(argv, environment, (text) => warnings.push(text));
  return { ...settings, warnings };
};

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function file(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-settings-'));
  folders.push(folder);
  const path = join(folder, 'plugpool.json');
  await writeFile(path, content);
  return path;
}

describe('settings', () => {
  test('ok/defaults', () => {
    expect(read([])).toEqual({
      host: '127.0.0.1',
      port: 8080,
      publicUrl: 'http://127.0.0.1:8080',
      location: { dataDirectory: resolve('data') },
      dataDirectory: resolve('data'),
      logLevel: 'info',
      bodyLimit: 262_144,
      revocation: 'soft-fail',
      allowPrivateTargets: true,
      auth: 'none',
      tokenAudiences: [],
      auditRetentionDays: 0,
      limits: { requestsPerSecond: 0, failuresPerMinute: 600 },
      tokenLifetimeSeconds: 86_400,
      peers: [],
      peerDeadlineMs: 3000,
      webhookRetrySeconds: 3600,
      cleanseHours: 24,
      drainSeconds: 0,
      eventRetentionDays: 30,
      warnings: [],
    });
  });

  test('ok/traces by the variables of OpenTelemetry', () => {
    const base = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };
    const tracing = {
      url: 'http://collector:4318/v1/traces',
      protocol: 'http/protobuf',
      sampler: 'parentbased_always_on',
      ratio: 1,
      delayMs: 5000,
    };
    expect(read([], base)).toMatchObject({ tracing, warnings: [] });
    const exact = { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/in' };
    expect(read([], exact).tracing?.url).toBe('https://traces.example/in');
    const sampler = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25', OTEL_SERVICE_NAME: 'pool' };
    const sampled = { sampler: 'traceidratio', ratio: 0.25, serviceName: 'pool' };
    expect(read([], { ...base, ...sampler }).tracing).toEqual({ ...tracing, ...sampled });
    expect(read([], { ...base, OTEL_SDK_DISABLED: 'true' }).tracing).toBeUndefined();
    expect(read([], { ...base, OTEL_TRACES_EXPORTER: 'none' }).tracing).toBeUndefined();
    // Meant for somebody else.
    expect(
      read([], { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER: 'jaeger_remote' }).tracing,
    ).toBeUndefined();
  });

  test.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'must be one of http/protobuf, http/json'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote', 'must be one of always_on'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'must be a number from 0 to 1'],
    ['OTEL_BSP_SCHEDULE_DELAY', 'soon', 'must be a whole number'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317', 'must be a URL'],
  ])('fail/%s=%s where traces are sent', (name, value, why) => {
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', [name]: value };
    expect(() => read([], environment)).toThrow(why);
  });

  test('ok/flags before environment before file', async () => {
    const config = await file('{"port": 1, "host": "::1", "log-level": "warn"}');
    const settings = read(['--port', '3'], { PLUGPOOL_CONFIG: config, PORT: '2', HOST: '0.0.0.0' });
    expect(settings).toMatchObject({ port: 3, host: '0.0.0.0', logLevel: 'warn', publicUrl: 'http://127.0.0.1:3' });
  });

  test('ok/peers by flags in place of the environment, as the file describes them', async () => {
    const config = await file(
      '{"peers": [{"baseUrl": "https://one.example/", "dialect": "opcp", "clientId": "a", "clientSecret": "b"}, "https://two.example"]}',
    );
    const urls = (settings: ReturnType<typeof read>) => settings.peers.map(({ baseUrl }) => baseUrl);
    expect(urls(read(['--config', config]))).toEqual(['https://one.example', 'https://two.example']);
    const flags = ['--config', config, '--peer', 'https://three.example', '--peer', 'https://one.example'];
    const settings = read(flags, { PLUGPOOL_PEERS: 'https://four.example', PLUGPOOL_PEER_DEADLINE_MS: '200' });
    expect(settings).toMatchObject({
      peerDeadlineMs: 200,
      peers: [
        { baseUrl: 'https://three.example', dialect: 'opnc', roles: ['rcp', 'pcp', 'ccp'], priority: 100 },
        { baseUrl: 'https://one.example', dialect: 'opcp', credentials: { clientId: 'a', clientSecret: 'b' } },
      ],
    });
  });

  test.each([
    ['no list', '{"peers": {}}', 'must be a list'],
    ['an unknown field', '{"peers": [{"baseUrl": "https://one.example", "x": 1}]}', '[0].x means nothing'],
    ['no URL', '{"peers": ["https://one.example", {}]}', '[1].baseUrl must be an http or https URL'],
    ['half a credential', '{"peers": [{"baseUrl": "https://one.example", "clientId": "a"}]}', 'go together'],
    [
      'a role that is none',
      '{"peers": [{"baseUrl": "https://one.example", "roles": ["x"]}]}',
      '[0].roles must be one of',
    ],
  ])('fail/peers of the file: %s', async (_name, content, text) => {
    const path = await file(content);
    expect(() => read(['--config', path])).toThrow(text);
  });

  test('fail/a password in the URL of a peer is not told', () => {
    expect(() => read(['--peer', 'https://a:secret@one.example'])).toThrow(/^--peer: baseUrl must be[^@]*$/);
  });

  test('ok/revocation and private targets from the environment', () => {
    const settings = read([], { PLUGPOOL_REVOCATION: 'require', PLUGPOOL_ALLOW_PRIVATE_TARGETS: 'false' });
    expect(settings).toMatchObject({ revocation: 'require', allowPrivateTargets: false });
  });

  test('ok/PostgreSQL by its URL, and no slash behind the public one', () => {
    const settings = read(['--public-url', 'https://pnc.example/'], { DATABASE_URL: 'postgres://u:p@db/x' });
    expect(settings).toMatchObject({
      location: { databaseUrl: 'postgres://u:p@db/x' },
      publicUrl: 'https://pnc.example',
    });
  });

  test('ok/with auth nobody inside may be called unless told so', () => {
    expect(read(['--auth', 'oauth2', '--token-audiences', 'https://a.example, https://b.example'])).toMatchObject({
      auth: 'oauth2',
      allowPrivateTargets: false,
      tokenAudiences: ['https://a.example', 'https://b.example'],
    });
    expect(read(['--auth', 'oauth2', '--allow-private-targets', 'true'])).toMatchObject({ allowPrivateTargets: true });
  });

  test('ok/an outside issuer, and which of its claims hold what', () => {
    const argv = ['--oidc-issuer', 'https://id.example', '--oidc-claims', 'role=roles, wmi=https://x.example/pcid'];
    expect(read(['--public-url', 'https://pnc.example', ...argv]).outsideIssuer).toEqual({
      issuer: 'https://id.example',
      audiences: ['https://pnc.example'],
      claims: { role: 'roles', wmi: 'https://x.example/pcid' },
    });
    expect(() => read([...argv, '--oidc-claims', 'shoe=size'])).toThrow('--oidc-claims: "shoe=size" must be USE=CLAIM');
  });

  test('ok/where keys are, and when authorities get successors', async () => {
    const pin = await file('1234\n');
    const token = { PLUGPOOL_PKCS11_MODULE: '/lib/hsm.so', PLUGPOOL_PKCS11_TOKEN: 'pool' };
    const keys = ['--keys', 'v2g-root*=pkcs11, *=database', '--rollover', '30'];
    expect(read([...keys, '--pkcs11-pin-file', pin], token)).toMatchObject({
      keyLocations: {
        rules: [
          { pattern: 'v2g-root*', place: 'pkcs11' },
          { pattern: '*', place: 'database' },
        ],
        token: { module: '/lib/hsm.so', token: 'pool', pin: '1234' },
      },
      rolloverPart: 0.3,
    });
    expect(read([], { ...token, PLUGPOOL_PKCS11_PIN: '5678' })).toMatchObject({
      keyLocations: { rules: [], token: { pin: '5678' } },
    });
  });

  test('ok/an unknown variable is a warning', () => {
    expect(read([], { PLUGPOOL_PROT: '1', OTHER: '2' }).warnings).toEqual([
      'PLUGPOOL_PROT is set, and plugpool does not know it',
    ]);
  });

  test.each([
    ['a port that is none', ['--port', '99999'], {}, '--port: "99999" must be a whole number from 0 to 65535'],
    ['a port in the environment', [], { PORT: 'http' }, 'PORT: "http" must be a whole number from 0 to 65535'],
    ['a log level', ['--log-level', 'loud'], {}, '--log-level: "loud" must be one of'],
    [
      'revocation',
      [],
      { PLUGPOOL_REVOCATION: 'hard' },
      'PLUGPOOL_REVOCATION: "hard" must be one of require, soft-fail',
    ],
    [
      'private targets',
      ['--allow-private-targets', 'no'],
      {},
      '--allow-private-targets: "no" must be one of true, false',
    ],
    ['a rule for keys', ['--keys', 'v2g-root=hsm'], {}, '--keys: "v2g-root=hsm" must be NAME=PLACE'],
    ['keys in no token', [], { PLUGPOOL_KEYS: '*=pkcs11' }, 'PLUGPOOL_KEYS: keys in a token need pkcs11-module'],
    [
      'a token without PIN',
      ['--pkcs11-module', 'x'],
      {},
      '--pkcs11-module: a token needs pkcs11-token, and pkcs11-pin',
    ],
    [
      'a PIN file that is not there',
      ['--pkcs11-module', 'x', '--pkcs11-pin-file', '/nowhere'],
      {},
      '/nowhere cannot be read',
    ],
    ['rollover', ['--rollover', '95'], {}, '--rollover: "95" must be a whole number from 0 to 90'],
    ['auth', ['--auth', 'oauth'], {}, '--auth: "oauth" must be one of none, oauth2'],
    ['an unknown flag', ['--prot', '1'], {}, "Unknown option '--prot'"],
    ['a body limit', [], { PLUGPOOL_BODY_LIMIT: '1' }, 'PLUGPOOL_BODY_LIMIT: "1" must be'],
    ['a file that is not there', ['--config', '/nowhere/x.json'], {}, '--config: /nowhere/x.json cannot be read'],
    [
      'a short token for the metrics',
      ['--metrics-token', 'short'],
      {},
      '--metrics-token: must have 16 characters at least',
    ],
    [
      'a token that no header holds',
      [],
      { PLUGPOOL_METRICS_TOKEN: 'with a space inside' },
      'PLUGPOOL_METRICS_TOKEN: must be letters',
    ],
  ])('fail/%s', (_name, argv, environment, text) => {
    expect(() => read(argv, environment)).toThrow(text);
  });

  test('fail/a database URL is named, and its password is not told', () => {
    const wrong = () => read([], { DATABASE_URL: 'mysql://user:hunter2@db/x' });
    expect(wrong).toThrow('DATABASE_URL: must be a URL that starts with postgres:// or postgresql://');
    expect(wrong).not.toThrow('hunter2');
  });

  test.each([
    ['no JSON', 'port: 1', 'cannot be read'],
    ['no object', '[1]', 'must hold one JSON object'],
    ['an unknown option', '{"prot": 1}', 'there is no option "prot"'],
    ['a value of another kind', '{"port": [1]}', '"port" must be a text or a number'],
  ])('fail/file with %s', async (_name, content, text) => {
    const path = await file(content);
    expect(() => read(['--config', path])).toThrow(text);
  });

  test('ok/operators of an outside issuer, and how long sessions last', () => {
    const argv = ['--operator-issuer=https://id.example', '--operator-client-id=c', '--operator-claim=groups=a=b'];
    expect(read([...argv, '--session-idle=5'], { PLUGPOOL_OPERATOR_CLIENT_SECRET: 's' })).toMatchObject({
      operatorIssuer: {
        issuer: 'https://id.example',
        clientId: 'c',
        clientSecret: 's',
        scope: 'openid profile email',
        claim: { name: 'groups', value: 'a=b' },
      },
      operatorSessions: { idleMs: 300_000, longestMs: 12 * 3_600_000 },
    });
    expect(() => read(argv.slice(0, 2))).toThrow(
      '--operator-issuer: operators from there need operator-client-id and operator-claim',
    );
    expect(() => read([...argv.slice(0, 2), '--operator-claim=groups'])).toThrow(
      '--operator-claim: "groups" must be CLAIM=VALUE, such as groups=plugpool-operators',
    );
  });
});
