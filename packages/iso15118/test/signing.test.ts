import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { decode, encode, type Iso15118_2Document, iso15118_2, type SignedInfo } from '@plugpool/exi';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  buildCertificateInstallationRes,
  generateKeyPair,
  rootIdOf,
  SignatureError,
  type Signer,
  sealContractKey,
  signCertificateInstallationReq,
  signCertificateInstallationRes,
  signCertificateUpdateReq,
  signCertificateUpdateRes,
  softwareSigner,
  verifyMessageSignature,
} from '../src/index.ts';
import {
  certificateOf,
  decoded,
  isValid,
  responseIn,
  signatureIn,
  signerNamed,
  signerOf,
  withSignedInfo,
} from './messages.ts';
import { cryptoVectors } from './vectors.ts';

const { pki, iso2Signatures } = cryptoVectors;
const canonicalExi = 'http://www.w3.org/TR/canonical-exi/';
const ecdsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';

describe('what is signed here', () => {
  const sessionId = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const chainOf = (name: 'oem' | 'cps' | 'mo') => ({
    certificate: certificateOf(pki[name].leaf),
    subCa2: certificateOf(pki[name].sub2),
    subCa1: certificateOf(pki[name].sub1),
  });
  const root = certificateOf(pki.cps.root);
  let contract: Parameters<typeof buildCertificateInstallationRes>[0];
  beforeAll(() => {
    const vehicle = certificateOf(pki.oem.leaf);
    const envelope = sealContractKey({
      curve: 'secp256r1',
      vehiclePublicKey: vehicle.publicKey.point,
      contractKey: createPrivateKey(pki.mo.leaf.keyPem),
    });
    contract = {
      sessionId,
      provisioningChain: chainOf('cps'),
      contractChain: chainOf('mo'),
      ...envelope,
      emaid: 'DE8AAA1A2B3C4D5',
    };
  });

  test('ok/CertificateInstallationReq verifies after its way over the wire', async () => {
    const { exi } = await signCertificateInstallationReq({
      sessionId,
      provisioningCertificate: certificateOf(pki.oem.leaf),
      roots: [root, { X509IssuerName: 'CN=Other Root', X509SerialNumber: 12345678901234567890n }],
      signer: signerOf(pki.oem.leaf),
    });
    const verdict = verifyMessageSignature(decode(iso15118_2, exi), signerNamed('OEM leaf'));
    expect(verdict).toMatchObject({
      valid: true,
      references: [{ uri: '#id1', element: 'CertificateInstallationReq' }],
    });
    expect(verifyMessageSignature(decode(iso15118_2, exi), root).valid).toBe(false);
  });

  test('ok/the request is that of the vectors, but for the signature value', async () => {
    const vector = iso2Signatures.find(({ name }) => name === 'sig2-req');
    const document = decoded(vector?.exiHex ?? '');
    const request = 'V2G_Message' in document && document.V2G_Message?.Body;
    if (!request || !('CertificateInstallationReq' in request) || request.CertificateInstallationReq === undefined) {
      throw new Error('the vector is no request');
    }
    const signed = await signCertificateInstallationReq({
      sessionId: Buffer.from('c6b31849921da731', 'hex'),
      provisioningCertificate: request.CertificateInstallationReq.OEMProvisioningCert,
      roots: request.CertificateInstallationReq.ListOfRootCertificateIDs.RootCertificateID,
      signer: signerOf(pki.oem.leaf),
    });
    expect(signatureIn(signed.document).SignedInfo).toEqual(signatureIn(document).SignedInfo);
    expect(signed.exi).toHaveLength((vector?.exiHex.length ?? 0) / 2);
  });

  test('ok/CertificateInstallationRes with a signer far away', async () => {
    const near = signerOf(pki.cps.leaf);
    const signer: Signer = {
      ...near,
      sign: async (data) => {
        await new Promise((done) => setTimeout(done, 5));
        return near.sign(data);
      },
    };
    const { exi, document } = await signCertificateInstallationRes({ ...contract, signer });
    expect(decode(iso15118_2, exi)).toEqual(document);
    const verdict = verifyMessageSignature(decode(iso15118_2, exi), signerNamed('CPS leaf'));
    expect(verdict.references.map(({ uri, element }) => [uri, element])).toEqual([
      ['#id1', 'ContractSignatureCertChain'],
      ['#id2', 'ContractSignatureEncryptedPrivateKey'],
      ['#id3', 'DHpublickey'],
      ['#id4', 'eMAID'],
    ]);
    expect(verdict.valid).toBe(true);
  });

  test('ok/another session id leaves the signature whole', async () => {
    const { document } = await signCertificateInstallationRes({ ...contract, signer: signerOf(pki.cps.leaf) });
    if (!('V2G_Message' in document) || document.V2G_Message === undefined) {
      throw new Error('no message');
    }
    const { Header, Body } = document.V2G_Message;
    const other = { V2G_Message: { Header: { ...Header, SessionID: Uint8Array.of(9) }, Body } };
    expect(verifyMessageSignature(decode(iso15118_2, encode(iso15118_2, other)), signerNamed('CPS leaf')).valid).toBe(
      true,
    );
  });

  test('ok/CertificateUpdateReq and Res', async () => {
    const request = await signCertificateUpdateReq({
      sessionId,
      contractChain: chainOf('mo'),
      emaid: 'DE8AAA1A2B3C4D5',
      roots: [root],
      signer: signerOf(pki.mo.leaf),
    });
    expect(verifyMessageSignature(decode(iso15118_2, request.exi), certificateOf(pki.mo.leaf)).valid).toBe(true);
    const response = await signCertificateUpdateRes({ ...contract, retryCounter: -1, signer: signerOf(pki.cps.leaf) });
    expect(verifyMessageSignature(decode(iso15118_2, response.exi), signerNamed('CPS leaf')).valid).toBe(true);
  });

  test('refused/not signed, of another edition, no message', async () => {
    const unsigned = buildCertificateInstallationRes(contract);
    const codes = (document: Iso15118_2Document, key: Parameters<typeof verifyMessageSignature>[1]) =>
      verifyMessageSignature(document, key).problems.map(({ code }) => code);
    expect(codes(unsigned, root)).toEqual(['no-signature']);
    expect(codes({ V2G_Message: { Header: { SessionID: sessionId }, Body: {} } }, root)).toEqual(['no-message']);
    const { document } = await signCertificateInstallationRes({ ...contract, signer: signerOf(pki.cps.leaf) });
    expect(codes(document, generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).publicKey)).toEqual(['wrong-curve']);
    const other = softwareSigner(generateKeyPair('secp521r1').privateKey);
    await expect(signCertificateInstallationRes({ ...contract, signer: other })).rejects.toThrow(SignatureError);
    const cut = { ...signerOf(pki.cps.leaf), sign: () => new Uint8Array(63) };
    await expect(signCertificateInstallationRes({ ...contract, signer: cut })).rejects.toThrow(
      expect.objectContaining({ kind: 'signature-size' }),
    );
  });

  test.each([
    ['wrong-canonicalization', { CanonicalizationMethod: { Algorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#' } }],
    ['wrong-signature-method', { SignatureMethod: { Algorithm: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1' } }],
    ['wrong-signature-method', { SignatureMethod: { Algorithm: ecdsaSha256, HMACOutputLength: 160n } }],
  ] as const)('refused/%s', async (code, change) => {
    const { document } = await signCertificateInstallationRes({ ...contract, signer: signerOf(pki.cps.leaf) });
    const changed = withSignedInfo(document, (signedInfo) => ({ ...signedInfo, ...change }));
    expect(verifyMessageSignature(changed, signerNamed('CPS leaf')).problems[0]).toMatchObject({ code });
  });

  test.each([
    ['wrong-digest-method', { DigestMethod: { Algorithm: 'http://www.w3.org/2000/09/xmldsig#sha1' } }],
    ['wrong-transform', { Transforms: { Transform: [{ Algorithm: 'http://www.w3.org/TR/1999/REC-xslt-19991116' }] } }],
    ['wrong-transform', { Transforms: { Transform: [{ Algorithm: canonicalExi }, { Algorithm: canonicalExi }] } }],
    ['bad-uri', { URI: '' }],
    ['bad-uri', { URI: 'http://example.com/#id1' }],
  ] satisfies [string, Partial<SignedInfo['Reference'][number]>][])('refused/%s', async (code, change) => {
    const { document } = await signCertificateInstallationRes({ ...contract, signer: signerOf(pki.cps.leaf) });
    const changed = withSignedInfo(document, (signedInfo) => ({
      ...signedInfo,
      Reference: signedInfo.Reference.map((reference, index) =>
        index === 0 ? { ...reference, ...change } : reference,
      ),
    }));
    const { valid, problems } = verifyMessageSignature(changed, signerNamed('CPS leaf'));
    expect(valid).toBe(false);
    expect(problems).toContainEqual(expect.objectContaining({ code }));
  });

  test('refused/references without end, and two elements of one Id', async () => {
    const { document } = await signCertificateInstallationRes({ ...contract, signer: signerOf(pki.cps.leaf) });
    const many = withSignedInfo(document, (signedInfo) => ({
      ...signedInfo,
      Reference: Array.from({ length: 5 }, () => signedInfo.Reference).flat(),
    }));
    expect(verifyMessageSignature(many, signerNamed('CPS leaf')).problems).toContainEqual(
      expect.objectContaining({ code: 'too-many-references' }),
    );
    const response = responseIn(document);
    const twice = {
      V2G_Message: {
        Header: { SessionID: sessionId, Signature: signatureIn(document) },
        Body: { CertificateInstallationRes: { ...response, eMAID: { ...response.eMAID, Id: 'id3' } } },
      },
    };
    expect(verifyMessageSignature(twice, signerNamed('CPS leaf')).problems).toContainEqual(
      expect.objectContaining({ code: 'duplicate-id' }),
    );
  });

  test('ok/roots are named as messages name them', () => {
    expect(rootIdOf(root)).toEqual({ X509IssuerName: 'O=Test,CN=V2G Root', X509SerialNumber: 1035n });
  });

  test('property/any changed octet of a request is found or is outside of what is signed', async () => {
    const { exi } = await signCertificateInstallationReq({
      sessionId,
      provisioningCertificate: certificateOf(pki.oem.leaf),
      roots: [root],
      signer: signerOf(pki.oem.leaf),
    });
    const signedFrom = 2 + sessionId.length + 2;
    fc.assert(
      fc.property(fc.integer({ min: signedFrom, max: exi.length - 2 }), fc.nat(7), (at, bit) => {
        const changed = Uint8Array.from(exi);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(isValid(changed, signerNamed('OEM leaf'))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
