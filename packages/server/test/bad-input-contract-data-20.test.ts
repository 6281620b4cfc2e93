/** Contract data of ISO 15118-20 that is wrong, to be signed and stored. */
import { createECDH } from 'node:crypto';
import { generateKeyPair, namespaceOfEdition, ski } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { ballast } from './bad-chains.ts';
import { at, type Call, call, DIALECTS, nested, opcp, opnc, type SealedContract } from './dialects.ts';
import { trustedPki } from './foreign-data-20.ts';
import { compressed, offCurve } from './no-certificates.ts';
import { type Issued, issue, type OwnPki } from './own-pki.ts';

import { expectRefused, type Spoilt } from './refusal.ts';
import { enrol, type Leaf, randomPcid, sealedFor } from './roles.ts';
import {
  type Car20,
  CURVES_20,
  type Curve20,
  in20,
  installationReq20,
  OTHER_CURVE,
  opened20,
  publishedCar20,
  responseIn20,
  sealedContract20,
} from './roles-20.ts';
import { eachServer, type TestServer } from './running-server.ts';

const QUICK_START = '/HubjectWS/webresources/v1';
/** It signs for whatever vehicle, and stores nothing. */
const NOT_STORING = '/v1/cps/signedContractData';
const NOT_AVAILABLE = 'The OEM provisioning certificate with the given PCID is not available.';

/** The same data in every call that has it signed. */
function signing(data: SealedContract): Call[] {
  const forms = [NOT_STORING, '/v1/cps/forward/signedContractData'];
  const paths = [...forms, `${QUICK_START}/cps/forward/signedContractData`];
  const calls = [
    opnc.sign(data),
    opcp.sign(data),
    ...paths.map((path) => ({ method: 'PUT', path, body: nested(data) })),
  ];
  return calls.map(in20);
}

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let own: Record<Curve20, OwnPki>;
  beforeAll(async () => {
    server = await start();
    own = {
      secp521r1: await trustedPki(server.url, 'secp521r1'),
      ed448: await trustedPki(server.url, 'ed448'),
    };
  });

  const signingAll = (title: string, data: SealedContract, names: string | RegExp): Spoilt[] =>
    signing(data).map((each) => ({ title: `${title} at ${each.path}`, call: each, names }));

  const install = async (car: Car20) => {
    const answer = await call(server.url, in20(opnc.install(await installationReq20(car))));
    return { status: answer.status, delivered: opnc.delivered(answer.json) };
  };

  describe.each(CURVES_20)('a car on %s', (curve) => {
    let car: Car20;
    let good: SealedContract;
    beforeAll(async () => {
      car = await publishedCar20(server.url, curve);
      good = await sealedContract20(server.url, car);
    });

    const issued = async (order: object): Promise<Leaf> => {
      const { root, subCa2, subCa1 } = own[curve];
      const leaf = await issue({ profile: 'contract', commonName: good.emaid, issuer: subCa2, curve, ...order });
      return leafUnder(leaf, { root, subCa2, subCa1 });
    };

    test('fail/envelopes of the wrong size', async () => {
      const size = curve === 'ed448' ? 84 : 94;
      const sizes = [1, 48, 83, 84, 85, 93, 94, 95, 205, 207, 800].filter((each) => each !== size);
      await expectRefused(
        server,
        sizes.flatMap((octets) =>
          signingAll(
            `${octets} octets`,
            { ...good, encryptedPrivateKey: new Uint8Array(octets).fill(7) },
            new RegExp(`^contractSignatureEncryptedPrivateKey : .*${size} octets .or 206 for a TPM., not ${octets}$`),
          ),
        ),
      );
    });

    test('fail/DH public keys that are none of the curve', async () => {
      const { dhPublicKey } = good;
      const onP256 = createECDH('prime256v1').generateKeys();
      const points: [string, Uint8Array][] =
        curve === 'ed448'
          ? [
              ['an octet less', dhPublicKey.subarray(1)],
              ['57 octets, the first one not zero', Uint8Array.of(1, ...dhPublicKey)],
              ['57 octets, the zero behind', Uint8Array.of(...dhPublicKey, 0)],
              ['133 octets, the last one not zero', padded(dhPublicKey).with(132, 1)],
              ['133 octets, one not zero in the middle', padded(dhPublicKey).with(56, 1)],
              ['133 octets, the zeros in front', Uint8Array.of(...new Uint8Array(77), ...dhPublicKey)],
              ['zeros', new Uint8Array(56)],
              ['one, a point of order 4', new Uint8Array(56).with(0, 1)],
              ['zero as p', lowOrder(0xff)],
              ['minus one', lowOrder(0xfe)],
              ['a point on secp521r1', generateKeyPair('secp521r1').point],
            ]
          : [
              ['off the curve', offCurve(dhPublicKey)],
              ['compressed', compressed(dhPublicKey)],
              ['a hybrid form', dhPublicKey.with(0, 6)],
              ['zeros', Uint8Array.of(4, ...new Uint8Array(132))],
              ['ones', Uint8Array.of(4, ...new Uint8Array(132).fill(0xff))],
              ['a coordinate that is not reduced', unreduced()],
              ['infinity', Uint8Array.of(0)],
              ['an octet less', dhPublicKey.subarray(0, 132)],
              ['an octet more', Uint8Array.of(...dhPublicKey, 0)],
              ['a point on secp256r1', Uint8Array.from(onP256)],
              ['a key of X448', new Uint8Array(56).fill(9)],
            ];
      await expectRefused(
        server,
        points.flatMap(([title, point]) =>
          signingAll(title, { ...good, dhPublicKey: point }, /^dHpublickey : the DH /),
        ),
      );
    });

    test('fail/contracts that the vehicle cannot use', async () => {
      const onOther = await enrol(server.url, 'mo', good.emaid, OTHER_CURVE[curve]);
      const otherCar = await publishedCar20(server.url, OTHER_CURVE[curve]);
      const forOther = await sealedContract20(server.url, otherCar, good.emaid);
      const ofIso2 = await enrol(server.url, 'mo', good.emaid);
      await expectRefused(server, [
        ...signingAll(
          'a contract on the other curve',
          { ...forOther, pcid: car.pcid, contract: onOther },
          `contractCertificate : has a key on ${OTHER_CURVE[curve]}, the vehicle has ${curve}`,
        ).filter(({ call: { path } }) => path !== NOT_STORING),
        ...signingAll(
          'a contract of ISO 15118-2',
          { ...good, contract: ofIso2, ...sealedFor(ofIso2.certificate, ofIso2) },
          'contractCertificate : has a key on secp256r1, which does not belong to ISO15118-20',
        ),
        ...signing(good).map(({ body, ...rest }) => ({
          title: `all of it as ISO 15118-2 at ${rest.path}`,
          call: { ...rest, body: { ...Object(body), xsdMsgDefNamespace: namespaceOfEdition('ISO15118-2') } },
          names: new RegExp(`^contract(Certificate|SubCa[12]Certificate) : (has a key on ${curve}|is larger than)`),
        })),
      ]);
    });

    test('fail/a vehicle that is published in ISO 15118-2 alone', async () => {
      const pcid = randomPcid();
      expect((await call(server.url, opnc.publish(await enrol(server.url, 'oem', pcid)))).status).toBe(200);
      await expectRefused(server, [
        ...signingAll('signed', { ...good, pcid }, NOT_AVAILABLE).filter(({ call: { path } }) => path !== NOT_STORING),
      ]);
    });

    test('fail/certificates that fit into no message, or that no key can be bound to', async () => {
      const large = await issued({ extensions: [ballast(1600)] });
      const unnamed = await issued({ extensions: [] });
      const nobody = await issued({ commonName: 'NOEMAID' });
      const another = await issued({ commonName: 'DEPPLC99999999' });
      const fit = await issued({ extensions: [ski(Uint8Array.of(1, 2, 3)), ballast(200)] });
      await expectRefused(server, [
        ...signingAll('large', { ...good, contract: large }, 'contractCertificate : is larger than 1600 bytes'),
        ...signingAll(
          'without key identifier',
          { ...good, contract: unnamed },
          'contractCertificate : has no subject key identifier',
        ),
        ...signingAll('without EMAID', { ...good, contract: nobody }, /^contractCertificate : .*no EMAID/),
        ...signing({ ...good, contract: another })
          .filter(({ path }) => path !== '/v1/cps/contractData/signed')
          .map((each) => ({ title: `of another EMAID at ${each.path}`, call: each, names: /^emaid : is not / })),
      ]);
      // What is unusual and good enough is taken.
      expect((await call(server.url, in20(opnc.sign({ ...good, contract: fit })))).status).toBe(201);
    });

    test('fail/V2G roots that no CPS on this curve is under', async () => {
      const roots = [OTHER_CURVE[curve], 'secp256r1'] as const;
      for (const each of roots) {
        const { root } = await enrol(server.url, 'oem', randomPcid(), each);
        const calls = signing(good).map(({ body, ...rest }) => ({
          title: `the root on ${each} at ${rest.path}`,
          call: { ...rest, body: { ...Object(body), cpsV2GRootCertificateFingerprint: root.fingerprint } },
          names: 'cpsV2GRootCertificateFingerprint : no CPS signer under the V2G root',
        }));
        await expectRefused(server, calls);
      }
    });

    test('ok/keys for a TPM, and the forms of an X448 key, go into the car as they came', async () => {
      const tpm = new Uint8Array(206).map((_, index) => index);
      const dhForms =
        curve === 'ed448'
          ? [good.dhPublicKey, Uint8Array.of(0, ...good.dhPublicKey), padded(good.dhPublicKey)]
          : [good.dhPublicKey];
      const sealed = dhForms.flatMap((dhPublicKey) =>
        [good.encryptedPrivateKey, tpm].map((encryptedPrivateKey) => ({ ...good, dhPublicKey, encryptedPrivateKey })),
      );
      for (const dialect of DIALECTS) {
        for (const data of sealed) {
          const signed = await call(server.url, in20(dialect.sign(data)));
          expect({ dialect: dialect.name, ...signed }).toMatchObject({ dialect: dialect.name, status: dialect.signed });
          const { status, delivered } = await install(car);
          expect([status, delivered.length]).toEqual([200, 1]);
          const { SignedInstallationData: got } = responseIn20(delivered[0] ?? '');
          const isTpm = data.encryptedPrivateKey === tpm;
          const element = isTpm ? 'TPM' : curve === 'ed448' ? 'X448' : 'SECP521';
          expect(got.ECDHCurve).toBe(curve === 'ed448' ? 'X448' : 'SECP521');
          expect(at(got, `${element}_EncryptedPrivateKey`)).toEqual(data.encryptedPrivateKey);
          expect(got.DHPublicKey).toEqual(data.dhPublicKey);
          if (!isTpm) expect(opened20(delivered[0] ?? '', car)).toMatchObject({ signature: true, keyFits: true });
        }
      }
    });
  });
});

function leafUnder({ certificate, key }: Issued, { root, subCa2, subCa1 }: OwnPki): Leaf {
  return { key, certificate, subCa2: subCa2.certificate, subCa1: subCa1.certificate, root: root.certificate };
}

/** As long as the schema has it. */
function padded(x448: Uint8Array): Uint8Array {
  return Uint8Array.of(...x448, ...new Uint8Array(133 - x448.length));
}

/** The prime of curve448, 2^448 − 2^224 − 1, or one less, little-endian. */
function lowOrder(first: number): Uint8Array {
  return new Uint8Array(56).fill(0xff).with(0, first).with(28, 0xfe);
}

/** x as p + its value: the same point, if that were allowed. */
function unreduced(): Uint8Array {
  return Uint8Array.of(4, 0x02, ...new Uint8Array(65), ...generateKeyPair('secp521r1').point.subarray(67));
}
