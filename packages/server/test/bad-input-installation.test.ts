/** What a car, or somebody who says to be one, can send in place of a good CertificateInstallationReq. */
import { decode, iso15118_2 } from '@plugpool/exi';
import { beforeAll, describe, expect, test } from 'vitest';
import { brokenInfos, brokenValues, iso2Requests, noRequests, otherMessages, signatureOf } from './bad-requests.ts';
import { at, call, DIALECTS, type Dialect, opnc } from './dialects.ts';
import { wrongKeys } from './no-certificates.ts';
import { type Car, publishedCar, sealedContract } from './operations.ts';
import { DAY_MS, issue, ownPki } from './own-pki.ts';
import { expectRefused } from './refusal.ts';
import { enrol, installationReq, randomEmaid, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

const SESSION = '0102030405060708';
const NOT_FOUND = 'Contract or Vehicle not found.';
const YEAR_MS = 365 * DAY_MS;

interface Refused {
  readonly exi: Uint8Array;
  readonly status: 400 | 404;
  readonly code: string;
  /** In the error body. */
  readonly text: RegExp;
}

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let car: Car;
  let good: Uint8Array;
  let travelled = 0;
  beforeAll(async () => {
    server = await start({ clock: { now: () => Date.now() + travelled } });
    car = await publishedCar(server.url);
    await sign(car);
    good = await installationReq(car);
  });

  async function sign(vehicle: Car) {
    expect((await call(server.url, opnc.sign(await sealedContract(server.url, vehicle)))).status).toBe(201);
  }

  test('ok/the good request in all dialects', async () => {
    for (const dialect of DIALECTS) {
      expect((await call(server.url, dialect.install(good))).status).toBe(200);
    }
  });

  test('fail/octets that are no EXI of this message', async () => {
    const cases = [...noRequests(good), ...otherMessages('V2G_Message', 'Body', 'CertificateInstallationReq')];
    expect(cases.length).toBeGreaterThan(400);
    const calls = cases.flatMap(([title, exi], index) =>
      // Each of the many in one dialect; which form of failure is asked for makes no difference.
      DIALECTS.filter((_, each) => index % DIALECTS.length === each).map((dialect) => ({
        title: `${title} in ${dialect.name}`,
        call: dialect.install(exi, { alwaysReturnEXI: index % 2 === 0 ? 'true' : 'false' }),
        text: 'EXI format is invalid!',
        names: 'certificateInstallationReq : ',
      })),
    );
    await expectRefused(server, calls);
  });

  /** In both forms of failure, in all dialects. */
  async function refuses(cases: Readonly<Record<string, Refused>>) {
    for (const dialect of DIALECTS) {
      for (const [title, refused] of Object.entries(cases)) {
        expect({ title, ...(await failureOf(server.url, dialect, refused.exi)) }).toEqual({
          title,
          status: refused.status,
          code: refused.code,
          session: SESSION,
        });
      }
      await expectRefused(
        server,
        Object.entries(cases).map(([title, { exi, status, text }]) => ({
          title: `${title} in ${dialect.name}`,
          call: dialect.install(exi, { alwaysReturnEXI: 'false' }),
          status,
          names: text,
        })),
      );
    }
  }

  test('fail/signatures', async () => {
    const other = await enrol(server.url, 'oem', randomPcid());
    const foreign = signatureOf(await installationReq({ ...car, root: other.subCa1 }));
    const broken = (all: [string, Uint8Array][], why: RegExp) =>
      Object.fromEntries(all.map(([title, exi]): [string, [Uint8Array, RegExp]] => [title, [exi, why]]));
    const cases: Record<string, [Uint8Array, RegExp]> = {
      'of another key': [await installationReq({ ...car, key: other.key }), /does not verify/],
      none: [iso2Requests.changed(good, { signature: undefined }), /is not signed/],
      'of another message': [iso2Requests.changed(good, { signature: foreign }), /digest .* does not match/],
      'of other content': [
        iso2Requests.changed(good, {
          request: {
            ListOfRootCertificateIDs: { RootCertificateID: [{ X509IssuerName: 'CN=x', X509SerialNumber: 1n }] },
          },
        }),
        /digest .* does not match/,
      ],
      'of another Id': [iso2Requests.changed(good, { request: { Id: 'id2' } }), /refers to no element of the message/],
      ...broken(brokenValues(good, iso2Requests), /the signature value (has|does not verify)/),
      ...broken(await brokenInfos(good, car, iso2Requests), /./),
    };
    await refuses(
      Object.fromEntries(
        Object.entries(cases).map(([title, [exi, text]]) => [
          title,
          {
            exi,
            status: 400,
            code: 'FAILED_SignatureError',
            text: new RegExp(`^certificateInstallationReq : .*${text.source}`),
          },
        ]),
      ),
    );
  });

  test('fail/certificates', async () => {
    const again = await enrol(server.url, 'oem', car.pcid);
    const own = await ownPki('Attacker');
    const forged = await issue({ profile: 'oem', commonName: car.pcid, issuer: own.subCa2 });
    const stranger = await enrol(server.url, 'oem', randomPcid());
    const contract = await enrol(server.url, 'mo', randomEmaid());
    const bare = await publishedCar(server.url);
    const der = car.certificate.der;
    const notPublished = /OEMProvisioningCert : is not the certificate that is published/;
    const chain = (exi: Uint8Array, text: RegExp): Refused => ({
      exi,
      status: 400,
      code: 'FAILED_CertChainError',
      text: new RegExp(`^certificateInstallationReq.${text.source}`),
    });
    const unknown = (exi: Uint8Array): Refused => ({
      exi,
      status: 404,
      code: 'FAILED_NoCertificateAvailable',
      text: new RegExp(`^${NOT_FOUND}$`),
    });
    const holding = (octets: Uint8Array) => iso2Requests.changed(good, { request: { OEMProvisioningCert: octets } });
    const unreadable: [string, Uint8Array][] = [
      ['empty', new Uint8Array(0)],
      ['one octet', Uint8Array.of(0x30)],
      ['truncated', der.subarray(0, -1)],
      ['with an octet behind', Uint8Array.of(...der, 0)],
      ['twice', Uint8Array.of(...der, ...der)],
      ['zeros', new Uint8Array(800)],
      ['over 64 KiB less one', new Uint8Array(65_535).fill(0x30)],
      ...(await wrongKeys(own.subCa2, car.pcid)),
    ];
    await refuses({
      'the same name, enrolled again': chain(await installationReq(again), notPublished),
      'the same name from another CA': chain(await installationReq({ ...again, ...forged }), notPublished),
      ...Object.fromEntries(
        unreadable.map(([title, octets]) => [title, chain(holding(octets), /OEMProvisioningCert : /)]),
      ),
      'a vehicle that is not in the pool': unknown(await installationReq(stranger)),
      'a contract certificate': unknown(await installationReq(contract)),
      'a sub CA': unknown(await installationReq({ ...car, certificate: car.subCa2 })),
      'a vehicle without contract': unknown(await installationReq(bare)),
    });
  });

  test('fail/what was good once', async () => {
    travelled = 3 * YEAR_MS;
    await refuses({
      'a contract that is expired': {
        exi: good,
        status: 404,
        code: 'FAILED_NoCertificateAvailable',
        text: new RegExp(`^${NOT_FOUND}$`),
      },
    });
    travelled = 26 * YEAR_MS;
    await refuses({
      'a vehicle certificate that is expired': {
        exi: good,
        status: 400,
        code: 'FAILED_CertificateExpired',
        text: /^certificateInstallationReq.OEMProvisioningCert : is expired/,
      },
    });
    travelled = -DAY_MS;
    await refuses({
      'a vehicle certificate that is not yet valid': {
        exi: good,
        status: 400,
        code: 'FAILED_CertChainError',
        text: /^certificateInstallationReq.OEMProvisioningCert : is not yet valid/,
      },
    });
    travelled = 0;
  });
});

/** The answer with `alwaysReturnEXI`: the failure as a car reads it, in the envelope of the dialect. */
async function failureOf(url: string, dialect: Dialect, exi: Uint8Array) {
  const answer = await call(url, dialect.install(exi, { alwaysReturnEXI: 'true' }));
  expect(answer.headers.get('x-trace-id')).toMatch(/^[0-9a-f-]{36}$/);
  const document = decode(iso15118_2, Buffer.from(dialect.delivered(answer.json)[0] ?? '', 'base64'));
  const { Header, Body } = document.V2G_Message ?? { Header: undefined, Body: {} };
  return {
    status: answer.status,
    code: at(Body, 'CertificateInstallationRes', 'ResponseCode'),
    session: Buffer.from(Header?.SessionID ?? []).toString('hex'),
  };
}
