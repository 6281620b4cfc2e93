import {
  type CertificateInstallationReq20,
  type CertificateInstallationRes20,
  encode,
  iso15118_2,
  iso15118_20Common,
} from '@plugpool/exi';
import { beforeAll, describe, expect, test } from 'vitest';
import { vectorsIn } from '../../../exi/test/vectors.ts';
import { plugpool } from '../../test/command-line.ts';
import { inspected } from '../../test/inspected.ts';
import {
  encoded,
  envelopeFor,
  issueLeaf20,
  madeAt,
  type Parties20,
  parties20,
  requestOf,
  responseOf,
  sent,
  signedHeader,
  unsignedHeader,
} from '../../test/messages-20.ts';

let p521: Parties20;
let ed448: Parties20;
let p256: Parties20;
let request: CertificateInstallationReq20;
let response: CertificateInstallationRes20;

beforeAll(async () => {
  [p521, ed448, p256] = await Promise.all([parties20('secp521r1'), parties20('ed448'), parties20('secp256r1')]);
  request = await requestOf(p521);
  response = await responseOf(p521);
});

const reqExi = (changes: Partial<CertificateInstallationReq20> = {}) =>
  encoded({ CertificateInstallationReq: { ...request, ...changes } });
const resExi = (changes: Partial<CertificateInstallationRes20> = {}) =>
  encoded({ CertificateInstallationRes: { ...response, ...changes } });

/** The response with other installation data, signed again. */
async function resWith(change: (data: CertificateInstallationRes20['SignedInstallationData']) => object) {
  const value = { ...response.SignedInstallationData, ...change(response.SignedInstallationData) };
  const Header = await signedHeader(p521.cps.signer, { id1: { name: 'SignedInstallationData', value } });
  return encode(iso15118_20Common, {
    CertificateInstallationRes: { ...response, Header, SignedInstallationData: value },
  });
}

describe('chains and editions', () => {
  test('a chain that expired, by its time', () => {
    const { codes, textOf } = inspected(reqExi(), { at: madeAt + 40 * 86_400_000 });
    expect(codes).toEqual(Array.from({ length: 3 }, () => 'certificate-expired'));
    expect(textOf('certificate-expired')).toMatch(
      'the leaf certificate in OEMProvisioningCertificateChain expired on 2026-',
    );
  });

  test('certificates of ISO 15118-2 in a message of ISO 15118-20', async () => {
    const { oem } = p256;
    const { certificate, subCa2, subCa1 } = sent(oem);
    const value = {
      Id: 'id1',
      Certificate: certificate.der,
      SubCertificates: { Certificate: [subCa2.der, subCa1.der] },
    };
    const { signature, codes, textOf } = inspected(reqExi({ OEMProvisioningCertificateChain: value }));
    expect(signature?.valid).toBe(false);
    expect(codes.filter((code) => code === 'wrong-curve')).toHaveLength(2);
    expect(inspected(reqExi({ OEMProvisioningCertificateChain: value })).problems.map(({ text }) => text)).toContain(
      'the leaf certificate in OEMProvisioningCertificateChain is on secp256r1, a curve of ISO 15118-2, in a message of ISO 15118-20; send the certificate that was issued for this edition',
    );
    expect(textOf('digest-mismatch')).toMatch('OEMProvisioningCertificateChain');
  });

  test('certificates of ISO 15118-20 in a message of ISO 15118-2', () => {
    const exi = encode(iso15118_2, {
      V2G_Message: {
        Header: { SessionID: unsignedHeader.SessionID },
        Body: {
          CertificateInstallationReq: {
            Id: 'id1',
            OEMProvisioningCert: p521.oem.certificate.der,
            ListOfRootCertificateIDs: request.ListOfRootCertificateIDs,
          },
        },
      },
    });
    const { codes, textOf, text } = inspected(exi);
    expect(codes).toEqual(['no-signature', 'wrong-curve']);
    expect(textOf('wrong-curve')).toMatch('is on secp521r1, a curve of ISO 15118-20, in a message of ISO 15118-2');
    expect(text).toMatch('\nCertificateInstallationReq of ISO 15118-2\n');
  });

  test('leaves for something that is neither PCID nor EMAID', async () => {
    const strange = {
      ...p521,
      oem: await issueLeaf20('secp521r1', 'oem', 'my car'),
      contract: await issueLeaf20('secp521r1', 'contract', 'nobody'),
    };
    const { codes, textOf } = inspected(encoded({ CertificateInstallationReq: await requestOf(strange) }));
    expect(codes).toEqual(['pcid-malformed']);
    expect(textOf('pcid-malformed')).toMatch('is for "my car", which is no PCID (');
    const res = encoded({ CertificateInstallationRes: await responseOf(strange) });
    expect(inspected(res).codes).toEqual(['emaid-malformed']);
  });

  test('zeros for a certificate are none in a refusal, and no certificate in an answer', () => {
    const zeros = { Certificate: Uint8Array.of(0) };
    const { codes, chains } = inspected(resExi({ CPSCertificateChain: zeros }));
    expect(codes).toEqual(['signer-unknown', 'certificate-malformed']);
    expect(chains).toHaveLength(2);
  });

  test('a third sub CA above the others, with the root given', () => {
    const { oem } = p521;
    const chain = {
      Id: 'id1',
      Certificate: oem.certificate.der,
      SubCertificates: { Certificate: [oem.subCa2, oem.subCa1, oem.root].map(({ certificate }) => certificate.der) },
    };
    const exi = reqExi({ OEMProvisioningCertificateChain: chain });
    expect(inspected(exi, { roots: [oem.root.certificate] }).codes).toEqual(['digest-mismatch']);
  });

  interface Payload {
    readonly name: string;
    readonly payloadType: number;
    readonly says: string | undefined;
  }
  test.each<Payload>([
    { name: 'that of ISO 15118-20', payloadType: 0x8002, says: undefined },
    {
      name: 'that of ISO 15118-2',
      payloadType: 0x8001,
      says: 'V2GTP payload type 8001 is that of ISO 15118-2 and the handshake, and the message is one of ISO 15118-20; send it as 8002',
    },
    { name: 'that of DC charging', payloadType: 0x8004, says: 'V2GTP payload type 8004 is that of DC charging of ISO' },
    { name: 'that of nothing', payloadType: 0x9000, says: 'V2GTP payload type 9000 is that of no EXI message' },
  ])('a V2GTP payload type: $name', ({ payloadType, says }) => {
    const exi = reqExi();
    const v2gtp = { payloadType, payloadLength: exi.length, octetsBehind: exi.length };
    const { textOf, codes } = inspected(exi, { v2gtp });
    expect(codes).toEqual(says === undefined ? [] : ['v2gtp-payload-type']);
    expect(textOf('v2gtp-payload-type') ?? '').toContain(says ?? '');
  });

  test('a message of ISO 15118-2 behind a V2GTP header of ISO 15118-20', async () => {
    const { code, out } = await plugpool(['inspect', '--json', '01fe80020000000d8098021fafed46beaa937d9008']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'iso15118-2',
      problems: [
        {
          code: 'v2gtp-payload-type',
          text: 'V2GTP payload type 8002 is that of the common messages of ISO 15118-20, and the message is one of ISO 15118-2; send it as 8001',
        },
      ],
    });
  });

  test('octets of a message set that is not known here: the header says which', () => {
    const exi = Uint8Array.of(0x80, 0xff, 0xff, 0xff);
    const { message, textOf } = inspected(exi, { v2gtp: { payloadType: 0x8003, payloadLength: 4, octetsBehind: 4 } });
    expect(message).toBeUndefined();
    expect(textOf('v2gtp-payload-type')).toMatch(
      'AC charging of ISO 15118-20; messages of that schema are not read here',
    );
  });
});

describe('envelopes', () => {
  const point = () => response.SignedInstallationData.DHPublicKey;
  const without = { SECP521_EncryptedPrivateKey: undefined };
  const x448 = () => envelopeFor(ed448);

  interface Shape {
    readonly name: string;
    readonly change: () => object;
    readonly codes: readonly string[];
    readonly says: RegExp;
  }
  test.each<Shape>([
    {
      name: 'a point off the curve',
      change: () => ({ DHPublicKey: point().with(20, (point()[20] ?? 0) ^ 1) }),
      codes: ['point-not-on-curve'],
      says: /^the DH public key is not a point on secp521r1; seal the contract key again$/,
    },
    {
      name: 'a key of another size',
      change: () => ({ SECP521_EncryptedPrivateKey: new Uint8Array(48) }),
      codes: ['wrong-length'],
      says: /secp521r1 must have 94 octets \(or 206 for a TPM\), not 48/,
    },
    {
      name: 'what is for a TPM in the field of another form',
      change: () => ({ SECP521_EncryptedPrivateKey: new Uint8Array(206) }),
      codes: ['wrong-length'],
      says: /SECP521_EncryptedPrivateKey has the 206 octets of an envelope of form TPM/,
    },
    {
      name: 'both at once',
      change: () => ({ SECP521_EncryptedPrivateKey: new Uint8Array(1), DHPublicKey: new Uint8Array(1) }),
      codes: ['wrong-length', 'wrong-length'],
      says: /not 1;/,
    },
    {
      name: 'ECDHCurve of the other form',
      change: () => ({ ECDHCurve: 'X448', DHPublicKey: x448().dhPublicKey }),
      codes: ['ecdh-curve-mismatch'],
      says: /^ECDHCurve is X448 and the key is in SECP521_EncryptedPrivateKey; name the curve/,
    },
    {
      name: 'a key of another curve than the contract certificate',
      change: () => ({
        ...without,
        ECDHCurve: 'X448',
        DHPublicKey: x448().dhPublicKey,
        X448_EncryptedPrivateKey: x448().encryptedPrivateKey,
      }),
      codes: ['contract-curve-mismatch'],
      says: /^X448_EncryptedPrivateKey holds a key on ed448 and the contract certificate has one on secp521r1/,
    },
  ])('$name', async ({ change, codes, says }) => {
    const result = inspected(await resWith(change));
    expect(result.signature?.valid).toBe(true);
    expect(result.codes).toEqual(codes);
    expect(result.problems[0]?.text).toMatch(says);
  });

  test('sealed for a TPM', async () => {
    const result = inspected(await resWith(() => ({ ...without, TPM_EncryptedPrivateKey: new Uint8Array(206) })));
    expect(result.codes).toEqual([]);
    expect(result.contractData?.encryptedPrivateKey).toBe(
      'TPM_EncryptedPrivateKey, 206 octets, which the TPM of the vehicle alone can open',
    );
  });

  test.each([
    { size: 57, words: 'an X448 key behind a zero octet', fill: (key: Uint8Array) => [0, ...key] },
    {
      size: 133,
      words: 'an X448 key filled up with zeros',
      fill: (key: Uint8Array) => [...key, ...new Uint8Array(77)],
    },
  ])('an X448 key of $size octets', async ({ size, words, fill }) => {
    const { dhPublicKey, ...rest } = envelopeFor(ed448);
    const padded = { ...rest, dhPublicKey: Uint8Array.from(fill(dhPublicKey)) };
    const result = inspected(encoded({ CertificateInstallationRes: await responseOf(ed448, padded) }));
    expect(result.contractData?.keyAgreement).toBe(`ECDHCurve X448, DHPublicKey of ${size} octets, ${words}`);
    expect(result.codes).toEqual([]);
  });
});

describe('header', () => {
  test('a SessionID of zeros, or of another size', () => {
    const zero = { ...request.Header, SessionID: new Uint8Array(8) };
    expect(inspected(reqExi({ Header: zero })).codes).toEqual(['session-id-zero']);
    const short = { ...request.Header, SessionID: Uint8Array.of(1, 2) };
    expect(inspected(reqExi({ Header: short })).textOf('session-id-size')).toMatch(
      'has 2 octets and one of ISO 15118-20 has 8',
    );
  });

  test('a SessionSetupReq begins with zeros', () => {
    const SessionSetupReq = { Header: { ...unsignedHeader, SessionID: new Uint8Array(8) }, EVCCID: 'WMIABC' };
    expect(inspected(encoded({ SessionSetupReq })).codes).toEqual([]);
  });

  test.each([
    { timestamp: 0n, says: /^TimeStamp is 0, 1970-01-01T00:00:00Z if these .*; the sender's clock was not set/ },
    {
      timestamp: BigInt(madeAt),
      says: /no date if these .* they look like milliseconds \(2026-06-01T12:00:00Z\), write whole seconds$/,
    },
    { timestamp: BigInt(madeAt) * 1000n, says: /they look like microseconds/ },
    { timestamp: BigInt(madeAt / 1000) + 100_000n, says: /2026-06-02T15:46:40Z .* lies ahead of the clock here/ },
    { timestamp: 2n ** 64n - 1n, says: /^TimeStamp is 18446744073709551615, no date if these are seconds/ },
  ])('a TimeStamp of $timestamp', ({ timestamp, says }) => {
    const { codes, textOf } = inspected(reqExi({ Header: { ...request.Header, TimeStamp: timestamp } }));
    expect(codes).toEqual(['timestamp-implausible']);
    expect(textOf('timestamp-implausible')).toMatch(says);
  });
});

describe('what messages say of themselves', () => {
  const unsigned = () => ({ SessionID: response.Header.SessionID, TimeStamp: response.Header.TimeStamp });
  const fillIn = { Certificate: Uint8Array.of(0) };
  const refusal = (ResponseCode: CertificateInstallationRes20['ResponseCode']) =>
    resExi({
      Header: unsigned(),
      ResponseCode,
      CPSCertificateChain: fillIn,
      SignedInstallationData: {
        Id: 'id1',
        ContractCertificateChain: { ...fillIn, SubCertificates: { Certificate: [Uint8Array.of(0)] } },
        ECDHCurve: 'SECP521',
        DHPublicKey: Uint8Array.of(0),
        SECP521_EncryptedPrivateKey: Uint8Array.of(0),
      },
    });

  test.each([
    ['WARNING_NoContractMatchingPCIDFound', 'is there a contract for this PCID'],
    ['WARNING_NoCertificateAvailable', 'is the vehicle published'],
    ['WARNING_CertificateExpired', 'the certificate in the request is expired; have a new one issued and publish it'],
    ['WARNING_CertificateNotYetValid', 'the certificate in the request is not yet valid'],
    ['WARNING_CertificateRevoked', 'the certificate in the request is revoked'],
    ['WARNING_CertificateValidationError', 'is not the one that is published for its PCID'],
    ['WARNING_eMSPUnknown', 'does not know the eMSP'],
    ['FAILED_SignatureError', 'signed with another key than that of its certificate'],
    ['FAILED', 'the log of whoever answered says more'],
  ] as const)('a refusal with %s: in words, without complaint about what is missing in it', (code, says) => {
    const { codes, textOf } = inspected(refusal(code));
    expect(codes).toEqual(['refused']);
    expect(textOf('refused')).toMatch(`the response refuses with ${code}: `);
    expect(textOf('refused')).toContain(says);
  });

  test('codes of an AuthorizationRes are about the contract', () => {
    const AuthorizationRes = {
      Header: unsigned(),
      ResponseCode: 'WARNING_CertificateRevoked',
      EVSEProcessing: 'Finished',
    } as const;
    expect(inspected(encoded({ AuthorizationRes })).problems).toEqual([
      {
        code: 'warned',
        text: 'the response warns with WARNING_CertificateRevoked: the contract certificate in the request is revoked; have a new contract made and installed',
      },
    ]);
  });

  test('every code of the schema has a sentence', () => {
    const vectors = vectorsIn('iso15118-20-common');
    for (const { name, exiHex } of vectors.filter(({ name }) => name.startsWith('responsecode'))) {
      const { message, problems } = inspected(Buffer.from(exiHex, 'hex'));
      const [, code = ''] = /"ResponseCode":"(\w+)"/.exec(JSON.stringify(message?.json)) ?? [];
      const told = problems.some(({ text }) => text.includes(` ${code}: `));
      expect({ name, code, told }).toEqual({ name, code, told: !/^OK(?!_CertificateExpiresSoon)/.test(code) });
    }
  });

  test('a response that is not ready, and a request for nothing', () => {
    const { codes } = inspected(resExi({ Header: unsigned(), EVSEProcessing: 'Ongoing' }));
    expect(codes).toEqual(['not-finished']);
    expect(inspected(reqExi({ MaximumContractCertificateChains: 0 })).codes).toEqual(['no-contract-wanted']);
  });
});
