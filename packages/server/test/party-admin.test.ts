/** Parties over `/admin/v1/parties`, as operators' programs make and change them. */
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, call, list } from './dialects.ts';
import { askToken, partyWithToken, type TestParty } from './parties.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('parties over HTTP on $kind', ({ start }) => {
  let server: TestServer;
  let operator: TestParty;
  beforeAll(async () => {
    server = await start({ auth: 'oauth2' });
    operator = await partyWithToken(server, { name: 'Us', roles: ['operator'] });
  });

  const ask = (method: string, path: string, body?: object) =>
    call(server.url, { method, path: `/admin/v1/parties${path}`, headers: operator.headers, ...(body && { body }) });

  async function added(body: object): Promise<Record<'partyId' | 'clientId' | 'clientSecret', string>> {
    const { status, json } = await ask('POST', '', body);
    expect(status).toBe(201);
    return Object(json);
  }

  const auditOf = async (object: string) =>
    list(
      at(
        (
          await call(server.url, {
            method: 'GET',
            path: `/admin/v1/audit?object=${object}`,
            headers: operator.headers,
          })
        ).json,
        'entries',
      ),
    ).map((entry) => [at(entry, 'operation'), at(entry, 'actor')]);

  test('ok/a party is added, shown without its secret, and gets tokens', async () => {
    const made = await ask('POST', '', { name: ' Some Maker ', roles: ['oem'], wmi: ['wba', 'WBY'] });
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const client = Object(made.json);
    expect(Object.keys(client)).toEqual(['partyId', 'clientId', 'clientSecret']);
    const shown = await ask('GET', `/${client.partyId}`);
    expect(shown.json).toMatchObject({ name: 'Some Maker', roles: ['oem'], wmi: ['WBA', 'WBY'], disabled: false });
    expect(at(shown.json, 'clients')).toMatchObject([{ clientId: client.clientId, secrets: 1, publicKeys: 0 }]);
    expect(shown.text).not.toContain(client.clientSecret);
    expect((await askToken(server.url, client)).status).toBe(200);
    expect(await auditOf(client.partyId)).toEqual([['party.add', `party:${operator.partyId}`]]);
  });

  test('ok/a change leaves alone what it does not name', async () => {
    const { partyId } = await added({ name: 'A', roles: ['oem', 'cpo'], wmi: ['AAA'], operatorId: ['DE*ICE'] });
    const changed = await ask('PUT', `/${partyId}`, { wmi: ['AAA', 'AAB'] });
    expect(changed.json).toMatchObject({
      name: 'A',
      roles: ['oem', 'cpo'],
      wmi: ['AAA', 'AAB'],
      operatorId: ['DEICE'],
    });
    const refused = await ask('PUT', `/${partyId}`, { roles: ['oem'] });
    expect([refused.status, at(refused.json, 'errorMessages', 0)]).toEqual([
      400,
      'operatorId : is for the role cpo, which the party does not have',
    ]);
    expect((await ask('GET', `/${partyId}`)).json).toEqual(changed.json);
    expect(await auditOf(partyId)).toHaveLength(2);
  });

  test('ok/a secret is rotated with an overlap, and without', async () => {
    const first = await added({ name: 'B', roles: ['cpo'] });
    const path = `/${first.partyId}/clients/${first.clientId}`;
    const second = await ask('POST', `${path}/rotate`, { overlapSeconds: 3600 });
    expect([second.status, second.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(at((await ask('GET', `/${first.partyId}`)).json, 'clients', 0, 'secrets')).toBe(2);
    const third = await ask('POST', `${path}/rotate`, { overlapSeconds: 0 });
    const statuses = [];
    for (const clientSecret of [first.clientSecret, at(second.json, 'clientSecret'), at(third.json, 'clientSecret')]) {
      const answer = await askToken(server.url, { ...first, clientSecret: String(clientSecret) });
      await answer.arrayBuffer();
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([401, 401, 200]);
    expect((await auditOf(first.clientId)).map(([operation]) => operation)).toEqual([
      'client.rotate',
      'client.rotate',
      'client.add',
    ]);
  });

  test('ok/parties and clients are disabled with their tokens, and enabled again', async () => {
    const party = await partyWithToken(server, { roles: ['cps'] });
    const further = await ask('POST', `/${party.partyId}/clients`, {});
    expect(further.status).toBe(201);
    const roots = async () =>
      (await call(server.url, { method: 'GET', path: '/v1/root/rootCerts', headers: party.headers })).status;
    expect(await roots()).toBe(200);
    expect(at((await ask('POST', `/${party.partyId}/disable`)).json, 'disabled')).toBe(true);
    expect(await roots()).toBe(401);
    await ask('POST', `/${party.partyId}/enable`);
    expect(await roots()).toBe(200);
    const client = `/${party.partyId}/clients/${party.clientId}`;
    expect(at((await ask('POST', `${client}/disable`)).json, 'clients', 0, 'disabled')).toBe(true);
    expect(await roots()).toBe(401);
    await ask('POST', `${client}/enable`);
    expect(await roots()).toBe(200);
  });

  test('ok/clients that sign have keys and no secret, whatever else was sent', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ format: 'pem', type: 'spki' });
    const made = await ask('POST', '', { name: 'Signs', roles: ['cpo'], publicKey: pem });
    expect([made.status, Object.keys(Object(made.json))]).toEqual([201, ['partyId', 'clientId']]);
    const partyId = String(at(made.json, 'partyId'));
    const jwks = { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one' }] };
    expect((await ask('POST', `/${partyId}/clients`, { jwks })).status).toBe(201);
    expect(at((await ask('GET', `/${partyId}`)).json, 'clients')).toMatchObject([
      { secrets: 0, publicKeys: 1 },
      { secrets: 0, publicKeys: 1 },
    ]);
    const rows = await server.store.db.selectFrom('client').select('jwks').where('party_id', '=', partyId).execute();
    expect(rows.map((row) => row.jwks).join()).not.toContain('"d"');
    const rotated = await ask('POST', `/${partyId}/clients/${at(made.json, 'clientId')}/rotate`, {});
    expect(rotated.status).toBe(400);
  });

  test('ok/pages of all parties, and those of a role', async () => {
    for (const name of ['C1', 'C2', 'C3']) await added({ name, roles: ['oem', 'cpo'] });
    const ids = async (query: string) => {
      const found: unknown[] = [];
      for (let cursor: unknown = ''; cursor !== undefined; ) {
        const page = await ask('GET', `?limit=2${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        expect(page.status).toBe(200);
        expect(list(at(page.json, 'parties')).length).toBeLessThanOrEqual(2);
        found.push(...list(at(page.json, 'parties')).map((party) => at(party, 'partyId')));
        cursor = Object(page.json).next;
      }
      return found;
    };
    const whole = list(at((await ask('GET', '')).json, 'parties'));
    expect(await ids('')).toEqual(whole.map((party) => at(party, 'partyId')));
    const ofRole = whole.filter((party) => list(at(party, 'roles')).includes('oem'));
    expect(ofRole.length).toBeGreaterThan(3);
    expect(await ids('&role=oem')).toEqual(ofRole.map((party) => at(party, 'partyId')));
  });

  test.each([
    [{ roles: ['oem'] }, 'name : must not be null'],
    [{ name: 'X', roles: [] }, 'roles : '],
    [{ name: 'X', roles: ['king'] }, 'roles[0] : must be one of'],
    [{ name: 'X'.repeat(201), roles: ['oem'] }, 'name : '],
    [{ name: 'X\0', roles: ['oem'] }, 'body : has text with'],
    [{ name: 'X', roles: ['oem'], wmi: ['TOOLONG'] }, 'wmi : "TOOLONG" is none'],
    [{ name: 'X', roles: ['cps'], cpsRoot: ['ff'] }, 'cpsRoot : "ff" is none'],
    [{ name: 'X', roles: ['emsp'], wmi: ['AAA'] }, 'wmi : is for the role oem'],
    [{ name: 'X', roles: ['oem'], publicKey: 'no key' }, 'publicKeys : must be PEM'],
    [{ name: 'X', roles: ['oem'], jwks: { keys: [] } }, 'publicKeys : must not be empty'],
    [{ name: 'X', roles: ['oem'], jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } }, 'publicKeys : holds something'],
    [{ name: 'X', roles: ['oem'], jwks: { keys: [null] } }, 'jwks.keys[0] : '],
    [{ name: 'X', roles: ['oem'], jwks: { keys: Array(11).fill({ kty: 'EC' }) } }, 'publicKeys : '],
    [{ name: 'X', roles: ['oem'], publicKey: 'a', jwks: { keys: [] } }, 'publicKey : or jwks, not both'],
  ])('fail/%j is refused and adds nobody', async (body, text) => {
    const before = await ask('GET', '');
    const { status, json } = await ask('POST', '', body);
    expect([status, at(json, 'errorMessages', 0)]).toEqual([400, expect.stringContaining(text)]);
    expect((await ask('GET', '')).text).toBe(before.text);
  });

  test('fail/a short RSA key', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const body = { name: 'X', roles: ['oem'], publicKey: publicKey.export({ format: 'pem', type: 'spki' }) };
    expect((await ask('POST', '', body)).status).toBe(400);
  });

  test('fail/ids of nobody, a client by another party’s path, a cursor of nothing', async () => {
    const [one, other] = [await added({ name: 'D', roles: ['cpo'] }), await added({ name: 'E', roles: ['cpo'] })];
    const nobody = '00000000-0000-4000-8000-000000000000';
    const statuses = [
      await ask('GET', `/${nobody}`),
      await ask('PUT', '/%00', {}),
      await ask('POST', `/${nobody}/clients`, {}),
      await ask('POST', `/${nobody}/disable`),
      await ask('POST', `/${other.partyId}/clients/${one.clientId}/rotate`, {}),
      await ask('POST', `/${other.partyId}/clients/${one.clientId}/disable`),
    ].map(({ status }) => status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 404]);
    for (const query of ['?cursor=x', '?limit=0', '?limit=1000', '?role=king']) {
      expect([query, (await ask('GET', query)).status]).toEqual([query, 400]);
    }
    expect(at((await ask('GET', `/${one.partyId}`)).json, 'clients')).toMatchObject([{ secrets: 1, disabled: false }]);
  });
});
