/** Cars of ISO 15118-20 that sign well, and whose certificates or contracts are not to be used. */
import { namespaceOfEdition } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { iso20Requests } from './bad-requests.ts';
import { call, opnc } from './dialects.ts';
import { wrongKeys } from './no-certificates.ts';
import { DAY_MS, issue, ownPkiOn } from './own-pki.ts';
import { expectRefused } from './refusal.ts';
import { type RefusedCar, refusesCars } from './refused-cars-20.ts';
import { base64, enrol, randomEmaid, randomPcid } from './roles.ts';
import {
  type Car20,
  CURVES_20,
  contractIn20,
  in20,
  installationReq20,
  OTHER_CURVE,
  opened20,
  publishedCar20,
} from './roles-20.ts';
import { eachServer, type TestServer } from './running-server.ts';

const NOT_FOUND = /^Contract or Vehicle not found\.$/;
const CERTIFICATE = '^certificateInstallationReq.OEMProvisioningCertificateChain.Certificate : ';
const YEAR_MS = 365 * DAY_MS;

describe.each(eachServer())('on $kind', ({ start }) => {
  describe.each(CURVES_20)('a car on %s', (curve) => {
    const STARTED = Date.now();
    let server: TestServer;
    let car: Car20;
    let good: Uint8Array;
    let travelled = 0;
    beforeAll(async () => {
      server = await start({ clock: { now: () => STARTED + travelled } });
      car = await publishedCar20(server.url, curve);
      await contractIn20(server.url, car);
      good = await installationReq20(car);
    });

    const refuses = (cases: Readonly<Record<string, RefusedCar>>) =>
      refusesCars(server, cases, Math.floor((STARTED + travelled) / 1000));

    const delivered = async (exi: Uint8Array) => {
      const answer = await call(server.url, in20(opnc.install(exi)));
      return { status: answer.status, delivered: opnc.delivered(answer.json) };
    };

    test('fail/certificates', async () => {
      const again = await enrol(server.url, 'oem', car.pcid, curve);
      const onOtherCurve = await enrol(server.url, 'oem', car.pcid, OTHER_CURVE[curve]);
      const ofIso2 = await enrol(server.url, 'oem', car.pcid);
      const own = await ownPkiOn(curve, 'Attacker');
      const forged = await issue({ profile: 'oem', commonName: car.pcid, issuer: own.subCa2, curve });
      const stranger = await enrol(server.url, 'oem', randomPcid(), curve);
      const contract = await enrol(server.url, 'mo', randomEmaid(), curve);
      const bare = await publishedCar20(server.url, curve);
      const der = car.certificate.der;
      const notPublished = /is not the certificate that is published/;
      const chain = (exi: Uint8Array, text: RegExp): RefusedCar => ({
        exi,
        status: 400,
        code: 'WARNING_CertificateValidationError',
        text: new RegExp(CERTIFICATE + text.source),
      });
      const unknown = (exi: Uint8Array): RefusedCar => ({
        exi,
        status: 404,
        code: 'WARNING_NoContractMatchingPCIDFound',
        text: NOT_FOUND,
      });
      const { OEMProvisioningCertificateChain: sent } = iso20Requests.read(good).request;
      const holding = (Certificate: Uint8Array) =>
        iso20Requests.changed(good, { request: { OEMProvisioningCertificateChain: { ...sent, Certificate } } });
      const unreadable: [string, Uint8Array][] = [
        ['empty', new Uint8Array(0)],
        ['one octet', Uint8Array.of(0x30)],
        ['truncated', der.subarray(0, -1)],
        ['with an octet behind', Uint8Array.of(...der, 0)],
        ['twice', Uint8Array.of(...der, ...der)],
        ['zeros', new Uint8Array(1600)],
        ['over 64 KiB less one', new Uint8Array(65_535).fill(0x30)],
        ...(await wrongKeys(own.subCa2, car.pcid)),
      ];
      await refuses({
        'the same name, enrolled again': chain(await installationReq20(again), notPublished),
        'the same name on the other curve': chain(await installationReq20(onOtherCurve), notPublished),
        'the same name from another CA': chain(await installationReq20({ ...again, ...forged }), notPublished),
        'the same name on secp256r1': chain(holding(ofIso2.certificate.der), notPublished),
        ...Object.fromEntries(unreadable.map(([title, octets]) => [title, chain(holding(octets), /./)])),
        'a vehicle that is not in the pool': unknown(await installationReq20(stranger)),
        'a contract certificate': unknown(await installationReq20(contract)),
        'a sub CA': unknown(await installationReq20({ ...car, certificate: car.subCa2 })),
        'a vehicle without contract': unknown(await installationReq20(bare)),
      });
    });

    test('fail/a vehicle that is published in ISO 15118-2 alone, and its certificate in a request of -20', async () => {
      const pcid = randomPcid();
      const ofIso2 = { ...(await enrol(server.url, 'oem', pcid)), pcid };
      expect((await call(server.url, opnc.publish(ofIso2))).status).toBe(200);
      const { OEMProvisioningCertificateChain: sent } = iso20Requests.read(good).request;
      const OEMProvisioningCertificateChain = { ...sent, Certificate: ofIso2.certificate.der };
      await refuses({
        'its certificate': {
          exi: iso20Requests.changed(good, { request: { OEMProvisioningCertificateChain } }),
          status: 404,
          code: 'WARNING_NoContractMatchingPCIDFound',
          text: NOT_FOUND,
        },
      });
    });

    test('fail/a vehicle certificate that is revoked', async () => {
      const revoked = await publishedCar20(server.url, curve);
      await contractIn20(server.url, revoked);
      const body = { certificate: base64(revoked.certificate.der), revocationReason: 'keyCompromise' };
      const path = '/opnc/v1/pki/revokeCertificate';
      expect((await call(server.url, { method: 'POST', path, body })).status).toBe(200);
      await refuses({
        revoked: {
          exi: await installationReq20(revoked),
          status: 400,
          code: 'WARNING_CertificateRevoked',
          text: new RegExp(`${CERTIFICATE}.*revoked`),
        },
      });
    });

    test('fail/a contract that is revoked, the only one', async () => {
      const holder = await publishedCar20(server.url, curve);
      const { contract } = await contractIn20(server.url, holder);
      const body = { certificate: base64(contract.certificate.der), revocationReason: 'keyCompromise' };
      const path = '/opnc/v1/pki/revokeCertificate';
      expect((await call(server.url, { method: 'POST', path, body })).status).toBe(200);
      const exi = await installationReq20(holder);
      await refuses({
        revoked: { exi, status: 404, code: 'WARNING_NoCertificateAvailable', text: NOT_FOUND },
      });
      const second = await contractIn20(server.url, holder);
      const all = await delivered(await installationReq20(holder, { most: 9 }));
      expect(all.delivered.map((res) => opened20(res, holder).emaid)).toEqual([second.emaid]);
    });

    test('fail/no contract is wanted', async () => {
      await refuses({
        'at most 0': {
          exi: await installationReq20(car, { most: 0 }),
          status: 400,
          code: 'FAILED',
          text: /^certificateInstallationReq\.MaximumContractCertificateChains : is 0/,
        },
      });
    });

    test('ok/wishes for EMAIDs that are none or that nobody knows change nothing', async () => {
      const strange = ['', ' ', '0', 'é'.repeat(255), '😀', 'DE-PPL', 'DEPPL\u0000', randomEmaid()];
      const { status, delivered: res } = await delivered(
        await installationReq20(car, { most: 255, prioritized: strange }),
      );
      expect([status, res.length]).toEqual([200, 1]);
      expect(opened20(res[0] ?? '', car)).toMatchObject({ remaining: 0, signature: true });
    });

    test('fail/an OEM that fetches for a session that can be none', async () => {
      const holder = await publishedCar20(server.url, curve);
      const { emaid } = await contractIn20(server.url, holder);
      const paths = ['/opnc/v1/ccp/signedcontractdata', '/v1/ccp/provideSignedContractData'];
      const namespace = namespaceOfEdition('ISO15118-20');
      const provide = (path: string, sessionID: string) => ({
        method: 'GET',
        path: `${path}/${emaid}/${holder.pcid}?sessionID=${sessionID}&xsdMsgDefNamespace=${namespace}`,
      });
      await expectRefused(
        server,
        paths.flatMap((path) =>
          ['00', '0aff', '01020304050607'].map((sessionID) => ({
            title: `${sessionID} at ${path}`,
            call: provide(path, sessionID),
            names: /^sessionID : has [127] octets, one of ISO15118-20 has 8$/,
          })),
        ),
      );
      for (const path of paths) expect((await call(server.url, provide(path, 'ff00ff00ff00ff00'))).status).toBe(200);
    });

    test('fail/what was good once', async () => {
      travelled = 3 * YEAR_MS;
      await refuses({
        'a contract that is expired': {
          exi: good,
          status: 404,
          code: 'WARNING_NoCertificateAvailable',
          text: NOT_FOUND,
        },
      });
      travelled = 26 * YEAR_MS;
      await refuses({
        'a vehicle certificate that is expired': {
          exi: good,
          status: 400,
          code: 'WARNING_CertificateExpired',
          text: new RegExp(`${CERTIFICATE}is expired`),
        },
      });
      travelled = -DAY_MS;
      await refuses({
        'a vehicle certificate that is not yet valid': {
          exi: good,
          status: 400,
          code: 'WARNING_CertificateNotYetValid',
          text: new RegExp(`${CERTIFICATE}is not yet valid`),
        },
      });
      travelled = 0;
      expect((await delivered(good)).status).toBe(200);
    });
  });
});
