/** Callers that step on each other's feet: each answer is one that the caller could have got alone. */
import { beforeAll, describe, expect, test } from 'vitest';
import { at, call, list, opcp, opnc, type SealedContract } from './dialects.ts';
import { enrol, type Leaf, randomEmaid, randomPcid, sealedFor } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  async function publishedCar(): Promise<Leaf & { pcid: string }> {
    const pcid = randomPcid();
    const car = { ...(await enrol(server.url, 'oem', pcid)), pcid };
    await call(server.url, opnc.publish(car));
    return car;
  }

  async function sealed(car: Leaf & { pcid: string }, emaid = randomEmaid()): Promise<SealedContract> {
    const contract = await enrol(server.url, 'mo', emaid);
    return { emaid, pcid: car.pcid, contract, ...sealedFor(car.certificate, contract) };
  }

  const contractsOf = async (pcid: string) =>
    list(
      at((await call(server.url, { method: 'GET', path: `/v1/ccp/signedContractData/${pcid}` })).json, 'XMLContracts'),
    );

  test('ok/of contracts that arrive together one is the default', async () => {
    const car = await publishedCar();
    const data = await Promise.all(Array.from({ length: 8 }, () => sealed(car)));
    const answers = await Promise.all(data.map((each) => call(server.url, opnc.sign(each))));
    expect(answers.map(({ status }) => status)).toEqual(data.map(() => 201));
    const stored = await contractsOf(car.pcid);
    expect(stored).toHaveLength(data.length);
    expect(stored.filter((entry) => at(entry, 'defaultContract') === true)).toHaveLength(1);
  });

  test('ok/of two vehicles that want one EMAID one gets it', async () => {
    const cars = [await publishedCar(), await publishedCar()];
    const emaid = randomEmaid();
    const data = await Promise.all(cars.map((car) => sealed(car, emaid)));
    const answers = await Promise.all(data.map((each) => call(server.url, opcp.sign(each))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400]);
    const owners = await Promise.all(cars.map(async ({ pcid }) => (await contractsOf(pcid)).length));
    expect(owners.sort()).toEqual([0, 1]);
  });

  test('ok/signing, withdrawing, depublishing and publishing at the same time', async () => {
    const car = await publishedCar();
    const [one, other] = [await sealed(car), await sealed(car)];
    const calls = Array.from({ length: 6 }, () => [
      opnc.sign(one),
      opcp.sign(other),
      opnc.withdraw(one.emaid),
      opcp.withdraw(other.emaid),
      opnc.depublish(car.pcid),
      opcp.publish(car),
      { method: 'POST', path: `/v1/ccp/signedContractData/${car.pcid}/${one.emaid}/default` },
    ]).flat();
    const answers = await Promise.all(calls.map((each) => call(server.url, each)));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => ![200, 201, 400, 404].includes(status))).toEqual([]);
    const { db } = server.store;
    const defaults = await db.selectFrom('default_contract').select('emaid').where('pcid', '=', car.pcid).execute();
    expect(defaults.length).toBeLessThanOrEqual(1);
    const known = await db.selectFrom('vehicle').select('pcid').where('pcid', '=', car.pcid).execute();
    const orphans = await db.selectFrom('contract').select('emaid').where('pcid', '=', car.pcid).execute();
    if (known.length === 0) expect(orphans).toEqual([]);
  });
});
