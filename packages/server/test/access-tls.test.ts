/** HTTPS by the server itself, with curl at the other side: certificates read again, and tokens bound to the client's. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partyRegister } from '../src/access/party-register.ts';
import { publicKeysInText } from '../src/access/public-keys.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { addParty, changed } from './parties.ts';
import { eachServer, type TestServer } from './running-server.ts';

const run = promisify(execFile);
const [sqlite] = eachServer();

describe('HTTPS', () => {
  let folder = '';
  let server: TestServer;
  const file = (name: string) => join(folder, name);
  const selfSigned = (name: string) =>
    run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)],
    ]);
  const curl = async (...argv: string[]) => {
    const { stdout } = await run('curl', ['-sS', '-w', '\n%{http_code}', ...argv]);
    const [status, ...body] = stdout.split('\n').reverse();
    return { status: Number(status), body: body.reverse().join('\n') };
  };
  const as = (name: string) => ['--cert', file(`${name}.pem`), '--key', file(`${name}.key`)];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plugpool-tls-'));
    for (const name of ['one', 'two', 'client', 'stranger']) await selfSigned(name);
    await copyFile(file('one.pem'), file('server.pem'));
    await copyFile(file('one.key'), file('server.key'));
    const tls = { certificate: file('server.pem'), key: file('server.key') };
    const started = await sqlite?.start({ auth: 'oauth2', tls });
    if (started === undefined) throw new Error('no server');
    server = started;
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('ok/self_signed_tls_client_auth: the key is registered, the token is bound to the certificate', async () => {
    const { partyId } = await addParty(server, { roles: ['cpo'] });
    const register = partyRegister({ store: server.store, clock: systemClock });
    await run('openssl', ['pkey', '-in', file('client.key'), '-pubout', '-out', file('client.pub')]);
    const keys = publicKeysInText(await readFile(file('client.pub'), 'utf8'));
    const { clientId } = await changed(server.store, register, (parties) => parties.addSigningClient(partyId, keys));
    const token = (name: string[]) =>
      curl(
        '--cacert',
        file('one.pem'),
        ...name,
        `${server.url}/oauth/token`,
        '-d',
        'grant_type=client_credentials',
        '-d',
        `client_id=${clientId}`,
      );
    expect((await token(as('stranger'))).status).toBe(401);
    expect((await token([])).status).toBe(400);
    const { status, body } = await token(as('client'));
    expect(status).toBe(200);
    const bound = String(JSON.parse(body).access_token);
    const { stdout } = await run('openssl', ['x509', '-in', file('client.pem'), '-noout', '-fingerprint', '-sha256']);
    const thumbprint = Buffer.from(stdout.replace(/.*=|[:\s]/g, ''), 'hex').toString('base64url');
    expect(decodeJwt(bound)['cnf']).toEqual({ 'x5t#S256': thumbprint });
    const roots = (name: string[]) =>
      curl(
        '--cacert',
        file('one.pem'),
        ...name,
        '-H',
        `authorization: Bearer ${bound}`,
        `${server.url}/v1/root/rootCerts`,
      );
    expect((await roots(as('client'))).status).toBe(200);
    expect([(await roots(as('stranger'))).status, (await roots([])).status]).toEqual([401, 401]);
  });

  test('ok/a certificate that changes is served without a restart; a broken one is not', async () => {
    const live = (trusted: string) =>
      curl('--cacert', file(`${trusted}.pem`), `${server.url}/health/live`).then(
        ({ status }) => status,
        () => 'not trusted',
      );
    expect(await live('one')).toBe(200);
    await copyFile(file('two.key'), file('server.key'));
    await copyFile(file('two.pem'), file('server.pem'));
    await expect.poll(() => live('two'), { timeout: 20_000, interval: 200 }).toBe(200);
    expect(await live('one')).toBe('not trusted');
    expect((await readFile(file('server.pem'), 'utf8')).length).toBeGreaterThan(100);
    await copyFile(file('one.pem'), file('server.pem'));
    expect(await live('two')).toBe(200);
  });

  test('fail/HTTP on the port of HTTPS, and TLS before 1.2', async () => {
    await expect(curl(server.url.replace('https', 'http'))).rejects.toThrow();
    await expect(curl('-k', '--tls-max', '1.1', `${server.url}/health/live`)).rejects.toThrow();
  });
});
