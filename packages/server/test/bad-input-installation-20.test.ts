/** What a car of ISO 15118-20, or somebody who says to be one, can send in place of a good CertificateInstallationReq. */
import { beforeAll, describe, expect, test } from 'vitest';
import { brokenInfos, brokenValues, iso20Requests, noRequests, otherMessages, signatureOf } from './bad-requests.ts';
import { DIALECTS } from './dialects.ts';
import { expectRefused } from './refusal.ts';
import { type RefusedCar, refusesCars } from './refused-cars-20.ts';
import { enrol, installationReq, randomPcid } from './roles.ts';
import {
  type Car20,
  CURVES_20,
  contractIn20,
  in20,
  installationReq20,
  OTHER_CURVE,
  publishedCar20,
} from './roles-20.ts';
import { eachServer, type TestServer } from './running-server.ts';

const FIELD = '^certificateInstallationReq';

describe.each(eachServer())('on $kind', ({ start }) => {
  describe.each(CURVES_20)('a car on %s', (curve) => {
    const STARTED = Date.now();
    let server: TestServer;
    let car: Car20;
    let good: Uint8Array;
    beforeAll(async () => {
      server = await start({ clock: { now: () => STARTED } });
      car = await publishedCar20(server.url, curve);
      await contractIn20(server.url, car);
      good = await installationReq20(car);
    });

    const refuses = (cases: Readonly<Record<string, RefusedCar>>) =>
      refusesCars(server, cases, Math.floor(STARTED / 1000));

    test('fail/octets that are no EXI of this message', async () => {
      const cases = [...noRequests(good), ...otherMessages('CertificateInstallationReq')];
      expect(cases.length).toBeGreaterThan(400);
      const calls = cases.flatMap(([title, exi], index) =>
        // Each of the many in one dialect; which form of failure is asked for makes no difference.
        DIALECTS.filter((_, each) => index % DIALECTS.length === each).map((dialect) => ({
          title: `${title} in ${dialect.name}`,
          call: in20(dialect.install(exi, { alwaysReturnEXI: index % 2 === 0 ? 'true' : 'false' })),
          text: 'EXI format is invalid!',
          names: 'certificateInstallationReq : ',
        })),
      );
      await expectRefused(server, calls);
    });

    test('fail/a message of the other edition, and the answer says which', async () => {
      const ofIso2 = await installationReq(await enrol(server.url, 'oem', randomPcid()));
      const is = (edition: string, said: string) =>
        `certificateInstallationReq : is a message of ${edition}, where xsdMsgDefNamespace says ${said}`;
      await expectRefused(
        server,
        DIALECTS.flatMap((dialect) => [
          {
            title: `ISO 15118-2 as -20 in ${dialect.name}`,
            call: in20(dialect.install(ofIso2)),
            text: 'EXI format is invalid!',
            names: is('ISO15118-2', 'ISO15118-20'),
          },
          {
            title: `ISO 15118-20 as -2 in ${dialect.name}`,
            call: dialect.install(good),
            text: 'EXI format is invalid!',
            names: is('ISO15118-20', 'ISO15118-2'),
          },
        ]),
      );
    });

    test('fail/signatures', async () => {
      const other = await enrol(server.url, 'oem', randomPcid(), curve);
      const otherCurve = await enrol(server.url, 'oem', randomPcid(), OTHER_CURVE[curve]);
      const foreign = signatureOf(await installationReq20(other), iso20Requests);
      const { OEMProvisioningCertificateChain: chain } = iso20Requests.read(good).request;
      const { SubCertificates: _, ...alone } = chain;
      const withChain = (changed: typeof chain) =>
        iso20Requests.changed(good, { request: { OEMProvisioningCertificateChain: changed } });
      const otherKey = await installationReq20({ ...car, key: other.key });
      const cases: [string, Uint8Array, RegExp][] = [
        ['of another key', otherKey, /does not verify/],
        ['of a key on the other curve', await installationReq20({ ...car, key: otherCurve.key }), /has \d+ octets/],
        ['none', iso20Requests.changed(good, { signature: undefined }), /is not signed/],
        ['of another message', iso20Requests.changed(good, { signature: foreign }), /digest .* does not match/],
        ['of another Id', withChain({ ...chain, Id: 'id2' }), /refers to no element of the message/],
        ['of a chain without sub CAs', withChain(alone), /digest .* does not match/],
        [
          'of another chain',
          withChain({ ...chain, SubCertificates: { Certificate: [car.root.der] } }),
          /digest .* not match/,
        ],
        ...broken(brokenValues(good, iso20Requests), /the signature value (has|does not verify)/),
        ...broken(await brokenInfos(good, car, iso20Requests), /./),
      ];
      await refuses(
        Object.fromEntries(
          cases.map(([title, exi, text]) => [
            title,
            { exi, status: 400, code: 'FAILED_SignatureError', text: new RegExp(`${FIELD} : .*${text.source}`) },
          ]),
        ),
      );

      function broken(all: [string, Uint8Array][], why: RegExp): [string, Uint8Array, RegExp][] {
        return all.map(([title, exi]) => [title, exi, why]);
      }
    });
  });
});
