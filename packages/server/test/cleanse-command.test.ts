/** `plugpool cleanse` as the operator calls it, beside a server that runs, and twice at the same time. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { at, call, list, opnc } from './dialects.ts';
import { type Car, publishedCar, sealedContract } from './operations.ts';
import { base64 } from './roles.ts';
import { dataFolder, serve } from './served-process.ts';
import { eachDatabase } from './stores.ts';
import { eventually, register, startReceiver } from './webhook-receiver.ts';

const BINARY = new URL('../bin/plugpool.js', import.meta.url).pathname;
const runFile = promisify(execFile);
const none = { expired: 0, revoked: 0 };

describe.each(eachDatabase())('on $kind', ({ create }) => {
  async function running() {
    const database = await create();
    onTestFinished(database.drop);
    const { location } = database;
    const data = 'dataDirectory' in location ? location.dataDirectory : await dataFolder();
    const env = 'dataDirectory' in location ? {} : { PLUGPOOL_DATABASE_URL: location.databaseUrl };
    const { url } = await serve(data, env);
    const cleanse = (...flags: string[]) =>
      runFile(process.execPath, [BINARY, 'cleanse', '--data', data, ...flags], {
        env: { PATH: process.env['PATH'], ...env },
      });
    return { url, cleanse };
  }

  async function contractFor(url: string, car: Car) {
    const data = await sealedContract(url, car);
    expect((await call(url, opnc.sign(data))).status).toBe(201);
    return data;
  }

  async function revoke(url: string, certificate: Uint8Array) {
    const body = { certificate: base64(certificate), revocationReason: 'superseded' };
    expect((await call(url, { method: 'POST', path: '/opnc/v1/pki/revokeCertificate', body })).status).toBe(200);
  }

  async function contractsLeft(url: string, pcid: string): Promise<number> {
    const { json } = await call(url, { method: 'GET', path: `/v1/ccp/signedContractData/${pcid}` });
    return list(at(json, 'XMLContracts')).length;
  }

  test('ok/dry run, progress, summary, and JSON', async () => {
    const { url, cleanse } = await running();
    const car = await publishedCar(url);
    const [revoked] = [await contractFor(url, car), await contractFor(url, car)];
    await revoke(url, revoked.contract.certificate.der);
    const looked = await cleanse('--dry-run');
    expect(looked.stdout).toBe(
      'WOULD GO   EXPIRED  REVOKED\nroots            0        0\nvehicles         0        0\ncontracts        0        1\n',
    );
    expect(looked.stderr).toContain('100 %: ');
    expect(await contractsLeft(url, car.pcid)).toBe(2);
    const done = await cleanse('--json');
    expect(JSON.parse(done.stdout)).toEqual({
      roots: none,
      vehicles: none,
      contracts: { expired: 0, revoked: 1, withVehicle: 0 },
      events: 0,
    });
    expect(await contractsLeft(url, car.pcid)).toBe(1);
    expect((await cleanse()).stdout).toBe(
      'REMOVED    EXPIRED  REVOKED\nroots            0        0\nvehicles         0        0\ncontracts        0        0\n' +
        'with their vehicles: 0 contracts; old events: 0\n',
    );
  });

  test('ok/two at once, beside a server, remove and tell everything once', async () => {
    const { url, cleanse } = await running();
    const listener = await startReceiver();
    const enabledEvents = ['oem.contract.deleted', 'mo.prov.cert.deleted'];
    await register(url, { url: listener.url, enabledEvents });
    const cars: Car[] = [];
    for (let n = 0; n < 40; n++) cars.push(await publishedCar(url));
    const withContracts = cars.slice(0, 8);
    for (const car of withContracts) await contractFor(url, car);
    for (const car of withContracts) await revoke(url, (await contractFor(url, car)).contract.certificate.der);
    for (const car of cars.slice(4)) await revoke(url, car.certificate.der);
    const runs = await Promise.all([cleanse('--json'), cleanse('--json')]);
    const summaries = runs.map(({ stdout }) => JSON.parse(stdout));
    const sum = (...path: string[]) => summaries.map((each) => Number(at(each, ...path))).reduce((a, b) => a + b, 0);
    expect(sum('vehicles', 'revoked')).toBe(36);
    expect(sum('contracts', 'withVehicle') + sum('contracts', 'revoked')).toBe(4 * 2 + 4);
    await eventually(() => expect(listener.received).toHaveLength(12));
    expect(new Set(listener.received.map(({ payload }) => at(payload, 'emaid'))).size).toBe(12);
    const types = listener.received.map(({ eventType }) => eventType).sort();
    expect(types).toEqual([...Array(8).fill('mo.prov.cert.deleted'), ...Array(4).fill('oem.contract.deleted')]);
    for (const { pcid } of cars.slice(0, 4)) expect(await contractsLeft(url, pcid)).toBe(1);
  });

  test('fail/a word too many', async () => {
    const failed = await runFile(process.execPath, [BINARY, 'cleanse', 'everything']).catch((error) => error);
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('"everything" is one word too many') });
  });
});
