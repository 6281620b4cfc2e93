/** Tokens over HTTP: how they are asked for, what is in them, and which ones are worth nothing. */
import { execFile } from 'node:child_process';
import { createSecretKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, exportSPKI, importJWK, jwtVerify, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { partyRegister } from '../src/access/party-register.ts';
import { publicKeysInText } from '../src/access/public-keys.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { addParty, askToken, changed, partyWithToken } from './parties.ts';
import { eachServer, type TestServer } from './running-server.ts';

const curl = promisify(execFile);
const AUDIENCE = 'https://eu.pnc.example';
const ISSUER = 'http://127.0.0.1:8080';

describe.each(eachServer())('access tokens on $kind', ({ start }) => {
  let server: TestServer;
  let client: { clientId: string; clientSecret: string; partyId: string };
  beforeAll(async () => {
    server = await start({ auth: 'oauth2', tokenAudiences: [AUDIENCE] });
    client = await addParty(server, {
      name: 'Some maker',
      roles: ['oem', 'emsp'],
      pki: 'both',
      identifiers: { wmi: ['WBA', 'WBY'], providerId: ['DEABC'] },
    });
  });

  const post = async ([body, headers]: readonly [string, Record<string, string>]) => {
    const answer = await fetch(`${server.url}/oauth/token`, { method: 'POST', headers, body });
    return { status: answer.status, headers: answer.headers, json: JSON.parse(await answer.text()) };
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  });
  const grant = 'grant_type=client_credentials';
  const roots = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    return await fetch(`${server.url}/v1/root/rootCerts`, { headers });
  };

  test('ok/curl: JSON, a form, HTTP basic', async () => {
    const url = `${server.url}/oauth/token`;
    const { clientId, clientSecret } = client;
    const json = JSON.stringify({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: 'client_credentials',
      audience: AUDIENCE,
    });
    const ways = [
      ['-H', 'content-type: application/json', '-d', json],
      ['-d', grant, '-d', `client_id=${clientId}`, '-d', `client_secret=${clientSecret}`],
      ['-u', `${clientId}:${clientSecret}`, '-d', grant, '-d', `audience=${AUDIENCE}/`],
    ];
    for (const way of ways) {
      const { stdout } = await curl('curl', ['-sS', url, ...way]);
      const answer = JSON.parse(stdout);
      expect(answer).toEqual({
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 86_400,
        scope: 'rcpservice pcpservice cpservice ccpservice pkigateway',
      });
      const { status } = await roots(`Bearer ${answer.access_token}`);
      expect(status).toBe(200);
    }
  });

  test('ok/another library verifies the token by our key set, and finds role, identifiers and scope', async () => {
    const answer = await askToken(server.url, client, { scope: 'rcpservice ccpservice' });
    expect([answer.headers.get('cache-control'), answer.headers.get('pragma')]).toEqual(['no-store', 'no-cache']);
    const { access_token: token } = JSON.parse(await answer.text());
    const keys = createRemoteJWKSet(new URL(`${server.url}/oauth/jwks`));
    const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer: ISSUER, audience: ISSUER });
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    expect(payload).toMatchObject({
      client_id: client.clientId,
      scope: 'rcpservice ccpservice',
      [`${ISSUER}/role`]: ['OEM', 'MO_V2G_PKI', 'MO_EXTERNAL_PKI'],
      [`${ISSUER}/pcid`]: ['WBA', 'WBY'],
      [`${ISSUER}/emaid`]: ['DEABC'],
      [`${ISSUER}/client_name`]: ['Some maker'],
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(86_400);
    const jwks = JSON.parse(await (await fetch(`${server.url}/oauth/jwks`)).text());
    expect(Object.keys(jwks.keys[0]).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  test.each([
    ['no grant', () => [`client_id=x&client_secret=y`, form] as const, 400, 'invalid_request'],
    ['another grant', () => ['grant_type=password', form] as const, 400, 'unsupported_grant_type'],
    ['no client', () => [grant, form] as const, 400, 'invalid_request'],
    ['a parameter twice', () => [`${grant}&${grant}`, form] as const, 400, 'invalid_request'],
    ['an unknown client', () => [`${grant}&client_id=x&client_secret=y`, form] as const, 401, 'invalid_client'],
    ['a wrong secret', () => [grant, { ...form, ...basic(client.clientId, 'x') }] as const, 401, 'invalid_client'],
    ['no basic credentials', () => [grant, { ...form, authorization: 'Basic !' }] as const, 401, 'invalid_client'],
    [
      'two ways',
      () => [`${grant}&client_id=x&client_secret=y`, { ...form, ...basic('x', 'y') }] as const,
      400,
      'invalid_request',
    ],
    ['no JSON', () => ['{', { 'content-type': 'application/json' }] as const, 400, 'invalid_request'],
    ['a JSON list', () => ['[]', { 'content-type': 'application/json' }] as const, 400, 'invalid_request'],
    ['another type', () => [grant, { 'content-type': 'text/plain' }] as const, 415, 'invalid_request'],
    ['a body too large', () => ['a'.repeat(20_000), form] as const, 413, 'invalid_request'],
    [
      'another audience',
      () =>
        [`${grant}&audience=https://x.example`, { ...form, ...basic(client.clientId, client.clientSecret) }] as const,
      400,
      'invalid_request',
    ],
    [
      'a scope that is not its own',
      () => [`${grant}&scope=admin`, { ...form, ...basic(client.clientId, client.clientSecret) }] as const,
      400,
      'invalid_scope',
    ],
  ])('fail/%s', async (_title, request, status, code) => {
    const { headers, json, ...answer } = await post(request());
    expect([answer.status, json]).toEqual([
      status,
      {
        error: code,
        error_description: expect.any(String),
        errorMessages: [json.error_description],
        traceId: headers.get('x-trace-id'),
      },
    ]);
    expect(headers.get('www-authenticate') !== null).toBe(status === 401);
    expect(JSON.stringify(json)).not.toContain(client.clientSecret);
  });

  test('fail/tokens that are worth nothing', async () => {
    const { access_token: good } = JSON.parse(await (await askToken(server.url, client)).text());
    const [head = '', payload = '', signature = ''] = good.split('.');
    const { kid = '' } = decodeProtectedHeader(good);
    const claims = decodeJwt(good);
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const forged = (header: object, changes: object = {}, key = own.privateKey) =>
      new SignJWT({ ...claims, ...changes })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header })
        .sign(key);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { keys } = JSON.parse(await (await fetch(`${server.url}/oauth/jwks`)).text());
    const published = await importJWK(keys[0]);
    if (published instanceof Uint8Array) throw new Error('not a public key');
    const asSecret = createSecretKey(Buffer.from(await exportSPKI(published)));
    const bad: [string, string][] = [
      ['alg none', `${part({ alg: 'none', typ: 'at+jwt' })}.${payload}.`],
      ['alg none with a signature', `${part({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.${signature}`],
      ['another key under our kid', await forged({})],
      ['another kid', await forged({ kid: 'mine' })],
      ['a key of its own in the header', await forged({ kid: '', jwk: own.publicKey.export({ format: 'jwk' }) })],
      [
        'our public key as a secret',
        await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid }).sign(asSecret),
      ],
      ['tampered claims', `${head}.${part({ ...claims, client_id: 'f'.repeat(32) })}.${signature}`],
      ['tampered signature', `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`],
      ['cut off', good.slice(0, -20)],
      ['no token at all', 'x'],
      ['long', 'a'.repeat(15_000)],
    ];
    for (const [title, token] of bad) {
      const answer = await roots(`Bearer ${token}`);
      const body = JSON.parse(await answer.text());
      expect([title, answer.status, body]).toEqual([
        title,
        401,
        { errorMessages: ['Unauthorized'], traceId: answer.headers.get('x-trace-id') },
      ]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="plugpool", error="invalid_token"');
    }
    for (const authorization of [undefined, 'Basic eDp5', good, `Bearer ${good} x`]) {
      const answer = await roots(authorization);
      expect([answer.status, answer.headers.get('www-authenticate')?.startsWith('Bearer')]).toEqual([401, true]);
    }
    expect((await roots(`bearer ${good}`)).status).toBe(200);
  });

  test('fail/tokens of another audience, of another issuer, of another time', async () => {
    const elsewhere = await server.beside({ auth: 'oauth2', publicUrl: 'https://elsewhere.example' });
    const { access_token: foreign } = JSON.parse(await (await askToken(elsewhere.url, client)).text());
    const other = await server.beside({ auth: 'oauth2', tokenAudiences: ['https://other.example'] });
    const wanted = { audience: 'https://other.example' };
    const { access_token: audience } = JSON.parse(await (await askToken(other.url, client, wanted)).text());
    expect([(await roots(`Bearer ${foreign}`)).status, (await roots(`Bearer ${audience}`)).status]).toEqual([401, 401]);
  });

  test('fail/a client that is disabled is out at once, its tokens included', async () => {
    const party = await partyWithToken(server, { roles: ['cpo'], identifiers: { operatorId: ['DEICE'] } });
    expect((await roots(party.headers.authorization)).status).toBe(200);
    const register = partyRegister({ store: server.store, clock: systemClock });
    await register.disable(party.clientId);
    const status = async () => (await roots(party.headers.authorization)).status;
    await expect.poll(status, { timeout: 2_000 }).toBe(401);
    expect((await askToken(server.url, party)).status).toBe(401);
    await register.enable(party.clientId);
    await expect.poll(status, { timeout: 2_000 }).toBe(200);
  });
});

describe('the time of a token', () => {
  const [sqlite] = eachServer();
  test('fail/expired, and not yet valid', async () => {
    let now = Date.now();
    const clock = { now: () => now };
    const server = await sqlite?.start({ auth: 'oauth2', clock });
    if (server === undefined) throw new Error('no server');
    const party = await partyWithToken(server, { roles: ['cpo'] });
    const status = async () => (await fetch(`${server.url}/v1/root/rootCerts`, { headers: party.headers })).status;
    expect(await status()).toBe(200);
    now += 86_399_000;
    expect(await status()).toBe(200);
    now += 10_000;
    expect(await status()).toBe(401);
  });
});

describe.each(eachServer())('clients that sign, on $kind', ({ start }) => {
  test('ok/private_key_jwt, once; fail/whatever another key, audience, client or time signed', async () => {
    const server = await start({ auth: 'oauth2' });
    const folder = await mkdtemp(join(tmpdir(), 'plugpool-key-'));
    const [pair, foreign] = [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ];
    const { partyId } = await addParty(server, { roles: ['cpo'] });
    const file = join(folder, 'key.pem');
    await writeFile(file, pair.publicKey.export({ format: 'pem', type: 'spki' }));
    const keys = publicKeysInText(await readFile(file, 'utf8'));
    const register = partyRegister({ store: server.store, clock: systemClock });
    const { clientId } = await changed(server.store, register, (parties) => parties.addSigningClient(partyId, keys));
    const other = await changed(server.store, register, async (parties) =>
      parties.addSigningClient(partyId, publicKeysInText(await readFile(file, 'utf8'))),
    );
    const now = Math.floor(Date.now() / 1000);
    const good = { iss: clientId, sub: clientId, aud: `${ISSUER}/oauth/token`, exp: now + 60 };
    const signed = (changes: object = {}, key = pair.privateKey) =>
      new SignJWT({ jti: randomUUID(), ...good, ...changes }).setProtectedHeader({ alg: 'ES256' }).sign(key);
    const ask = async (assertion: string, more: Record<string, string> = {}) => {
      const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
      const parameters = { grant_type: 'client_credentials', client_assertion_type: type, client_assertion: assertion };
      const body = new URLSearchParams({ ...parameters, ...more });
      const answer = await fetch(`${server.url}/oauth/token`, { method: 'POST', body });
      const json = JSON.parse(await answer.text());
      return { status: answer.status, error: json.error, token: json.access_token };
    };
    const first = await signed();
    const { status, token } = await ask(first, { client_id: clientId });
    const headers = { authorization: `Bearer ${token}` };
    expect([status, (await fetch(`${server.url}/v1/root/rootCerts`, { headers })).status]).toEqual([200, 200]);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const bad = [
      first,
      await signed({}, foreign.privateKey),
      await signed({ aud: 'https://elsewhere.example' }),
      await signed({ exp: now - 60 }),
      await signed({ exp: now + 86_400 }),
      await signed({ jti: undefined }),
      await signed({ iss: other.clientId }),
      await signed({ iss: 'f'.repeat(32), sub: 'f'.repeat(32) }),
      `${part({ alg: 'none' })}.${part({ ...good, jti: 'x' })}.`,
      'x',
    ];
    for (const assertion of bad) expect(await ask(assertion)).toMatchObject({ status: 401, error: 'invalid_client' });
    expect(await ask(await signed(), { client_id: other.clientId })).toMatchObject({ status: 401 });
    expect(await ask(await signed(), { client_secret: 'x' })).toMatchObject({ status: 400, error: 'invalid_request' });
    expect(await ask(await signed(), { client_assertion_type: 'x' })).toMatchObject({ status: 400 });
    expect((await askToken(server.url, { partyId, clientId, clientSecret: '' })).status).toBe(400);
    expect((await askToken(server.url, { partyId, clientId, clientSecret: 'x' })).status).toBe(401);
    await rm(folder, { recursive: true });
  });
});

describe('limits', () => {
  const [sqlite] = eachServer();
  const startWith = async (limits: { requestsPerSecond: number; failuresPerMinute: number }) => {
    const server = await sqlite?.start({ auth: 'oauth2', limits });
    if (server === undefined) throw new Error('no server');
    return server;
  };
  const many = async (ask: () => Promise<Response>) => {
    const answers = await Promise.all(Array.from({ length: 60 }, ask));
    const late = answers.find(({ status }) => status === 429);
    return { statuses: new Set(answers.map(({ status }) => status)), late };
  };

  test('fail/an address that fails too often, with secrets or with tokens', async () => {
    const server = await startWith({ requestsPerSecond: 0, failuresPerMinute: 30 });
    const party = await partyWithToken(server, { roles: ['cpo'] });
    const secrets = await many(() => askToken(server.url, { ...party, clientSecret: 'x' }));
    expect(secrets.statuses).toEqual(new Set([401, 429]));
    expect(Number(secrets.late?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.parse((await secrets.late?.text()) ?? '')).toMatchObject({
      error: 'temporarily_unavailable',
      errorMessages: ['Too many requests'],
    });
    const headers = { authorization: 'Bearer x' };
    const tokens = await many(() => fetch(`${server.url}/v1/root/rootCerts`, { headers }));
    expect(tokens.statuses).toEqual(new Set([429]));
  });

  test('fail/a client that asks too often; another one is not held up', async () => {
    const server = await startWith({ requestsPerSecond: 5, failuresPerMinute: 0 });
    const [one, other] = [
      await partyWithToken(server, { roles: ['cpo'] }),
      await partyWithToken(server, { roles: ['cpo'] }),
    ];
    const roots = (headers: Record<string, string>) => fetch(`${server.url}/v1/root/rootCerts`, { headers });
    const { statuses, late } = await many(() => roots(one.headers));
    expect(statuses).toEqual(new Set([200, 429]));
    expect(JSON.parse((await late?.text()) ?? '')).toMatchObject({ errorMessages: ['Too many requests'] });
    const answer = await roots(other.headers);
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('x-content-type-options')]).toEqual([
      200,
      'no-store',
      'nosniff',
    ]);
  });
});
