/** Tokens of an issuer that is not ours: a real, independent one, found by discovery. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenLocally } from '../../../tools/local-port.ts';
import { at } from './dialects.ts';
import { addParty, askToken } from './parties.ts';
import { randomEmaid, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

const AUDIENCE = 'https://pnc.example';
const NAMESPACE = 'https://pnc.example/';
const clients: Readonly<Record<string, object>> = {
  maker: { [`${NAMESPACE}role`]: ['OEM'], [`${NAMESPACE}pcid`]: ['WMI', 'ABC'] },
  provider: { [`${NAMESPACE}role`]: 'MO_EXTERNAL_PKI', [`${NAMESPACE}emaid`]: ['de-ppl'] },
  stranger: { [`${NAMESPACE}role`]: ['SOMETHING'], [`${NAMESPACE}pcid`]: 'too long' },
};

interface Issuer {
  readonly url: string;
  readonly server: Server;
}

async function startIssuer(): Promise<Issuer> {
  const server = createServer();
  const url = `http://127.0.0.1:${await listenLocally(server)}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: randomUUID() };
  const provider = new Provider(url, {
    jwks: { keys: [key] },
    ttl: { ClientCredentials: 600 },
    clients: Object.keys(clients).map((client_id) => ({
      client_id,
      client_secret: `secret of ${client_id}`.replaceAll(' ', '-'),
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    })),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          scope: '',
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: (_context: unknown, token: { clientId: string }) => clients[token.clientId],
  });
  server.on('request', provider.callback());
  return { url, server };
}

async function tokenOf({ url }: Issuer, client: string, resource = AUDIENCE): Promise<string> {
  const credentials = Buffer.from(`${client}:secret-of-${client}`).toString('base64');
  const answer = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(text);
  return String(at(JSON.parse(text), 'access_token'));
}

describe.each(eachServer())('an outside issuer, on $kind', ({ start }) => {
  let issuer: Issuer;
  let other: Issuer;
  let server: TestServer;
  beforeAll(async () => {
    issuer = await startIssuer();
    other = await startIssuer();
    server = await start({
      auth: 'oauth2',
      allowPrivateTargets: false,
      outsideIssuer: {
        issuer: issuer.url,
        audiences: [AUDIENCE],
        claims: { role: `${NAMESPACE}role`, wmi: `${NAMESPACE}pcid`, providerId: `${NAMESPACE}emaid` },
      },
    });
  });
  afterAll(() => {
    issuer.server.close();
    other.server.close();
  });

  const status = async (path: string, token: string) => {
    const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
    return answer.status;
  };

  test('ok/roles and identifiers come from its claims', async () => {
    const maker = await tokenOf(issuer, 'maker');
    expect(await status('/v1/root/rootCerts', maker)).toBe(200);
    expect(await status(`/v1/oem/provCerts/${randomPcid()}`, maker)).toBe(404);
    expect(await status(`/v1/oem/provCerts/${randomPcid('XYZ')}`, maker)).toBe(403);
    expect(await status(`/v1/ccp/lookupContract/${randomEmaid()}`, maker)).toBe(403);
    const provider = await tokenOf(issuer, 'provider');
    expect(await status(`/v1/ccp/lookupContract/${randomEmaid()}`, provider)).toBe(404);
    expect(await status(`/v1/ccp/lookupContract/${randomEmaid('FRXYZ')}`, provider)).toBe(403);
  });

  test('ok/our own tokens count beside its', async () => {
    const client = await addParty(server, { roles: ['cpo'] });
    const own = String(at(await (await askToken(server.url, client)).json(), 'access_token'));
    expect(await status('/v1/root/rootCerts', own)).toBe(200);
  });

  test('fail/another audience, another issuer, no role that is known here', async () => {
    expect(await status('/v1/root/rootCerts', await tokenOf(issuer, 'maker', 'https://elsewhere.example'))).toBe(401);
    expect(await status('/v1/root/rootCerts', await tokenOf(other, 'maker'))).toBe(401);
    expect(await status('/v1/root/rootCerts', await tokenOf(issuer, 'stranger'))).toBe(403);
  });

  test('fail/claims changed, or signed by another issuer in its name', async () => {
    const [head = '', payload = '', signature = ''] = (await tokenOf(issuer, 'provider')).split('.');
    const claims: object = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...claims, [`${NAMESPACE}role`]: ['OPERATOR'] })).toString(
      'base64url',
    );
    expect(await status('/v1/root/rootCerts', `${head}.${changed}.${signature}`)).toBe(401);
    const foreign = (await tokenOf(other, 'maker')).split('.');
    expect(await status('/v1/root/rootCerts', `${foreign[0]}.${payload}.${foreign[2]}`)).toBe(401);
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    expect(await status('/v1/root/rootCerts', `${none}.${payload}.`)).toBe(401);
  });

  test('fail/an issuer that does not answer', async () => {
    const gone = await startIssuer();
    const token = await tokenOf(gone, 'maker');
    const claims = { role: `${NAMESPACE}role` };
    const outside = { issuer: gone.url, audiences: [AUDIENCE], claims };
    const lonely = await server.beside({ auth: 'oauth2', outsideIssuer: outside });
    gone.server.closeAllConnections();
    gone.server.close();
    const answer = await fetch(`${lonely.url}/v1/root/rootCerts`, { headers: { authorization: `Bearer ${token}` } });
    expect([answer.status, at(await answer.json(), 'errorMessages', 0)]).toEqual([
      503,
      'The issuer of the token does not answer',
    ]);
  });
});
