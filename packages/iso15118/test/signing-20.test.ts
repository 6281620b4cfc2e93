import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
  decode,
  ExiError,
  encode,
  encodeFragment,
  type Iso15118_20CommonDocument,
  iso15118_20Common,
  type Signature,
  xmldsig,
} from '@plugpool/exi';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  buildCertificateInstallationRes20,
  type CertificateInstallationReq20Fields,
  type CertificateInstallationRes20Fields,
  type CurveName,
  EnvelopeError,
  generateKeyPair,
  openContractKey,
  SignatureError,
  sealContractKey,
  signCertificateInstallationReq,
  signCertificateInstallationReq20,
  signCertificateInstallationRes20,
  verifyMessageSignature,
} from '../src/index.ts';
import { issueChain, type TestChain } from './pki.ts';

const curves = ['secp521r1', 'ed448'] as const;
const sessionId = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const timestamp = Date.UTC(2026, 5, 1, 12);
const pcid = 'WMIOEM1234567890X';

const wrote = {
  secp521r1: {
    signatureUri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512',
    digestUri: 'http://www.w3.org/2001/04/xmlenc#sha512',
    size: 132,
  },
  ed448: {
    signatureUri: 'urn:iso:std:iso:15118:-20:Security:xmldsig#Ed448',
    digestUri: 'urn:iso:std:iso:15118:-20:Security:xmlenc#SHAKE256',
    size: 114,
  },
} as const;

describe.each(curves)('messages of ISO 15118-20 signed on %s', (curve) => {
  let chain: TestChain;
  let request: CertificateInstallationReq20Fields;
  let response: CertificateInstallationRes20Fields;
  beforeAll(async () => {
    chain = await issueChain(curve);
    request = {
      sessionId,
      timestamp,
      provisioningChain: sent(chain),
      roots: [chain.root.certificate],
      maximumContractCertificateChains: 3,
      prioritizedEmaids: ['DE8AAA1A2B3C4D5', 'DE8AAA1A2B3C4D5EF67'],
      signer: chain.leaf.signer,
    };
    response = {
      sessionId,
      timestamp,
      cpsChain: sent(chain),
      contractChain: sent(chain),
      ...envelopeOn(curve, chain),
      remainingContractCertificateChains: 2,
    };
  });

  test('ok/the request verifies after its way over the wire', async () => {
    const { exi, document } = await signCertificateInstallationReq20(request);
    expect(decode(iso15118_20Common, exi)).toEqual(document);
    const { SignedInfo, SignatureValue } = signatureIn(document);
    expect(SignedInfo.SignatureMethod.Algorithm).toBe(wrote[curve].signatureUri);
    expect(SignedInfo.Reference[0]?.DigestMethod.Algorithm).toBe(wrote[curve].digestUri);
    expect(SignedInfo.Reference[0]?.DigestValue).toHaveLength(64);
    expect(SignatureValue.value).toHaveLength(wrote[curve].size);
    expect(verifyMessageSignature(decode(iso15118_20Common, exi), chain.leaf.certificate)).toEqual({
      valid: true,
      signedInfoGrammar: 'xmldsig',
      problems: [],
      references: [{ uri: '#id1', element: 'OEMProvisioningCertificateChain', valid: true, encoding: 'exi' }],
    });
    expect(verifyMessageSignature(document, chain.root.certificate).valid).toBe(false);
  });

  test('ok/header, CPS chain and count of a response are outside of its signature', async () => {
    const { document } = await signCertificateInstallationRes20({ ...response, signer: chain.leaf.signer });
    if (!('CertificateInstallationRes' in document)) throw new Error('no response');
    const { CertificateInstallationRes: res } = document;
    const delivered = {
      CertificateInstallationRes: {
        ...res,
        Header: { ...res.Header, SessionID: Uint8Array.from(sessionId).reverse(), TimeStamp: 7n },
        RemainingContractCertificateChains: 0,
      },
    };
    const read = decode(iso15118_20Common, encode(iso15118_20Common, delivered));
    expect(verifyMessageSignature(read, chain.leaf.certificate)).toMatchObject({
      valid: true,
      references: [{ uri: '#id1', element: 'SignedInstallationData' }],
    });
  });

  test('ok/other names and grammars that mean the same are read, and told', async () => {
    const { document } = await signCertificateInstallationReq20(request);
    const resign = async (change: (info: Signature['SignedInfo']) => Signature['SignedInfo'], combined = false) => {
      const SignedInfo = change(signatureIn(document).SignedInfo);
      const octets = combined
        ? encodeFragment(iso15118_20Common, 'SignedInfo', SignedInfo)
        : encodeFragment(xmldsig, 'SignedInfo', SignedInfo);
      const value = await chain.leaf.signer.sign(octets);
      return verifyMessageSignature(
        withSignature(document, { SignedInfo, SignatureValue: { value } }),
        chain.leaf.certificate,
      );
    };
    expect(await resign((info) => info, true)).toMatchObject({ valid: true, signedInfoGrammar: 'combined' });
    const rfc9231 = { Algorithm: 'http://www.w3.org/2021/04/xmldsig-more#eddsa-ed448' };
    const { valid } = await resign((info) => ({ ...info, SignatureMethod: rfc9231 }));
    expect(valid).toBe(curve === 'ed448');
  });

  test.each([
    ['element-not-signed', (document: Iso15118_20CommonDocument) => withSignature(document, undefined), 'no-signature'],
    ['another chain', (document: Iso15118_20CommonDocument) => withOtherCertificate(document), 'digest-mismatch'],
  ] as const)('refused/%s', async (_title, change, code) => {
    const { document } = await signCertificateInstallationReq20(request);
    const { valid, problems } = verifyMessageSignature(change(document), chain.leaf.certificate);
    expect(valid).toBe(false);
    expect(problems.map((problem) => problem.code)).toContain(code);
  });

  test('refused/a signature on the other curves', async () => {
    const { document } = await signCertificateInstallationReq20(request);
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    expect(verifyMessageSignature(document, other.publicKey).problems[0]).toMatchObject({ code: 'wrong-curve' });
    const iso2 = await issueChain('secp256r1');
    await expect(signCertificateInstallationReq20({ ...request, signer: iso2.leaf.signer })).rejects.toThrow(
      SignatureError,
    );
    await expect(
      signCertificateInstallationReq({
        sessionId,
        provisioningCertificate: iso2.leaf.certificate,
        roots: [iso2.root.certificate],
        signer: chain.leaf.signer,
      }),
    ).rejects.toThrow(SignatureError);
  });

  test('property/any changed octet of what is signed is found', async () => {
    const { exi, document } = await signCertificateInstallationReq20(request);
    const signed = encodeFragment(
      iso15118_20Common,
      'OEMProvisioningCertificateChain',
      'CertificateInstallationReq' in document
        ? document.CertificateInstallationReq.OEMProvisioningCertificateChain
        : undefined,
    );
    // The chain lies in the middle of the message; a third of its octets from the middle are surely within it.
    const from = exi.length - signed.length;
    const samples = fc.tuple(fc.integer({ min: from, max: from + Math.floor(signed.length / 3) }), fc.nat(7));
    for (const [at, bit] of fc.sample(samples, 40)) {
      const changed = Uint8Array.from(exi);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      expect(isValid(changed, chain), `octet ${at}`).toBe(false);
    }
  });

  test('ok/a key for a TPM is carried as it is, and opened by nobody else', async () => {
    const tpm = new Uint8Array(206).fill(7);
    const { document } = await signCertificateInstallationRes20({
      ...response,
      encryptedPrivateKey: tpm,
      signer: chain.leaf.signer,
    });
    const data = 'CertificateInstallationRes' in document && document.CertificateInstallationRes.SignedInstallationData;
    expect(data).toMatchObject({ TPM_EncryptedPrivateKey: tpm });
    const opening = () =>
      openContractKey({
        curve,
        encryptedPrivateKey: tpm,
        dhPublicKey: response.dhPublicKey,
        vehiclePrivateKey: generateKeyPair(curve).privateKey,
        contractPublicKey: undefined,
        pcid,
        contractSki: new Uint8Array(8),
      });
    expect(opening).toThrow(expect.objectContaining({ kind: 'sealed-for-tpm' }));
  });

  test('refused/keys of no form', () => {
    const built = (fields: Partial<CertificateInstallationRes20Fields>) => () =>
      buildCertificateInstallationRes20({ ...response, ...fields });
    expect(built({ encryptedPrivateKey: new Uint8Array(48) })).toThrow(EnvelopeError);
    expect(built({ curve: 'secp256r1', encryptedPrivateKey: new Uint8Array(48) })).toThrow(
      expect.objectContaining({ kind: 'wrong-edition' }),
    );
  });
});

describe('Ed448', () => {
  test('ok/digests with SHA-512, and with as much of SHAKE256 as Ed448 itself takes', async () => {
    const chain = await issueChain('ed448');
    const { document } = await signCertificateInstallationReq20({
      sessionId,
      timestamp,
      provisioningChain: sent(chain),
      roots: [chain.root.certificate],
      maximumContractCertificateChains: 1,
      signer: chain.leaf.signer,
    });
    const fragment = encodeFragment(
      iso15118_20Common,
      'OEMProvisioningCertificateChain',
      'CertificateInstallationReq' in document
        ? document.CertificateInstallationReq.OEMProvisioningCertificateChain
        : undefined,
    );
    const values = [
      [wrote.secp521r1.digestUri, createHash('sha512').update(fragment).digest(), true],
      [wrote.ed448.digestUri, createHash('shake256', { outputLength: 114 }).update(fragment).digest(), true],
      [wrote.ed448.digestUri, createHash('shake256', { outputLength: 32 }).update(fragment).digest(), false],
      [wrote.ed448.digestUri, createHash('shake256', { outputLength: 115 }).update(fragment).digest(), false],
    ] as const;
    for (const [Algorithm, digest, accepted] of values) {
      const info = signatureIn(document).SignedInfo;
      const SignedInfo = {
        ...info,
        Reference: info.Reference.map((reference) => ({
          ...reference,
          DigestMethod: { Algorithm },
          DigestValue: Uint8Array.from(digest),
        })),
      };
      const octets = encodeFragment(xmldsig, 'SignedInfo', SignedInfo);
      const value = Uint8Array.from(sign(null, octets, chain.leaf.keys.privateKey));
      const changed = withSignature(document, { SignedInfo, SignatureValue: { value } });
      expect(verifyMessageSignature(changed, chain.leaf.certificate).valid).toBe(accepted);
    }
  });
});

function sent({ leaf, subCa2, subCa1 }: TestChain) {
  return { certificate: leaf.certificate, subCa2: subCa2.certificate, subCa1: subCa1.certificate };
}

/** A sealed key of the right shape: opening it is the envelope's own test. */
function envelopeOn(curve: CurveName, { leaf }: TestChain) {
  const binding = { pcid, contractSki: leaf.certificate.subjectKeyIdentifier };
  if (curve === 'ed448') {
    const { publicKey } = generateKeyPairSync('x448');
    const vehiclePublicKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-56);
    const sealed = sealContractKey({ curve, vehiclePublicKey, contractKey: new Uint8Array(56).fill(9), ...binding });
    return { curve, ...sealed };
  }
  const contractKey = generateKeyPair(curve).privateKey;
  return { curve, ...sealContractKey({ curve, vehiclePublicKey: leaf.keys.point, contractKey, ...binding }) };
}

function signatureIn(document: Iso15118_20CommonDocument): Signature {
  const signature = 'CertificateInstallationReq' in document && document.CertificateInstallationReq.Header.Signature;
  if (!signature) throw new Error('no signed request');
  return signature;
}

function withSignature(document: Iso15118_20CommonDocument, signature: Signature | undefined) {
  if (!('CertificateInstallationReq' in document)) throw new Error('no request');
  const { CertificateInstallationReq: req } = document;
  const { SessionID, TimeStamp } = req.Header;
  const Header = { SessionID, TimeStamp, ...(signature && { Signature: signature }) };
  return { CertificateInstallationReq: { ...req, Header } };
}

function withOtherCertificate(document: Iso15118_20CommonDocument) {
  if (!('CertificateInstallationReq' in document)) throw new Error('no request');
  const { CertificateInstallationReq: req } = document;
  const changed = { ...req.OEMProvisioningCertificateChain, Certificate: Uint8Array.of(0x30, 0) };
  return { CertificateInstallationReq: { ...req, OEMProvisioningCertificateChain: changed } };
}

function isValid(exi: Uint8Array, { leaf }: TestChain): boolean {
  let document: Iso15118_20CommonDocument;
  try {
    document = decode(iso15118_20Common, exi);
  } catch (error) {
    expect(error).toBeInstanceOf(ExiError);
    return false;
  }
  return verifyMessageSignature(document, leaf.certificate).valid;
}
