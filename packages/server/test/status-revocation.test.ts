/** Revocation over the OPNC: who may be revoked, and where it shows. */
import { extendedKeyUsages, readCertificate, toPem } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { answerIn, crlOf, ocspRequest, postOcsp, revokeOverOpnc, statusesIn } from './certificate-status.ts';
import { call, opnc } from './dialects.ts';
import { type Car, publishedCar, sealedContract } from './operations.ts';
import { issue } from './own-pki.ts';
import { base64, enrol, installationReq, type Leaf, randomEmaid, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

const PKI = '/opnc/v1/pki';

describe.each(eachServer())('revocation on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  const newLeaf = () => enrol(server.url, 'cpo', `DE*PPL*E${Math.floor(Math.random() * 1e9)}`);
  const statusOf = async ({ certificate, subCa2 }: Leaf) => {
    const [status] = await statusesIn(await postOcsp(server.url, ocspRequest([{ certificate, issuer: subCa2 }])));
    return status;
  };
  const messagesOf = async (response: Response) => {
    const { errorMessages }: { errorMessages: unknown } = JSON.parse(await response.text());
    return [response.status, errorMessages];
  };

  test.each([
    'unspecified',
    'keyCompromise',
    'affiliationChanged',
    'superseded',
    'cessationOfOperation',
    'privilegeWithdrawn',
    'aACompromise',
  ])('ok/for the reason %s', async (reason) => {
    const leaf = await newLeaf();
    const response = await revokeOverOpnc(server.url, base64(leaf.certificate.der), reason);
    expect([response.status, await response.text()]).toEqual([200, '']);
    const crl = await crlOf(server.url, 'cpo-sub2', leaf.subCa2);
    for (const status of [await statusOf(leaf), crl.revocationOf(leaf.certificate.serialHex)]) {
      expect(status).toMatchObject(reason === 'unspecified' ? {} : { reason });
      expect(status).toHaveProperty('revokedAt');
    }
  });

  test.each<[string, string, (leaf: Leaf) => string]>([
    ['DER in base64', `${PKI}/revokeCertificate`, ({ certificate }) => base64(certificate.der)],
    ['the longer path', `${PKI}/pki/revokeCertificate`, ({ certificate }) => base64(certificate.der)],
    ['another letter case', `${PKI}/revokecertificate/`, ({ certificate }) => base64(certificate.der)],
    ['PEM', `${PKI}/revokeCertificate`, ({ certificate }) => toPem('CERTIFICATE', certificate.der)],
    [
      'PEM in base64',
      `${PKI}/revokeCertificate`,
      ({ certificate }) => base64(Buffer.from(toPem('CERTIFICATE', certificate.der))),
    ],
  ])('ok/certificate as %s', async (_title, path, written) => {
    const leaf = await newLeaf();
    expect((await revokeOverOpnc(server.url, written(leaf), 'superseded', path)).status).toBe(200);
    expect(await statusOf(leaf)).toMatchObject({ reason: 'superseded' });
  });

  test('ok/twice: date and reason stay those of the first time', async () => {
    const leaf = await newLeaf();
    await revokeOverOpnc(server.url, base64(leaf.certificate.der), 'superseded');
    const first = await statusOf(leaf);
    const again = await revokeOverOpnc(server.url, base64(leaf.certificate.der), 'keyCompromise');
    expect([again.status, await statusOf(leaf)]).toEqual([200, first]);
  });

  test('refused/what our CAs did not issue', async () => {
    const { subCa2 } = await newLeaf();
    const elsewhere = await issue({
      profile: 'secc',
      commonName: 'DE*PPL*E1',
      issuer: await issue({ profile: 'root', commonName: 'X' }),
    });
    const forged = await issue({
      profile: 'secc',
      commonName: 'DE*PPL*E2',
      content: { issuer: subCa2.subject },
    });
    for (const { certificate } of [elsewhere, forged]) {
      expect(await messagesOf(await revokeOverOpnc(server.url, base64(certificate.der)))).toEqual([
        400,
        ['certificate : was not issued by a CA of this ecosystem'],
      ]);
    }
  });

  test('refused/what the PKI itself works with', async () => {
    const leaf = await newLeaf();
    const [answer] = (await answerIn(await postOcsp(server.url, ocspRequest([{ ...leaf, issuer: leaf.subCa2 }]))))
      .certificates;
    const responder = readCertificate(answer ?? new Uint8Array());
    expect(responder.extendedKeyUsage).toEqual([extendedKeyUsages.ocspSigning]);
    const signer = await server.store.db
      .selectFrom('authority')
      .select('certificate')
      .where('name', '=', 'cps-signer')
      .executeTakeFirstOrThrow();
    for (const der of [leaf.subCa2.der, leaf.subCa1.der, leaf.root.der, signer.certificate, responder.der]) {
      expect(await messagesOf(await revokeOverOpnc(server.url, base64(der)))).toEqual([
        400,
        ['certificate : belongs to the PKI itself, its operator revokes it'],
      ]);
    }
    expect(
      await server.store.db
        .selectFrom('issued_certificate')
        .select('serial_hex')
        .where('revoked_at', 'is not', null)
        .where('authority_name', 'like', '%-sub1')
        .execute(),
    ).toEqual([]);
  });

  test('refused/reasons that are none', async () => {
    const leaf = await newLeaf();
    for (const reason of ['', 'KeyCompromise', 'certificateHold', 'cACompromise', 'constructor']) {
      expect(await messagesOf(await revokeOverOpnc(server.url, base64(leaf.certificate.der), reason))).toEqual([
        400,
        [expect.stringMatching(/^revocationReason : must be one of \["unspecified",/)],
      ]);
    }
    expect(await statusOf(leaf)).toBe('good');
  });

  describe('cars', () => {
    let car: Car;
    const install = async () =>
      await call(server.url, opnc.install(await installationReq(car), { alwaysReturnEXI: 'false' }));
    beforeAll(async () => {
      car = await publishedCar(server.url);
    });

    test('ok/a revoked contract is not installed, the rest of the pool is', async () => {
      const data = await sealedContract(server.url, car, randomEmaid());
      expect((await call(server.url, opnc.sign(data))).status).toBe(201);
      expect((await install()).status).toBe(200);
      await revokeOverOpnc(server.url, base64(data.contract.certificate.der), 'privilegeWithdrawn');
      expect(await install()).toMatchObject({ status: 404 });
    });

    test('ok/a withdrawn contract is told as revoked', async () => {
      const data = await sealedContract(server.url, car, randomEmaid());
      await call(server.url, opnc.sign(data));
      expect((await call(server.url, opnc.withdraw(data.emaid))).status).toBe(200);
      expect(await statusOf(data.contract)).toMatchObject({ reason: 'cessationOfOperation' });
      const crl = await crlOf(server.url, 'mo-sub2', data.contract.subCa2);
      expect(crl.revocationOf(data.contract.certificate.serialHex)).toMatchObject({ reason: 'cessationOfOperation' });
    });

    test('ok/a revoked vehicle gets nothing', async () => {
      car = await publishedCar(server.url);
      const data = await sealedContract(server.url, car, randomEmaid());
      await call(server.url, opnc.sign(data));
      await revokeOverOpnc(server.url, base64(car.certificate.der), 'keyCompromise');
      expect(await install()).toMatchObject({
        status: 400,
        json: {
          errorMessages: [expect.stringMatching(/^certificateInstallationReq\.OEMProvisioningCert : is revoked/)],
        },
      });
    });
  });

  test('ok/names that were revoked can be enrolled again', async () => {
    const pcid = randomPcid();
    const first = await enrol(server.url, 'oem', pcid);
    await revokeOverOpnc(server.url, base64(first.certificate.der), 'superseded');
    expect(await statusOf(await enrol(server.url, 'oem', pcid))).toBe('good');
  });
});
