/** Contracts that are ordered at the same time share a transaction; none of them depends on the others. */
import { parseEmaid, parsePcid } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../src/store/query-builder.ts';
import { at, call, list, opnc } from './dialects.ts';
import { enrol, randomEmaid, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('on $kind', ({ kind, start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  async function publishedPcid(): Promise<string> {
    const pcid = randomPcid();
    const car = { ...(await enrol(server.url, 'oem', pcid)), pcid };
    expect((await call(server.url, opnc.publish(car))).status).toBe(200);
    return pcid;
  }

  const order = async (pcid: string, emaid = randomEmaid()) => {
    const contractBegins = new Date(Date.now() - 60_000).toISOString();
    const contractEnds = new Date(Date.now() + 86_400_000).toISOString();
    const body = { pcid, emaid, contractBegins, contractEnds, xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef' };
    return await call(server.url, { method: 'PUT', path: '/opnc/v1/cps/contractData/generateandsign', body });
  };

  const ofVehicle = async (pcid: string) => {
    const { json } = await call(server.url, { method: 'GET', path: `/opnc/v1/ccp/contractData/pcid/${pcid}` });
    return list(at(json, 'contractDataCollection')).map((entry) => ({
      emaid: at(entry, 'emaid'),
      isDefault: at(entry, 'defaultContract'),
    }));
  };

  test('ok/many vehicles, several contracts each: all stored, one default each', async () => {
    const pcids = await Promise.all([1, 2, 3, 4].map(publishedPcid));
    const answers = await Promise.all([...pcids, ...pcids, ...pcids].map((pcid) => order(pcid)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 201));
    for (const pcid of pcids) {
      const contracts = await ofVehicle(pcid);
      expect(contracts.map(({ isDefault }) => isDefault)).toEqual([true, false, false]);
      expect(new Set(contracts.map(({ emaid }) => emaid)).size).toBe(3);
    }
  });

  test('refused/one EMAID for two vehicles goes to one of them, and all others are stored', async () => {
    const [one, two] = [await publishedPcid(), await publishedPcid()];
    const emaid = randomEmaid();
    const taken = await Promise.all([order(one, emaid), order(two, emaid)].flatMap((each) => [each, order(one)]));
    expect(taken.map(({ status }) => status).sort()).toEqual([201, 201, 201, 400]);
    const refused = taken.find(({ status }) => status === 400);
    expect(refused?.text).toContain('EMAID is already used by other PCID');
    const stored = [...(await ofVehicle(one)), ...(await ofVehicle(two))];
    expect(stored.filter((contract) => contract.emaid === emaid)).toHaveLength(1);
  });

  // SQLite has one writer at a time.
  test.skipIf(kind === 'sqlite').each([
    ['refused/an EMAID that another process writes down for another vehicle at this moment', 'another', 400],
    ['ok/an EMAID that another process writes down for the same vehicle at this moment', 'the same', 201],
  ] as const)('%s', async (_title, whose, status) => {
    const { store } = server;
    const pcid = await publishedPcid();
    const emaid = randomEmaid();
    const owner = whose === 'another' ? await publishedPcid() : pcid;
    const names = { emaid: parseEmaid(emaid), pcid: parsePcid(owner), shown_pcid: owner };
    const waits = sql`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' limit 1`;
    const ordered = await store.transaction(async (tx) => {
      await tx
        .insertInto('contract')
        .values({ ...names, provider_id: emaid.slice(0, 5), created_at: Date.now() })
        .execute();
      const answer = order(pcid, emaid);
      await expect.poll(async () => (await waits.execute(store.db)).rows.length, { timeout: 10_000 }).toBe(1);
      return { answer };
    });
    expect((await ordered.answer).status).toBe(status);
    expect(await ofVehicle(pcid)).toHaveLength(status === 201 ? 1 : 0);
  });

  test('ok/one EMAID ordered several times at once is one contract with the certificate of one of the orders', async () => {
    const pcid = await publishedPcid();
    const emaid = randomEmaid();
    const answers = await Promise.all([1, 2, 3].map(() => order(pcid, emaid)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await ofVehicle(pcid)).toEqual([{ emaid, isDefault: true }]);
  });
});
