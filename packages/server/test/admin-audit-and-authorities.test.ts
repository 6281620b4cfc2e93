/** What the console shows of the audit log and of the authorities. */
import { readCertificate } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../src/access/audit-log.ts';
import { at, call, list } from './dialects.ts';
import { partyWithToken, type TestParty } from './parties.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('operators on $kind', ({ start }) => {
  let server: TestServer;
  let operator: TestParty;
  beforeAll(async () => {
    server = await start({ auth: 'oauth2' });
    operator = await partyWithToken(server, { roles: ['operator'] });
    const rows = (from: number, count: number, time: (row: number) => number) =>
      Promise.all(
        Array.from({ length: count }, (_, row) =>
          audit(server.store.db, time(row), [{ operation: 'contract.deliver', object: `EMAID${from + row}` }]),
        ),
      );
    // Many of one millisecond: a page can end between them.
    await rows(0, 30, () => 1_000_000);
    await rows(30, 30, (row) => 2_000_000 + row);
  });

  const get = (path: string) => call(server.url, { method: 'GET', path, headers: operator.headers });
  const file = async (path: string) => {
    const answer = await fetch(server.url + path, { headers: operator.headers });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };

  test('ok/pages of the audit log have every row once', async () => {
    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const more = cursor === undefined ? '' : `&cursor=${String(cursor)}`;
      const { json } = await get(`/admin/v1/audit?operation=contract.deliver&limit=7${more}`);
      seen.push(...list(at(json, 'entries')).map((entry) => at(entry, 'object')));
      cursor = at(json, 'next');
    } while (cursor !== undefined);
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
    expect(seen[0]).toBe('EMAID59');
    expect((await get('/admin/v1/audit?cursor=nonsense')).status).toBe(400);
  });

  test('ok/the same as lines of JSON, and as a table', async () => {
    const lines = await file('/admin/v1/audit/export?format=ndjson&operation=contract.deliver');
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson');
    expect(lines.headers.get('content-disposition')).toBe('attachment; filename="audit.ndjson"');
    const rows = lines.text
      .trim()
      .split('\n')
      .map((line) => at(JSON.parse(line), 'object'));
    expect([rows.length, rows[0]]).toEqual([60, 'EMAID59']);
    await audit(server.store.db, 3_000_000, [{ operation: 'root.add', object: '=HYPERLINK("x"), and more' }]);
    const table = await file('/admin/v1/audit/export?format=csv&operation=root.add&until=1970-01-02');
    expect(table.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(table.text.split('\r\n').map((line) => line.split(',').slice(0, 3))).toEqual([
      ['at', 'actor', 'operation'],
      ['1970-01-01T00:50:00.000Z', 'system', 'root.add'],
      [''],
    ]);
    // No spreadsheet takes it for a formula.
    expect(table.text).toContain(`"'=HYPERLINK(""x""), and more"`);
  });

  test.each(['format=xml', 'format=csv&since=yesterday', ''])('fail/export with "%s"', async (query) => {
    expect((await file(`/admin/v1/audit/export?${query}`)).status).toBe(400);
  });

  test('fail/export by others', async () => {
    const { headers } = await partyWithToken(server, { roles: ['oem'] });
    const answer = await call(server.url, { method: 'GET', path: '/admin/v1/audit/export?format=csv', headers });
    expect(answer.status).toBe(403);
  });

  test('ok/the chain: it holds, and shows where it does not', async () => {
    const { json } = await get('/admin/v1/audit/chain');
    expect(json).toMatchObject({ valid: true });
    expect(Number(at(json, 'rows')) + Number(at(json, 'notChained'))).toBeGreaterThan(60);
    const { db } = server.store;
    await expect
      .poll(() => db.selectFrom('audit').selectAll().where('position', '=', 2).executeTakeFirst(), { timeout: 20_000 })
      .toBeDefined();
    await db.updateTable('audit').set({ actor: 'party:somebody-else' }).where('position', '=', 2).execute();
    expect((await get('/admin/v1/audit/chain')).json).toMatchObject({ valid: false, brokenAt: 2 });
  });

  test('ok/authorities: where the keys are, and a successor', async () => {
    const authorities = list(at((await get('/admin/v1/authorities')).json, 'authorities'));
    const of = (name: string) => authorities.find((each) => at(each, 'name') === name);
    expect(of('oem-sub2')).toMatchObject({
      edition: 'ISO15118-2',
      algorithm: 'secp256r1',
      issuer: 'oem-sub1',
      current: true,
      revoked: false,
      keyLocation: 'database',
    });
    expect(of('v2g-root')).toMatchObject({ issuer: null });
    const root = readCertificate(Buffer.from(String(at(of('v2g-root'), 'certificate')), 'base64'));
    expect(root.fingerprint).toBe(at(of('v2g-root'), 'fingerprint'));

    const rotate = (name: string, headers = operator.headers) =>
      call(server.url, { method: 'POST', path: `/admin/v1/authorities/${name}/rotate`, headers });
    expect(await rotate('oem-sub2')).toMatchObject({ status: 201, json: { name: 'oem-sub2-g2', current: true } });
    const after = list(at((await get('/admin/v1/authorities')).json, 'authorities'));
    expect(after).toHaveLength(authorities.length + 1);
    expect(after.find((each) => at(each, 'name') === 'oem-sub2')).toMatchObject({ current: false });
    expect((await rotate('v2g-root')).status).toBe(400);
    expect((await rotate('nobody')).status).toBe(404);
    const oem = await partyWithToken(server, { roles: ['oem'] });
    expect((await rotate('mo-sub2', oem.headers)).status).toBe(403);
  });
});
