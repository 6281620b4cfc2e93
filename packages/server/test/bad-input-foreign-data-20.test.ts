/** Contract data of ISO 15118-20 that was signed elsewhere: by whom, for whom, and what. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ballast } from './bad-chains.ts';
import { call, opnc } from './dialects.ts';
import { sentChain } from './foreign-data.ts';
import {
  type BadData,
  bringing,
  type Elsewhere,
  elsewhere20,
  type ForeignFields20,
  refusedData,
  responseOf,
  signed20,
  signedAs20,
  tampered20,
  trustedPki,
} from './foreign-data-20.ts';
import { publishedCar } from './operations.ts';
import { DAY_MS, type Issued, type Order, type OwnPki, ownPkiOn } from './own-pki.ts';
import { expectRefused } from './refusal.ts';
import {
  CURVES_20,
  in20,
  installationReq20,
  OTHER_CURVE,
  publishedCar20,
  responseIn20,
  sealedContract20,
} from './roles-20.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  describe.each(CURVES_20)('for a car on %s', (curve) => {
    let elsewhere: Elsewhere;
    beforeAll(async () => {
      elsewhere = await elsewhere20(server.url, curve);
    });

    const refusesAll = (cases: readonly BadData[], more = {}) =>
      expectRefused(server, refusedData(elsewhere.data, cases, more));

    const signedWith = (changes: Partial<ForeignFields20>) => signed20({ ...elsewhere.good, ...changes });

    test('fail/who signed', async () => {
      const { own, car, good, contract, cps } = elsewhere;
      const stranger = await ownPkiOn(curve, 'Stranger');
      const large = await ownPkiOn(curve, 'Large', own.root);
      const by = async (leaf: Issued, pki: Omit<OwnPki, 'root'> = elsewhere.own) =>
        await signedWith({ cpsChain: sentChain(leaf, pki), signer: leaf.signer });
      const strange = await cps({ issuer: stranger.subCa2 });
      const ofIso2 = await trustedPki(server.url, 'secp256r1');
      await refusesAll([
        [
          'under an unknown root',
          await by(strange, stranger),
          /^cpsSubCa1Certificate : the chain does not end at a root/,
        ],
        ["with somebody else's chain", await by(strange), /^cpsCertificate : .*was not issued by/],
        ['expired', await by(await cps({ notAfter: Date.now() - DAY_MS })), /^cpsCertificate : .*expired on/],
        [
          'not yet valid',
          await by(await cps({ notBefore: Date.now() + DAY_MS })),
          /^cpsCertificate : .*not valid before/,
        ],
        ['a CA', await by(await cps({ profile: 'subCa2' })), /^cpsCertificate : .*CA/],
        ['a charging station', await by(await cps({ profile: 'secc' })), /^cpsCertificate : .*DC=CPS/],
        ['an eMSP', await by(await contract()), /^cpsCertificate : .*DC=CPS/],
        ['a vehicle', await by(await cps({ profile: 'oem', commonName: car.pcid })), /^cpsCertificate : .*DC=CPS/],
        [
          'too large for a message',
          await by(await cps({ issuer: large.subCa2, extensions: [ballast(1600)] }), large),
          /^cpsCertificate : is larger than 1600 bytes/,
        ],
        [
          'a CPS of ISO 15118-2',
          await tampered20(good, () => ({
            CPSCertificateChain: {
              Certificate: ofIso2.subCa2.certificate.der,
              SubCertificates: { Certificate: [ofIso2.subCa1.certificate.der] },
            },
          })),
          /^cpsCertificate : has a key on secp256r1, which does not belong to ISO15118-20/,
        ],
      ]);
      await refusesAll(
        [['another root than it is said', await signed20(good), /^cpsV2GRootCertificateFingerprint : is not the/]],
        { cpsV2GRootCertificateFingerprint: car.root.fingerprint },
      );
    });

    test('fail/what is signed', async () => {
      const { own, data, good, contract } = elsewhere;
      const { subCa2, subCa1, root } = own;
      const garbage = Buffer.from('no certificate');
      const stranger = await ownPkiOn(curve, 'Stranger');
      const strange = await contract({ issuer: stranger.subCa2 });
      const ofIso2 = await contract({ curve: 'secp256r1' });
      const under = async (order: Partial<Order>) =>
        await signedWith({ contractChain: sentChain(await contract(order), own) });
      const chain = { Certificate: (await contract()).certificate.der };
      const subCas = (...all: Issued[]) =>
        signedAs20(good, (it) => ({
          ...it,
          ContractCertificateChain: {
            ...chain,
            SubCertificates: { Certificate: all.map(({ certificate }) => certificate.der) },
          },
        }));
      const otherChain = await trustedPki(server.url, OTHER_CURVE[curve]);
      const onOther = await contract({ issuer: otherChain.subCa2, curve: OTHER_CURVE[curve] });
      const otherCar = await publishedCar20(server.url, OTHER_CURVE[curve]);
      const forOther = await sealedContract20(server.url, otherCar, data.emaid);
      await refusesAll([
        ['another EMAID', await under({ commonName: 'DEPPLC99999999' }), /^emaid : is not the common name/],
        ['a name that is no EMAID', await under({ commonName: 'NOEMAID' }), /^contractCertificate : .*no EMAID/],
        ['a CA', await under({ profile: 'subCa2' }), /^contractCertificate : is a CA/],
        ['no key identifier', await under({ extensions: [] }), /^contractCertificate : has no subject key identifier/],
        [
          'too large for a message',
          await under({ extensions: [ballast(1600)] }),
          /^contractCertificate : is larger than 16/,
        ],
        [
          'an expired contract',
          await under({ notAfter: Date.now() - DAY_MS }),
          /^The validUntil date of contract certificate is in the past/,
        ],
        [
          'an unknown root',
          await signedWith({ contractChain: sentChain(strange, stranger) }),
          /^contractSubCa1Certificate : .*MO or V2G/,
        ],
        [
          'garbage as contract',
          await signedWith({ contractChain: { ...sentChain(strange, own), certificate: garbage } }),
          /^contractCertificate : DER/,
        ],
        [
          'garbage as sub CA',
          await signedWith({ contractChain: { ...sentChain(strange, own), subCa2: garbage } }),
          /^contractCertificate chain : DER/,
        ],
        [
          'garbage as CPS',
          await signedWith({ cpsChain: { ...sentChain(strange, own), certificate: garbage } }),
          /^cpsCertificate : DER/,
        ],
        ['three sub CAs', await subCas(subCa2, subCa1, root), /^contractCertificate : comes with one or two sub CA/],
        [
          'a contract of ISO 15118-2',
          await signedWith({ contractChain: sentChain(ofIso2, own) }),
          /^contractCertificate : has a key on secp256r1, which does not belong to ISO15118-20/,
        ],
        [
          'a contract on the other curve than the vehicle',
          await signedWith({
            contractChain: sentChain(onOther, otherChain),
            curve: OTHER_CURVE[curve],
            encryptedPrivateKey: forOther.encryptedPrivateKey,
            dhPublicKey: forOther.dhPublicKey,
          }),
          new RegExp(`^contractCertificate : has a key on ${OTHER_CURVE[curve]}, the vehicle has ${curve}`),
        ],
        ['a failure', await signedWith({ responseCode: 'FAILED' }), /ResponseCode FAILED, so it brings no contract/],
        [
          'a warning',
          await signedWith({ responseCode: 'WARNING_CertificateExpired' }),
          /ResponseCode WARNING_CertificateExpired/,
        ],
      ]);
    });

    test('fail/vehicles', async () => {
      const { data, good } = elsewhere;
      const document = await signed20(good);
      const ofIso2 = await publishedCar(server.url);
      await expectRefused(
        server,
        [ofIso2.pcid, 'WMI00000000000000', 'short'].flatMap((pcid) =>
          bringing(document, { ...data, pcid }).map((each) => ({
            title: `${pcid} at ${each.path}`,
            call: each,
            names:
              pcid === 'short' ? 'pcid : must match' : 'The OEM provisioning certificate with the given PCID is not',
          })),
        ),
      );
    });

    test('ok/good data in both forms, and the car hears that it is finished', async () => {
      const { own, car, data, good } = elsewhere;
      const document = await tampered20(good, () => ({
        EVSEProcessing: 'Ongoing',
        RemainingContractCertificateChains: 7,
      }));
      for (const each of bringing(document, data)) {
        expect({ path: each.path, ...(await call(server.url, each)) }).toMatchObject({ status: 201, text: '' });
        const answer = await call(
          server.url,
          in20(opnc.install(await installationReq20(car, { roots: [own.root.certificate] }))),
        );
        const [res = ''] = opnc.delivered(answer.json);
        const delivered = responseIn20(res);
        expect(delivered).toMatchObject({ EVSEProcessing: 'Finished', RemainingContractCertificateChains: 0 });
        expect(delivered.SignedInstallationData).toEqual(responseOf(document).SignedInstallationData);
      }
    });
  });
});
