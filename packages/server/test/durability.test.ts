/** What is acknowledged survives kill -9; what is secret is nowhere. On the real process, with its real files. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode, iso15118_2 } from '@plugpool/exi';
import { openContractKey, readCertificate } from '@plugpool/iso15118';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../src/store/store.ts';
import { call, namespace, opnc } from './dialects.ts';
import { base64, enrol, installationReq, randomEmaid, randomPcid } from './roles.ts';
import { dataFolder, kill, serve } from './served-process.ts';

describe('the process', () => {
  test('ok/every certificate handed out before kill -9 is on record afterwards', async () => {
    const data = await dataFolder();
    const running = await serve(data);
    const handedOut: string[] = [];
    const enrolling = Array.from({ length: 80 }, async () => {
      const leaf = await enrol(running.url, 'oem', randomPcid()).catch(() => undefined);
      if (leaf === undefined) return;
      handedOut.push(leaf.certificate.fingerprint);
      // In the middle of the others.
      if (handedOut.length === 20) running.process.kill('SIGKILL');
    });
    await Promise.all(enrolling);
    await kill(running.process, 'SIGKILL');
    expect(handedOut.length).toBeGreaterThanOrEqual(20);

    const store = await openStore({ dataDirectory: data });
    onTestFinished(store.close);
    const rows = await store.db.selectFrom('issued_certificate').select(['fingerprint', 'serial_hex']).execute();
    const recorded = new Set(rows.map(({ fingerprint }) => fingerprint));
    expect(handedOut.filter((fingerprint) => !recorded.has(fingerprint))).toEqual([]);
    expect(new Set(rows.map(({ serial_hex }) => serial_hex)).size).toBe(rows.length);
  });

  test('ok/every vehicle acknowledged before kill -9 is there afterwards', async () => {
    const data = await dataFolder();
    const first = await serve(data);
    const cars = await Promise.all(Array.from({ length: 40 }, () => enrol(first.url, 'oem', randomPcid())));
    const acknowledged: string[] = [];
    const publishing = cars.map(async (car) => {
      const answer = await call(first.url, opnc.publish(car)).catch(() => undefined);
      if (answer?.status !== 200) return;
      acknowledged.push(base64(car.certificate.der));
      // In the middle of the others.
      if (acknowledged.length === 15) first.process.kill('SIGKILL');
    });
    await Promise.all(publishing);
    await kill(first.process, 'SIGKILL');
    expect(acknowledged.length).toBeGreaterThanOrEqual(15);

    const second = await serve(data);
    const known = new Set<string>();
    for (const car of cars) {
      const pcid = car.certificate.subject.attributes.at(-1)?.value ?? '';
      const found = await call(second.url, opnc.vehicle(pcid));
      if (found.status === 200) known.add(String(opnc.vehicleCertificate(found.json)));
    }
    expect(acknowledged.filter((certificate) => !known.has(certificate))).toEqual([]);
  });

  test('ok/ends in order on SIGTERM, with requests under way answered', async () => {
    const { url, process: child } = await serve(await dataFolder());
    const underWay = call(url, opnc.roots);
    const started = Date.now();
    await underWay;
    expect(await kill(child, 'SIGTERM')).toBe(0);
    expect(Date.now() - started).toBeLessThan(8_000);
  });

  test('ok/a generated contract key is in the car, and in no file and no log', async () => {
    const data = await dataFolder();
    const server = await serve(data);
    const pcid = randomPcid();
    const car = await enrol(server.url, 'oem', pcid);
    await call(server.url, opnc.publish(car));
    const body = {
      contractBegins: new Date(Date.now() - 60_000).toISOString(),
      contractEnds: new Date(Date.now() + 3_600_000).toISOString(),
      emaid: randomEmaid(),
      pcid,
      xsdMsgDefNamespace: namespace,
    };
    const path = '/opnc/v1/cps/contractData/generateandsign';
    expect((await call(server.url, { method: 'PUT', path, body })).status).toBe(201);
    const installed = await call(server.url, opnc.install(await installationReq(car)));
    const document = decode(iso15118_2, Buffer.from(opnc.delivered(installed.json)[0] ?? '', 'base64'));
    const res = document.V2G_Message?.Body.CertificateInstallationRes;
    if (res === undefined) throw new Error('no installation response');
    const { scalar } = openContractKey({
      curve: 'secp256r1',
      vehiclePrivateKey: car.key.privateKey,
      contractPublicKey: readCertificate(res.ContractSignatureCertChain.Certificate).publicKey.point,
      encryptedPrivateKey: res.ContractSignatureEncryptedPrivateKey.value,
      dhPublicKey: res.DHpublickey.value,
    });

    const secret = Buffer.from(scalar);
    const forms = [secret, Buffer.from(secret.toString('hex')), Buffer.from(secret.toString('base64').slice(0, 40))];
    const holds = (bytes: Buffer) => forms.some((form) => bytes.includes(form));
    const files = await readdir(data);
    expect(files).toContain('plugpool.db');
    for (const file of files) {
      const bytes = await readFile(join(data, file));
      expect({ file, holdsKey: holds(bytes) }).toEqual({ file, holdsKey: false });
      // CA keys are sealed: no PKCS#8 of a P-256 key either (its fixed beginning is 26 octets).
      const pkcs8 = Buffer.from('30818702010030130607', 'hex');
      expect({ file, holdsPkcs8: bytes.includes(pkcs8) }).toEqual({ file, holdsPkcs8: false });
    }
    expect(server.printed()).toContain('"msg":"answered"');
    expect(holds(Buffer.from(server.printed()))).toBe(false);
  });
});
