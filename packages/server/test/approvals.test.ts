/** Two persons for what trust depends on: proposed by one operator, approved by another, done once. */
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyChain } from '../src/access/audit-chain.ts';
import { at, call, list } from './dialects.ts';
import { issue } from './own-pki.ts';
import { partyWithToken, type TestParty } from './parties.ts';
import { stored } from './refusal.ts';
import { base64 } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

const HOUR_MS = 3_600_000;

describe.each(eachServer())('approvals on $kind', ({ start }) => {
  let server: TestServer;
  let one: TestParty;
  let other: TestParty;
  let now = Date.now();
  beforeAll(async () => {
    server = await start({
      auth: 'oauth2',
      approvals: { expiresAfterMs: HOUR_MS },
      tokenLifetimeSeconds: 30 * 86_400,
      clock: { now: () => now },
    });
    one = await partyWithToken(server, { name: 'One', roles: ['operator'] });
    other = await partyWithToken(server, { name: 'Other', roles: ['operator'] });
  });

  const ask = (who: TestParty, method: string, path: string, body?: object) =>
    call(server.url, { method, path, headers: who.headers, ...(body && { body }) });
  const approve = (who: TestParty, id: unknown) => ask(who, 'POST', `/admin/v1/approvals/${id}/approve`);
  const rootsNow = async () => list(Object((await ask(one, 'GET', '/admin/v1/roots')).json).items);
  const auditOf = async (object: unknown) =>
    list(at((await ask(one, 'GET', `/admin/v1/audit?object=${object}`)).json, 'entries'));
  const newRoot = async () => (await issue({ profile: 'root', commonName: 'Some root' })).certificate;
  const rootBody = async () => ({ caCertificate: base64((await newRoot()).der), rootType: 'MO' });

  async function proposed(answer: Awaited<ReturnType<typeof ask>>): Promise<string> {
    expect([answer.status, answer.text]).toEqual([202, expect.stringContaining('approvalId')]);
    const id = String(at(answer.json, 'approvalId'));
    expect(answer.headers.get('location')).toBe(`/admin/v1/approvals/${id}`);
    return id;
  }

  /** A party with a secret, whose making was approved. */
  async function approvedParty(body: object): Promise<string> {
    const id = await proposed(await ask(one, 'POST', '/admin/v1/parties', body));
    return String(at((await approve(other, id)).json, 'outcome', 'partyId'));
  }

  test.each([
    ['OPCP', 'PUT', '/v1/root/rootCerts'],
    ['OPNC', 'PUT', '/opnc/v1/rcp/rootcertificates'],
  ])('ok/a root by %s waits, is approved by another, and counts from then on', async (_dialect, method, path) => {
    const certificate = await newRoot();
    const body = { caCertificate: base64(certificate.der), rootType: path.includes('opnc') ? 'eMSP' : 'MO' };
    const before = await rootsNow();
    const id = await proposed(await ask(one, method, path, body));
    expect(await rootsNow()).toEqual(before);
    const shown = await ask(other, 'GET', `/admin/v1/approvals/${id}`);
    expect(shown.json).toMatchObject({
      kind: 'root.add',
      object: certificate.fingerprint,
      state: 'pending',
      payload: { certificate: base64(certificate.der), types: ['MO'] },
      proposedBy: `party:${one.partyId}`,
    });
    const approved = await approve(other, id);
    expect(approved.json).toMatchObject({ state: 'approved', decidedBy: `party:${other.partyId}` });
    const rootId = at(approved.json, 'outcome', 'rootCertificateId');
    expect((await ask(one, 'GET', `/v1/root/rootCerts/${rootId}`)).status).toBe(200);
    expect((await auditOf(certificate.fingerprint)).map((row) => [at(row, 'operation'), at(row, 'actor')])).toEqual([
      ['root.add', `party:${other.partyId}`],
    ]);
    expect((await auditOf(id)).map((row) => [at(row, 'operation'), at(row, 'actor')])).toEqual(
      expect.arrayContaining([
        ['approval.propose', `party:${one.partyId}`],
        ['approval.approve', `party:${other.partyId}`],
      ]),
    );

    const again = { certificate: base64(certificate.der), types: ['OEM'] };
    await proposed(await ask(one, 'POST', '/admin/v1/roots', again));
    const removal = await proposed(await ask(other, 'DELETE', `${path}/${rootId}`));
    expect(await proposed(await ask(one, 'DELETE', `/admin/v1/roots/${rootId}`))).toBe(removal);
    expect((await ask(one, 'GET', `/v1/root/rootCerts/${rootId}`)).status).toBe(200);
    expect((await approve(one, removal)).status).toBe(200);
    expect((await ask(one, 'GET', `/v1/root/rootCerts/${rootId}`)).status).toBe(404);
  });

  test('fail/nobody approves what he proposed, nor does another client of the same party', async () => {
    const id = await proposed(await ask(one, 'PUT', '/v1/root/rootCerts', await rootBody()));
    expect((await approve(one, id)).status).toBe(403);
    const twin = await ask(one, 'POST', `/admin/v1/parties/${one.partyId}/clients`, {});
    expect(twin.status).toBe(201);
    const client = { client_id: at(twin.json, 'clientId'), client_secret: at(twin.json, 'clientSecret') };
    const token = await call(server.url, {
      method: 'POST',
      path: '/oauth/token',
      body: { ...client, grant_type: 'client_credentials' },
    });
    const headers = { authorization: `Bearer ${at(token.json, 'access_token')}` };
    expect((await approve({ ...one, headers }, id)).status).toBe(403);
    expect(at((await ask(one, 'GET', `/admin/v1/approvals/${id}`)).json, 'state')).toBe('pending');
  });

  test('fail/an operator does not come by the secret of another one', async () => {
    const rotated = await ask(one, 'POST', `/admin/v1/parties/${other.partyId}/clients/${other.clientId}/rotate`, {});
    const added = await ask(one, 'POST', `/admin/v1/parties/${other.partyId}/clients`, {});
    expect([rotated.status, added.status]).toEqual([400, 400]);
    const id = await proposed(await ask(one, 'POST', '/admin/v1/parties', { name: 'Third', roles: ['operator'] }));
    const approved = await approve(other, id);
    expect(approved.text).not.toContain('ecret');
    const partyId = at(approved.json, 'outcome', 'partyId');
    expect(at((await ask(one, 'GET', `/admin/v1/parties/${partyId}`)).json, 'clients')).toEqual([]);
    expect((await ask(one, 'POST', `/admin/v1/parties/${partyId}/clients`, {})).status).toBe(400);
    const publicKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' });
    const client = await proposed(await ask(one, 'POST', `/admin/v1/parties/${partyId}/clients`, { publicKey }));
    expect((await approve(other, client)).status).toBe(200);
    expect(at((await ask(one, 'GET', `/admin/v1/parties/${partyId}`)).json, 'clients')).toMatchObject([
      { secrets: 0, publicKeys: 1 },
    ]);
  });

  test('ok/rights of a party change by two, its name by one', async () => {
    const partyId = await approvedParty({ name: 'Maker', roles: ['oem'], wmi: ['AAA'] });
    const path = `/admin/v1/parties/${partyId}`;
    expect((await ask(one, 'PUT', path, { name: 'Maker & sons', roles: ['oem'], wmi: ['AAA'] })).status).toBe(200);
    const id = await proposed(await ask(one, 'PUT', path, { wmi: ['AAA', 'AAB'] }));
    expect(at((await ask(one, 'GET', path)).json, 'wmi')).toEqual(['AAA']);
    await approve(other, id);
    expect(at((await ask(one, 'GET', path)).json, 'wmi')).toEqual(['AAA', 'AAB']);
    expect((await ask(one, 'POST', `${path}/clients`, {})).status).toBe(201);
  });

  test('fail/a proposal whose ground has moved is stale, and changes nothing', async () => {
    const partyId = await approvedParty({ name: 'Moves', roles: ['oem'] });
    const path = `/admin/v1/parties/${partyId}`;
    const first = await proposed(await ask(one, 'PUT', path, { wmi: ['AAA'] }));
    const second = await proposed(await ask(one, 'PUT', path, { wmi: ['BBB'] }));
    expect((await approve(other, first)).status).toBe(200);
    expect((await approve(other, second)).status).toBe(409);
    expect(at((await ask(one, 'GET', path)).json, 'wmi')).toEqual(['AAA']);
    expect(at((await ask(one, 'GET', `/admin/v1/approvals/${second}`)).json, 'state')).toBe('stale');

    const body = await rootBody();
    const added = await approve(other, await proposed(await ask(one, 'PUT', '/v1/root/rootCerts', body)));
    const rootId = at(added.json, 'outcome', 'rootCertificateId');
    const removals = [
      await proposed(await ask(one, 'DELETE', `/v1/root/rootCerts/${rootId}`)),
      await proposed(await ask(one, 'PUT', '/v1/root/rootCerts', { ...body, rootType: 'OEM' })),
    ];
    expect((await approve(other, removals[0])).status).toBe(200);
    expect((await approve(other, removals[1])).status).toBe(409);
  });

  test('fail/what would be refused is refused when it is proposed, and leaves nothing behind', async () => {
    const before = await stored(server.store);
    const old = await issue({ profile: 'root', commonName: 'Old root', notAfter: now - 1000 });
    const nobody = '00000000-0000-4000-8000-000000000000';
    const caCertificate = base64(old.certificate.der);
    const statuses = [
      await ask(one, 'PUT', '/v1/root/rootCerts', { caCertificate, rootType: 'MO' }),
      await ask(one, 'DELETE', `/v1/root/rootCerts/${nobody}`),
      await ask(one, 'PUT', `/admin/v1/parties/${nobody}`, { wmi: ['AAA'] }),
      await ask(one, 'PUT', `/admin/v1/parties/${one.partyId}`, { wmi: ['AAA'] }),
      await ask(one, 'POST', '/admin/v1/parties', { name: 'X', roles: ['cpo'], wmi: ['AAA'] }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([400, 404, 404, 400, 400]);
    expect(await stored(server.store)).toEqual(before);
  });

  test('ok/the same proposed again is one proposal', async () => {
    const body = await rootBody();
    const first = await proposed(await ask(one, 'PUT', '/v1/root/rootCerts', body));
    const again = await proposed(await ask(one, 'PUT', '/v1/root/rootCerts', body));
    expect(again).toBe(first);
  });

  test('ok/of many approvals at once one carries it out', async () => {
    const certificate = await newRoot();
    const body = { caCertificate: base64(certificate.der), rootType: 'MO' };
    const id = await proposed(await ask(one, 'PUT', '/v1/root/rootCerts', body));
    const replica = await server.beside({});
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        call(at % 2 === 0 ? server.url : replica.url, {
          method: 'POST',
          path: `/admin/v1/approvals/${id}/approve`,
          headers: other.headers,
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409, 409, 409]);
    expect((await auditOf(certificate.fingerprint)).length).toBe(1);
  });

  test('ok/rejected by another with a reason, taken back by who proposed it, and then over', async () => {
    for (const who of [one, other]) {
      const id = await proposed(await ask(one, 'PUT', '/v1/root/rootCerts', await rootBody()));
      const rejected = await ask(who, 'POST', `/admin/v1/approvals/${id}/reject`, { reason: 'Not this one' });
      expect(rejected.json).toMatchObject({ state: 'rejected', reason: 'Not this one' });
      expect((await approve(other, id)).status).toBe(409);
      expect((await ask(who, 'POST', `/admin/v1/approvals/${id}/reject`, {})).status).toBe(409);
    }
  });

  test('fail/a proposal that is over, and one that never was', async () => {
    const id = await proposed(await ask(one, 'PUT', '/v1/root/rootCerts', await rootBody()));
    now += HOUR_MS;
    expect((await approve(other, id)).status).toBe(409);
    expect((await ask(other, 'POST', `/admin/v1/approvals/${id}/reject`, {})).status).toBe(409);
    expect(at((await ask(one, 'GET', `/admin/v1/approvals/${id}`)).json, 'state')).toBe('expired');
    for (const nobody of ['00000000-0000-4000-8000-000000000000', 'x', '%00']) {
      expect([nobody, (await approve(other, nobody)).status]).toEqual([nobody, 404]);
    }
    // The next proposal writes down what is over.
    await proposed(await ask(one, 'PUT', '/v1/root/rootCerts', await rootBody()));
    expect((await auditOf(id)).map((row) => at(row, 'operation'))).toContain('approval.expire');
  });

  test('ok/pages by state, the latest first', async () => {
    const ids = async (query: string) => {
      const page = await ask(one, 'GET', `/admin/v1/approvals${query}`);
      expect(page.status).toBe(200);
      return {
        ids: list(at(page.json, 'approvals')).map((each) => at(each, 'id')),
        next: Object(page.json).next,
        states: new Set(list(at(page.json, 'approvals')).map((each) => at(each, 'state'))),
      };
    };
    const all = await ids('');
    const first = await ids('?limit=3');
    const second = await ids(`?limit=999&cursor=${first.next}`);
    expect([...first.ids, ...second.ids]).toEqual(all.ids);
    for (const state of ['pending', 'approved', 'rejected', 'expired', 'stale']) {
      expect([...(await ids(`?state=${state}`)).states]).toEqual([state]);
    }
    expect((await ask(one, 'GET', '/admin/v1/approvals?state=done')).status).toBe(400);
    expect((await verifyChain(server.store.db)).brokenAt).toBeUndefined();
  });
});
