import { readFileSync } from 'node:fs';
import { decode, encodeFragment, type Iso15118_2Document, iso15118_2, xmldsig } from '@plugpool/exi';
import { describe, expect, test } from 'vitest';
import { checkChain, commonNameOf, readCertificate, verifyMessageSignature } from '../src/index.ts';
import { decoded, isValid, responseIn, signatureIn, signerNamed } from './messages.ts';
import { cryptoVectors } from './vectors.ts';

const { iso2Signatures } = cryptoVectors;

describe('vectors', () => {
  test('all 27 are here', () => {
    expect(iso2Signatures).toHaveLength(27);
  });

  test.each(iso2Signatures.filter(({ expect: outcome }) => outcome === 'ok'))('ok/$name', (vector) => {
    const verdict = verifyMessageSignature(decoded(vector.exiHex), signerNamed(vector.signer));
    expect(verdict).toMatchObject({ valid: true, signedInfoGrammar: 'xmldsig', problems: [] });
    expect(verdict.references.every(({ valid, encoding }) => valid && encoding === 'exi')).toBe(true);
    expect(verdict.references).toHaveLength(Object.keys(vector.fragments).length);
  });

  const errors: Readonly<Record<string, readonly string[]>> = {
    'sig2-req-wrong-key': ['signature-mismatch'],
    'sig2-req-root-id-removed': ['digest-mismatch'],
    'sig2-req-combined-grammar': ['combined-grammar'],
    'sig2-req-dangling-uri': ['dangling-reference', 'element-not-signed'],
    'sig2-req-der-signature': ['signature-size'],
    'sig2-req-zero-signature': ['signature-mismatch'],
    'sig2-res-contract-cert-changed': ['digest-mismatch'],
    'sig2-res-subcert-changed': ['digest-mismatch'],
    'sig2-res-envelope-changed': ['digest-mismatch'],
    'sig2-res-dh-changed': ['digest-mismatch'],
    'sig2-res-emaid-changed': ['digest-mismatch'],
    'sig2-res-id-renamed': ['dangling-reference', 'element-not-signed'],
    'sig2-res-r-changed': ['signature-mismatch'],
    'sig2-res-s-changed': ['signature-mismatch'],
    'sig2-res-r-s-swapped': ['signature-mismatch'],
    'sig2-res-r-equals-order': ['signature-mismatch'],
    'sig2-res-63-octets': ['signature-size'],
    'sig2-res-digests-swapped-resigned': ['digest-mismatch', 'digest-mismatch'],
    'sig2-res-digests-swapped': ['signature-mismatch', 'digest-mismatch', 'digest-mismatch'],
    'sig2-res-three-references': ['element-not-signed'],
    'sig2-res-duplicate-reference': ['duplicate-reference', 'element-not-signed'],
    'sig2-res-wrong-signer': ['signature-mismatch'],
  };
  test.each(iso2Signatures.filter(({ expect: outcome }) => outcome === 'error'))('error/$name', (vector) => {
    const verdict = verifyMessageSignature(decoded(vector.exiHex), signerNamed(vector.signer));
    expect(verdict.valid).toBe(false);
    expect(verdict.problems.map(({ code }) => code)).toEqual(errors[vector.name]);
  });

  test.each(iso2Signatures.filter(({ expect: outcome }) => outcome === 'fallback'))('fallback/$name', (vector) => {
    const verdict = verifyMessageSignature(decoded(vector.exiHex), signerNamed(vector.signer));
    expect(verdict).toMatchObject({ valid: true, problems: [] });
    const combined = verdict.signedInfoGrammar === 'combined';
    const single = verdict.references.filter(({ encoding }) => encoding === 'single-type');
    expect(combined).toBe(vector.name.endsWith('combined-grammar'));
    expect(single.map(({ element }) => element)).toEqual(combined ? [] : ['eMAID']);
  });
});

describe('the response of a public ecosystem', () => {
  const exi = Uint8Array.from(
    readFileSync(new URL('./vectors/opnc-certificate-installation-res.exi', import.meta.url)),
  );
  const document = decode(iso15118_2, exi);
  const response = responseIn(document);
  const leaf = readCertificate(response.SAProvisioningCertificateChain.Certificate);

  test('ok/four digests and the signature of the CPS leaf inside', () => {
    const verdict = verifyMessageSignature(document, leaf);
    expect(verdict).toEqual({
      valid: true,
      signedInfoGrammar: 'xmldsig',
      problems: [],
      references: ['ContractSignatureEncryptedPrivateKey', 'ContractSignatureCertChain', 'eMAID', 'DHpublickey'].map(
        (element, index) => ({ uri: `#ID${[2, 1, 4, 3][index]}`, element, valid: true, encoding: 'exi' }),
      ),
    });
  });

  test('ok/both chains are read and hold as far as they go', () => {
    const chains = [response.SAProvisioningCertificateChain, response.ContractSignatureCertChain].map((chain) => [
      readCertificate(chain.Certificate),
      ...(chain.SubCertificates?.Certificate ?? []).map(readCertificate),
    ]);
    expect(chains.map((chain) => chain.map(({ subject }) => commonNameOf(subject)))).toEqual([
      ['CPS 2024.4 QA', 'Prov Sub2 CA QA G1.2.1', 'Prov Sub1 CA QA G1.2'],
      [response.eMAID.value, 'MO Sub2 CA QA G1.2.1', 'MO Sub1 CA QA G1.2'],
    ]);
    for (const [chainLeaf, subCa2, subCa1] of chains) {
      if (chainLeaf === undefined || subCa2 === undefined || subCa1 === undefined) {
        throw new Error('the chain is not whole');
      }
      const at = Math.max(chainLeaf.notBefore, subCa2.notBefore, subCa1.notBefore);
      expect(checkChain({ leaf: chainLeaf, subCa2, subCa1, roots: [], at })).toMatchObject({
        ok: false,
        problem: { kind: 'unknown-root' },
      });
      // Under its own issuer as if that were the root, everything below verifies.
      expect(checkChain({ leaf: chainLeaf, subCa1: subCa2, roots: [subCa1], at })).toMatchObject({ ok: true });
    }
  });

  test('found/one flipped bit in any octet that is signed', () => {
    const signedFrom = exi.length - signedLength(document);
    let found = 0;
    for (let at = signedFrom; at < exi.length - 2; at += 23) {
      const changed = Uint8Array.from(exi);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at & 7));
      expect(isValid(changed, leaf), `octet ${at}`).toBe(false);
      found++;
    }
    expect(found).toBeGreaterThan(60);
  });

  test('found/one flipped bit in the signature of the header', () => {
    const length = encodeFragment(xmldsig, 'SignedInfo', signatureIn(document).SignedInfo).length;
    for (let at = 8; at < length + 60; at += 11) {
      const changed = Uint8Array.from(exi);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at & 7));
      expect(isValid(changed, leaf), `octet ${at}`).toBe(false);
    }
  });
});

/** How many octets at least the signed elements take, which end the response. */
function signedLength(document: Iso15118_2Document): number {
  const response = responseIn(document);
  const names = ['ContractSignatureCertChain', 'ContractSignatureEncryptedPrivateKey', 'DHpublickey'] as const;
  const envelope = 4;
  return names
    .map((name) => encodeFragment(iso15118_2, name, response[name]).length - envelope)
    .reduce((sum, length) => sum + length);
}
