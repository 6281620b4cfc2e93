/** Contract data of ISO 15118-20 that was signed elsewhere: signatures, envelopes, and octets that are another message. */
import { encode, encodeFragment, type Iso15118_20CommonDocument, iso15118_20Common, xmldsig } from '@plugpool/exi';
import { generateKeyPair, namespaceOfEdition, softwareSigner } from '@plugpool/iso15118';
import { beforeAll, describe, test } from 'vitest';
import type { Call } from './dialects.ts';
import { carriers, foreignFields, signed } from './foreign-data.ts';
import {
  type BadData,
  bringing,
  type Elsewhere,
  elsewhere20,
  type ForeignFields20,
  foreignFields20,
  refusedData,
  responseOf,
  signed20,
  signedAs20,
  tampered20,
  trustedPki,
} from './foreign-data-20.ts';
import { offCurve } from './no-certificates.ts';
import { publishedCar, sealedContract } from './operations.ts';
import { expectRefused } from './refusal.ts';
import { base64 } from './roles.ts';
import {
  CURVES_20,
  type Curve20,
  in20,
  installationReq20,
  OTHER_CURVE,
  publishedCar20,
  sealedContract20,
} from './roles-20.ts';
import { eachServer, type TestServer } from './running-server.ts';

const FIELD = '^(certificateInstallationRes|signedContractDataXML) : ';

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

    test('fail/signatures', async () => {
      const { data, good, contract } = elsewhere;
      const signedWith = (changes: Partial<ForeignFields20>) => signed20({ ...good, ...changes });
      const mismatch = (text: string) => new RegExp(FIELD + text);
      const changedDigest = mismatch('.*digest of SignedInstallationData');
      const another = await contract();
      const inData = (change: (good: SignedData) => SignedData) =>
        tampered20(good, ({ SignedInstallationData }) => ({ SignedInstallationData: change(SignedInstallationData) }));
      await refusesAll([
        ['unsigned', await unsigned(good), mismatch('.*is not signed')],
        ['of another key', await signedWith({ signer: signerOn(curve) }), mismatch('.*does not verify')],
        [
          'of a key on the other curve',
          await signedWith({ signer: signerOn(OTHER_CURVE[curve]) }),
          mismatch('.*octets'),
        ],
        [
          'another envelope',
          await inData((it) => ({
            ...dataWithout(it),
            ...keyOf(
              curve,
              data.encryptedPrivateKey.map((octet) => octet ^ 1),
            ),
          })),
          changedDigest,
        ],
        ['another DH key', await inData((it) => ({ ...it, DHPublicKey: dhKeyOn(curve) })), changedDigest],
        [
          'another contract',
          await inData(({ ContractCertificateChain: { SubCertificates }, ...it }) => ({
            ...it,
            ContractCertificateChain: { Certificate: another.certificate.der, SubCertificates },
          })),
          changedDigest,
        ],
        [
          'sub CAs that changed places',
          await inData(({ ContractCertificateChain: { Certificate, SubCertificates }, ...it }) => ({
            ...it,
            ContractCertificateChain: {
              Certificate,
              SubCertificates: { Certificate: SubCertificates.Certificate.toReversed() },
            },
          })),
          changedDigest,
        ],
        [
          'another Id',
          await inData((it) => ({ ...it, Id: 'id2' })),
          mismatch('.*SignedInstallationData is not signed'),
        ],
        ['no reference', await withReferences(good, 0), mismatch('.*refers to no element')],
        ['the reference twice', await withReferences(good, 2), mismatch('two references to')],
      ]);
    });

    test('fail/envelopes, and what the message says of them', async () => {
      const { data, good } = elsewhere;
      const { encryptedPrivateKey, dhPublicKey } = data;
      const isX448 = curve === 'ed448';
      const [form, other] = isX448 ? (['X448', 'SECP521'] as const) : (['SECP521', 'X448'] as const);
      const sized = (size: number) =>
        signedAs20(good, (it) => ({ ...dataWithout(it), ...keyOf(curve, new Uint8Array(size).fill(7)) }));
      const badPoint = isX448 ? new Uint8Array(56) : offCurve(dhPublicKey);
      const wrongSize =
        /^contractSignatureEncryptedPrivateKey : the encrypted private key for (x448|secp521r1) must have/;
      const tpm = new Uint8Array(206).fill(7);
      await refusesAll([
        ...(await Promise.all(
          [0, 48, 83, 93, 95, isX448 ? 94 : 84].map(
            async (size): Promise<BadData> => [`${size} octets`, await sized(size), wrongSize],
          ),
        )),
        [
          'a bad DH key',
          await signedAs20(good, (it) => ({ ...it, DHPublicKey: badPoint })),
          /^dHpublickey : the DH public/,
        ],
        [
          'a DH key of the other curve',
          await signedAs20(good, (it) => ({ ...it, DHPublicKey: dhKeyOn(OTHER_CURVE[curve]) })),
          /^dHpublickey : the DH public/,
        ],
        [
          'the other curve',
          await signedAs20(good, (it) => ({ ...it, ECDHCurve: other })),
          new RegExp(`${FIELD}has the ECDHCurve ${other} for a contract key on ${curve}`),
        ],
        [
          'the other curve, for a TPM',
          await signedAs20(good, ({ Id, ContractCertificateChain, DHPublicKey }) => ({
            ...{ Id, ContractCertificateChain, DHPublicKey },
            ECDHCurve: other,
            TPM_EncryptedPrivateKey: tpm,
          })),
          new RegExp(`${FIELD}has the ECDHCurve ${other} for a contract key on ${curve}`),
        ],
        [
          'the element of the other curve',
          await signedAs20(good, (it) => ({ ...dataWithout(it), ...keyOf(OTHER_CURVE[curve], encryptedPrivateKey) })),
          new RegExp(`${FIELD}has \\d+ octets as ${other}_EncryptedPrivateKey, a ${form} key`),
        ],
        [
          'the element of a TPM',
          await signedAs20(good, (it) => ({ ...dataWithout(it), TPM_EncryptedPrivateKey: encryptedPrivateKey })),
          new RegExp(`${FIELD}has \\d+ octets as TPM_EncryptedPrivateKey, a ${form} key`),
        ],
        [
          'a key for a TPM in the element of the curve',
          await signedAs20(good, (it) => ({ ...dataWithout(it), ...keyOf(curve, tpm) })),
          new RegExp(`${FIELD}has 206 octets as ${form}_EncryptedPrivateKey, a TPM key`),
        ],
      ]);
    });

    test('fail/other messages', async () => {
      const { car, data, good } = elsewhere;
      const exi = encode(iso15118_20Common, await signed20(good));
      const [first] = bringing(await signed20(good), data);
      const request = await installationReq20(car);
      const octets = [1, 10, 500, exi.length - 1].map((length) => exi.subarray(0, length));
      await expectRefused(
        server,
        [...octets, Buffer.concat([exi, Uint8Array.of(0)]), new Uint8Array(100_000)].map((each) => ({
          title: `${each.length} octets`,
          call: carryingExi(first, each),
          text: 'EXI format is invalid!',
          names: 'certificateInstallationRes : ',
        })),
      );
      await expectRefused(server, [
        {
          title: 'a request',
          call: carryingExi(first, request),
          text: 'EXI format is invalid!',
          names: /^certificateInstallationRes : holds CertificateInstallationReq where a CertificateInstallationRes is/,
        },
      ]);
    });
  });

  test('fail/data of the other edition, and the answer says which', async () => {
    const own20 = await trustedPki(server.url, 'secp521r1');
    const car20 = await publishedCar20(server.url, 'secp521r1');
    const data20 = await sealedContract20(server.url, car20);
    const calls20 = bringing(await signed20(await foreignFields20(own20, data20, 'secp521r1')), data20);
    const own2 = await trustedPki(server.url, 'secp256r1');
    const data2 = await sealedContract(server.url, await publishedCar(server.url));
    const document2 = await signed(await foreignFields(own2, data2));
    const calls2 = carriers.map(({ name, place, carry }) => ({
      method: 'PUT',
      path: name.replace('PUT ', ''),
      body: { emaid: data2.emaid, pcid: data2.pcid, [place.join('.')]: carry(document2) },
    }));
    const xsdMsgDefNamespace = namespaceOfEdition('ISO15118-2');
    const is = (edition: string, said: string) =>
      new RegExp(`${FIELD}is a message of ${edition}, where xsdMsgDefNamespace says ${said}$`);
    await expectRefused(server, [
      ...calls20.map((each) => ({
        title: `ISO 15118-20 as -2 at ${each.path}`,
        call: { ...each, body: { ...Object(each.body), xsdMsgDefNamespace } },
        text: 'EXI format is invalid!',
        names: is('ISO15118-20', 'ISO15118-2'),
      })),
      ...calls2.map((each) => ({
        title: `ISO 15118-2 as -20 at ${each.path}`,
        call: in20(each),
        text: 'EXI format is invalid!',
        names: is('ISO15118-2', 'ISO15118-20'),
      })),
    ]);
  });
});

type SignedData = ReturnType<typeof responseOf>['SignedInstallationData'];

function signerOn(curve: Curve20) {
  return softwareSigner(generateKeyPair(curve).privateKey);
}

function dhKeyOn(curve: Curve20): Uint8Array {
  return curve === 'ed448' ? new Uint8Array(56).fill(9) : generateKeyPair(curve).point;
}

function keyOf(curve: Curve20, octets: Uint8Array) {
  return curve === 'ed448' ? { X448_EncryptedPrivateKey: octets } : { SECP521_EncryptedPrivateKey: octets };
}

function dataWithout({ Id, ContractCertificateChain, ECDHCurve, DHPublicKey }: SignedData) {
  return { Id, ContractCertificateChain, ECDHCurve, DHPublicKey };
}

function carryingExi(example: Call | undefined, exi: Uint8Array): Call {
  if (example === undefined) throw new Error('there is no call');
  return { ...example, body: { ...Object(example.body), certificateInstallationRes: base64(exi) } };
}

async function unsigned(fields: ForeignFields20): Promise<Iso15118_20CommonDocument> {
  return await tampered20(fields, ({ Header: { Signature: _, ...Header } }) => ({ Header }));
}

/** Signed as it is, with its only reference so many times. */
async function withReferences(fields: ForeignFields20, times: number): Promise<Iso15118_20CommonDocument> {
  const { Header } = responseOf(await signed20(fields));
  const { Signature } = Header;
  if (Signature === undefined) throw new Error('not signed');
  const [reference] = Signature.SignedInfo.Reference;
  if (reference === undefined) throw new Error('no reference');
  const elsewhere = { ...reference, URI: '#id2' };
  const Reference = times === 0 ? [elsewhere] : Array.from({ length: times }, () => reference);
  const SignedInfo = { ...Signature.SignedInfo, Reference };
  const value = await fields.signer.sign(encodeFragment(xmldsig, 'SignedInfo', SignedInfo));
  return await tampered20(fields, () => ({
    Header: { ...Header, Signature: { SignedInfo, SignatureValue: { value } } },
  }));
}
