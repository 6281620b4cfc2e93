/** The audit log over HTTP and on both databases: who did what, and what the chain shows. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extendChain, removeAuditBefore, verifyChain, waitingForChain } from '../src/access/audit-chain.ts';
import { audit } from '../src/access/audit-log.ts';
import { readAudit } from '../src/access/audit-reading.ts';
import { openStore } from '../src/store/store.ts';
import { plugpool } from './command-line.ts';
import { at, type Call, call } from './dialects.ts';
import { examplesOf } from './examples.ts';
import { callOf, samplesOn } from './operations.ts';
import { partyWithToken, type TestParty } from './parties.ts';
import { eachServer, type TestServer } from './running-server.ts';
import { eachStore } from './stores.ts';

describe.each(eachServer())('the audit log on $kind', ({ start }) => {
  let open: TestServer;
  let server: TestServer;
  let operator: TestParty;
  beforeAll(async () => {
    open = await start();
    server = await open.beside({ auth: 'oauth2' });
    operator = await partyWithToken(server, { roles: ['operator'] });
  });

  const all = () => readAudit(server.store.db, { limit: 10_000 });

  test('ok/every change is a row with who, what, object and trace id; reading and refusals are none', async () => {
    const { url } = open;
    const samples = { opnc: await samplesOn(url), opcp: await samplesOn(url), quickstart: await samplesOn(url) };
    const sandbox = await readAudit(server.store.db, { actor: 'sandbox', limit: 1_000 });
    expect(new Set(sandbox.map(({ operation }) => operation))).toEqual(
      new Set(['certificate.issue', 'vehicle.publish', 'contract.store', 'root.add', 'webhook.add']),
    );
    const audited: Record<string, string> = {};
    for (const example of examplesOf(samples)) {
      const asked: Call = callOf(example);
      const answer = await call(server.url, { ...asked, headers: { ...asked.headers, ...operator.headers } });
      const traceId = answer.headers.get('x-trace-id') ?? '';
      const rows = await readAudit(server.store.db, { traceId, limit: 100 });
      audited[example.name] = rows
        .map(({ operation }) => operation)
        .sort()
        .join(' ');
      for (const row of rows) {
        expect(row).toMatchObject({ actor: `party:${operator.partyId}`, clientId: operator.clientId });
        expect(row.object).not.toBe('');
      }
    }
    expect(audited).toMatchObject({
      'GET /v1/root/rootCerts': '',
      'GET /v1/ccp/lookupContract/:emaid': '',
      'PUT /v1/root/rootCerts': 'root.add',
      'PUT /v1/oem/provCerts': 'vehicle.publish',
      'PUT /v1/cps/signedContractData': '',
      'PUT /v1/cps/forward/signedContractData': 'contract.store',
      'PUT /v1/cps/generate/signedContractData': 'certificate.issue contract.store',
      'POST /v1/ccp/signedContractData': 'contract.deliver',
      'GET /v1/ccp/provideSignedContractData/:emaid/:pcid': 'contract.deliver',
      'POST /v1/ccp/signedContractData/:pcid/:emaid/default': 'contract.set-default',
      'PUT /v1/ccp/signedContractData': 'contract.store',
      'DELETE /v1/ccp/signedContractData/:emaid': 'certificate.revoke contract.withdraw',
      'DELETE /v1/root/rootCerts/:rootCertificateId': 'root.remove',
      'POST /v1/webhook/endpoints': 'webhook.add',
    });
    const [chosen] = await readAudit(server.store.db, { operation: 'contract.set-default', limit: 1 });
    expect([chosen?.beforeHash, chosen?.afterHash]).toEqual([expect.any(String), expect.any(String)]);
    const [added] = await readAudit(server.store.db, { operation: 'vehicle.publish', limit: 1 });
    const { certificate } = samples.quickstart.car;
    expect(added?.afterHash).toBe(createHash('sha256').update(certificate.der).digest('hex'));
    expect(added?.beforeHash).toBe(added?.afterHash);
  });

  test('ok/a webhook endpoint comes, changes, gets another secret and goes: a row each', async () => {
    const { headers } = operator;
    const body = { url: 'http://127.0.0.1:9/hook', enabledEvents: ['oem.contract.created'] };
    const path = '/v1/webhook/endpoints';
    const id = String(at((await call(server.url, { method: 'POST', path, body, headers })).json, 'id'));
    const changes = { ...body, url: 'http://127.0.0.1:9/other' };
    await call(server.url, { method: 'PUT', path: `${path}/${id}`, body: changes, headers });
    await call(server.url, { method: 'POST', path: `${path}/${id}/secret`, headers });
    await call(server.url, { method: 'DELETE', path: `${path}/${id}`, headers });
    const rows = await readAudit(server.store.db, { object: id, limit: 10 });
    expect(rows.map(({ operation }) => operation).sort()).toEqual([
      'webhook.add',
      'webhook.change',
      'webhook.remove',
      'webhook.rotate',
    ]);
    const change = rows.find(({ operation }) => operation === 'webhook.change');
    expect(change?.beforeHash).toBe(rows.find(({ operation }) => operation === 'webhook.add')?.afterHash);
    expect(change?.afterHash).toBe(rows.find(({ operation }) => operation === 'webhook.remove')?.beforeHash);
    expect(change?.afterHash).not.toBe(change?.beforeHash);
  });

  test('ok/each row gets a place, and the chain holds', async () => {
    await extendChain(server.store);
    const before = (await all()).length;
    const verdict = await verifyChain(server.store.db);
    expect(verdict).toEqual({ rows: before, notChained: 0, head: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('ok/the operator reads it over HTTP, and nobody else', async () => {
    const path = '/admin/v1/audit?operation=party.add&limit=5';
    const answer = await call(server.url, { method: 'GET', path, headers: operator.headers });
    expect(answer.json).toEqual({
      entries: [expect.objectContaining({ operation: 'party.add', object: operator.partyId })],
    });
    const oem = await partyWithToken(server, { roles: ['oem'] });
    expect((await call(server.url, { method: 'GET', path, headers: oem.headers })).status).toBe(403);
    expect((await call(server.url, { method: 'GET', path })).status).toBe(401);
    const bad = await call(server.url, {
      method: 'GET',
      path: '/admin/v1/audit?since=yesterday',
      headers: operator.headers,
    });
    expect(bad.status).toBe(400);
  });
});

describe.each(eachStore())('the chain on $kind', ({ open }) => {
  const change = (object: string) => [{ operation: 'contract.deliver', object, after: object } as const];

  test('ok/processes that chain at the same time make one chain', async () => {
    const store = await open();
    const other = await store.reopen();
    await audit(store.db, 1, Array.from({ length: 1_200 }, (_, each) => change(String(each))).flat());
    // Two handles of one process on SQLite would wait for each other; processes of their own do not.
    if (store.kind === 'postgresql') await Promise.all([extendChain(store), extendChain(other), extendChain(store)]);
    else await extendChain(store);
    await extendChain(other);
    expect(await verifyChain(store.db)).toMatchObject({ rows: 1_200, notChained: 0 });
    expect(await verifyChain(store.db)).not.toHaveProperty('brokenAt');
    await other.close();
  });

  test('ok/what an import leaves gets its places in portions', async () => {
    const store = await open();
    await audit(store.db, 1, Array.from({ length: 1_200 }, (_, each) => change(String(each))).flat());
    const portion = await extendChain(store, 600);
    expect(portion).toBeGreaterThanOrEqual(600);
    expect(await waitingForChain(store.db)).toMatchObject({ count: 1_200 - portion });
    expect(portion).toBeLessThan(1_200);
    expect(await extendChain(store)).toBe(1_200 - portion);
    expect(await verifyChain(store.db)).not.toHaveProperty('brokenAt');
  });

  test('ok/old rows go, and the rest of the chain holds', async () => {
    const store = await open();
    for (let each = 1; each <= 5; each++) await audit(store.db, each, change(String(each)));
    await extendChain(store);
    const { head } = await verifyChain(store.db);
    expect(await removeAuditBefore(store, 4)).toBe(3);
    await audit(store.db, 6, change('6'));
    await extendChain(store);
    const verdict = await verifyChain(store.db);
    expect([verdict.rows, verdict.brokenAt, verdict.head === head]).toEqual([3, undefined, false]);
    await store.db.updateTable('audit').set({ object: 'x' }).where('position', '=', 5).execute();
    expect((await verifyChain(store.db)).brokenAt).toBe(5);
    expect(await removeAuditBefore(store, 100)).toBe(2);
  });

  test.each(['changed', 'taken out', 'put in', 'exchanged'])('fail/a row that was %s shows', async (how) => {
    const store = await open();
    for (let each = 1; each <= 5; each++) await audit(store.db, each, change(String(each)));
    await extendChain(store);
    const { db } = store;
    const third = db.updateTable('audit').where('position', '=', 3);
    if (how === 'changed') await third.set({ actor: 'party:somebody-else' }).execute();
    if (how === 'taken out') await db.deleteFrom('audit').where('position', '=', 3).execute();
    if (how === 'put in') {
      const row = await db.selectFrom('audit').selectAll().where('position', '=', 5).executeTakeFirstOrThrow();
      await db
        .insertInto('audit')
        .values({ ...row, id: 'new', position: 6 })
        .execute();
    }
    if (how === 'exchanged') {
      await db.updateTable('audit').set({ position: 99 }).where('position', '=', 4).execute();
      await third.set({ position: 4 }).execute();
      await db.updateTable('audit').set({ position: 3 }).where('position', '=', 99).execute();
    }
    expect((await verifyChain(db)).brokenAt).toBe(how === 'put in' ? 6 : 3);
  });
});

describe('plugpool audit', () => {
  let data = '';
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'plugpool-audit-'));
  });
  afterAll(() => rm(data, { recursive: true }));

  const run = (...argv: string[]) => plugpool([...argv, '--data', data]);

  test('ok/list, export, verify', async () => {
    const { partyId } = JSON.parse((await run('party', 'add', '--role', 'oem', '--json')).out);
    const listed = JSON.parse((await run('audit', 'list', '--operation', 'party.add', '--json')).out);
    expect(listed).toEqual([expect.objectContaining({ actor: 'cli', object: partyId, position: expect.any(Number) })]);
    const { out } = await run('audit', 'export');
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).operation),
    ).toEqual(expect.arrayContaining(['party.add', 'client.add']));
    expect((await run('audit')).out).toContain(partyId);
    expect(await run('audit', 'verify')).toMatchObject({
      code: 0,
      out: expect.stringContaining('the chain holds'),
    });
    const store = await openStore({ dataDirectory: data });
    await store.db.updateTable('audit').set({ object: 'x' }).where('position', '=', 1).execute();
    await store.close();
    expect(await run('audit', 'verify')).toEqual({ code: 1, out: 'the chain is broken at row 1\n', err: '' });
  });
});
