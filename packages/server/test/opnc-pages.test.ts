/** Pages of the OPNC's lists, and that an unpaged call answers what it always did. */
import { beforeAll, describe, expect, test } from 'vitest';
import { at, call, list, opnc } from './dialects.ts';
import { publishedCar, sealedContract } from './operations.ts';
import { refusal } from './refusal.ts';
import { eachServer, type TestServer } from './running-server.ts';

const CONTRACTS = 5;

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let contracts: string;
  beforeAll(async () => {
    server = await start();
    const car = await publishedCar(server.url);
    for (let count = 0; count < CONTRACTS; count++) {
      const signed = await call(server.url, opnc.sign(await sealedContract(server.url, car)));
      expect(signed.status).toBe(201);
    }
    contracts = `/opnc/v1/ccp/contractData/pcid/${car.pcid}`;
  });

  const get = (path: string) => call(server.url, { method: 'GET', path });
  const emaids = (answer: unknown) => list(at(answer, 'contractDataCollection')).map((entry) => at(entry, 'emaid'));

  test('ok/without offset and limit everything, and no header of a page', async () => {
    const all = await get(contracts);
    expect(emaids(all.json)).toHaveLength(CONTRACTS);
    for (const name of ['link', 'x-total-count', 'x-limit']) expect(all.headers.get(name), name).toBeNull();
  });

  test('ok/the links lead through all pages, each entry once and in the same order', async () => {
    const found: unknown[] = [];
    let next: string | undefined = `${contracts}?limit=2&xsdMsgDefNamespace=urn:iso:15118:2:2013:MsgDef`;
    const totals: (string | null)[] = [];
    while (next !== undefined) {
      const page = await get(next);
      expect(page.status).toBe(200);
      totals.push(page.headers.get('x-total-count'));
      found.push(...emaids(page.json));
      next = /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(totals).toEqual(['5', '5', '5']);
    expect(found).toEqual(emaids((await get(contracts)).json));
  });

  test.each([
    ['offset=3', 2, '1000'],
    ['offset=3&limit=1', 1, '1'],
    ['offset=5', 0, '1000'],
    ['offset=999999999&limit=999999999', 0, '1000'],
  ])('ok/%s', async (query, entries, limit) => {
    const page = await get(`${contracts}?${query}`);
    expect([page.status, emaids(page.json).length, page.headers.get('x-limit')]).toEqual([200, entries, limit]);
  });

  test.each(['/opnc/v1/rcp/rootcertificates', '/opnc/v1/cps/cpsCertificates'])('ok/%s has pages', async (path) => {
    const all = Object.values(Object((await get(path)).json)).flatMap(list);
    expect(all.length).toBeGreaterThan(1);
    const last = await get(`${path}?offset=${all.length - 1}&limit=10`);
    expect(Object.values(Object(last.json)).flatMap(list)).toEqual(all.slice(-1));
    expect(last.headers.get('link')).toBeNull();
  });

  test.each([
    ['limit=0', 'limit : must be at least 1'],
    ['limit=', 'limit : must match "^[0-9]{1,9}$"'],
    ['offset=-1', 'offset : must match "^[0-9]{1,9}$"'],
    ['offset=1e3', 'offset : must match "^[0-9]{1,9}$"'],
    ['offset=1&offset=2', 'offset : must be a string'],
  ])('fail/%s', async (query, text) => {
    const refused = await refusal(server.url, { method: 'GET', path: `${contracts}?${query}` });
    expect(refused).toEqual({ status: 400, errorMessages: [text] });
  });
});
