import 'reflect-metadata';
import { createPrivateKey } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  attributeOf,
  type Certificate,
  CertificateError,
  commonNameOf,
  extKeyUsage,
  fromPem,
  generateKeyPair,
  type Holder,
  isCa,
  isSignedBy,
  keyIdentifierOf,
  makeName,
  publicKeyObject,
  randomSerialNumber,
  readCertificate,
  readCertificateRequest,
  readCertsOnly,
  readHolder,
  serialNumberOf,
  sha1FingerprintOf,
  softwareSigner,
  spkiOf,
  toPem,
  writeCertificateRequest,
  writeCertsOnly,
} from '../src/index.ts';
import { day, issue, issueChain, now, type TestChain } from './pki.ts';
import { cryptoVectors } from './vectors.ts';

let chain: TestChain;
beforeAll(async () => {
  chain = await issueChain();
});

describe('readCertificate', () => {
  test('ok/vehicle certificate of the vectors', () => {
    const certificate = readCertificate(fromPem(cryptoVectors.pki.oem.leaf.certPem, 'CERTIFICATE'));
    expect(commonNameOf(certificate.subject)).toBe('WMIOEM1234567890X');
    expect(attributeOf(certificate.subject, 'DC')).toBe('OEM');
    expect(certificate.publicKey.curve).toBe('secp256r1');
    expect(serialNumberOf(certificate)).toBe(BigInt(`0x${certificate.serialHex}`));
    expect(isCa(certificate)).toBe(false);
    expect(new Date(certificate.notAfter).toISOString()).toBe('2054-01-01T00:00:00.000Z');
    const signer = softwareSigner(createPrivateKey(cryptoVectors.pki.oem.leaf.keyPem));
    expect(signer.publicKey.spki).toEqual(certificate.publicKey.spki);
  });

  test('ok/the same as an independent reader sees in what is issued', async () => {
    const { certificate } = chain.leaf;
    const other = new x509.X509Certificate(Buffer.from(certificate.der));
    expect(certificate.serialHex).toBe(other.serialNumber);
    expect(certificate.notBefore).toBe(other.notBefore.getTime());
    expect(certificate.notAfter).toBe(other.notAfter.getTime());
    expect(Buffer.from(certificate.publicKey.spki)).toEqual(Buffer.from(other.publicKey.rawData));
    expect(certificate.fingerprint).toBe(Buffer.from(await other.getThumbprint('SHA-256')).toString('hex'));
    expect(sha1FingerprintOf(certificate)).toBe(Buffer.from(await other.getThumbprint('SHA-1')).toString('hex'));
    expect(Buffer.from(certificate.subjectKeyIdentifier ?? []).toString('hex')).toBe(
      other.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    );
    expect(Buffer.from(certificate.authorityKeyIdentifier ?? []).toString('hex')).toBe(
      other.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId,
    );
    expect(certificate.basicConstraints).toEqual({ ca: false });
    expect([...(certificate.keyUsage ?? [])]).toEqual(['digitalSignature', 'keyAgreement']);
    expect(certificate.ocspUrls).toEqual(['http://ocsp.example/ocsp']);
    expect(certificate.caIssuerUrls).toEqual(['http://ca.example/ca.cer']);
    expect(certificate.signatureAlgorithm).toEqual({ oid: '1.2.840.10045.4.3.2', name: 'ecdsa-with-SHA256' });
    expect(publicKeyObject(certificate)).toBe(publicKeyObject(certificate));
  });

  test('ok/what an independent writer issues', async () => {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-521' }, true, ['sign', 'verify']);
    const other = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=Ünïcode Root, DC=V2G, O=Plugpool, C=DE',
      serialNumber: '0f',
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2055-01-01T00:00:00Z'),
      keys,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-512' },
      extensions: [
        new x509.BasicConstraintsExtension(true, 2, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.9']),
        new x509.CertificatePolicyExtension(['1.3.6.1.4.1.99999.1']),
        new x509.CRLDistributionPointsExtension(['http://crl.example/root.crl']),
      ],
    });
    const certificate = readCertificate(new Uint8Array(other.rawData));
    expect(certificate).toMatchObject({
      serialHex: '0f',
      basicConstraints: { ca: true, pathLength: 2 },
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.9'],
      certificatePolicies: ['1.3.6.1.4.1.99999.1'],
      crlUrls: ['http://crl.example/root.crl'],
      publicKey: { curve: 'secp521r1' },
      signatureAlgorithm: { name: 'ecdsa-with-SHA512' },
    });
    expect(commonNameOf(certificate.subject)).toBe('Ünïcode Root');
    expect(isSignedBy(certificate, certificate)).toBe(true);
  });

  test('ok/Ed448', async () => {
    const { root, leaf, subCa2 } = await issueChain('ed448');
    expect(leaf.certificate.publicKey.point).toHaveLength(57);
    expect(isSignedBy(leaf.certificate, subCa2.certificate)).toBe(true);
    expect(isSignedBy(leaf.certificate, root.certificate)).toBe(false);
  });

  test('ok/input may change afterwards', () => {
    const input = Uint8Array.from(chain.leaf.certificate.der);
    const certificate = readCertificate(input);
    input.fill(0);
    expect(commonNameOf(readCertificate(certificate.der).subject)).toBe('WMIOEM1234567890X');
  });

  test.each([
    ['malformed', 'octets behind', (der: Uint8Array) => Buffer.concat([der, Buffer.of(0)])],
    ['malformed', 'one octet short', (der: Uint8Array) => der.subarray(0, -1)],
    ['malformed', 'nothing', () => new Uint8Array(0)],
    ['malformed', '70,000 octets', () => new Uint8Array(70_000)],
    ['malformed', 'PEM', (der: Uint8Array) => Buffer.from(toPem('CERTIFICATE', der))],
    ['point-not-on-curve', 'last octet of the point changed', (der: Uint8Array) => changedPoint(der)],
    [
      'unsupported-key',
      'compressed point',
      (der: Uint8Array) => replaced(der, point(der).subarray(0, 1), Buffer.of(2)),
    ],
    ['unsupported-key', 'other curve', (der: Uint8Array) => replaced(der, curveOctets, otherCurveOctets)],
  ] as const)('refused as %s/%s', (kind, _reason, change) => {
    expect(() => readCertificate(change(chain.leaf.certificate.der))).toThrow(
      expect.objectContaining({ name: 'CertificateError', kind }),
    );
  });

  test.each([
    ['algorithm-mismatch', 'another algorithm in the signed part', '2a8648ce3d040302', '2a8648ce3d040304'],
    ['unsupported-version', 'version 4', 'a003020102', 'a003020103'],
    ['unsupported-version', 'version 2 with extensions', 'a003020102', 'a003020101'],
    [
      'malformed',
      'notBefore on 30 February',
      Buffer.from('250601').toString('hex'),
      Buffer.from('250230').toString('hex'),
    ],
  ] as const)('refused as %s/%s', (kind, _reason, from, to) => {
    const { der } = chain.leaf.certificate;
    expect(Buffer.from(der).includes(from, 0, 'hex')).toBe(true);
    expect(() => readCertificate(replaced(der, Buffer.from(from, 'hex'), Buffer.from(to, 'hex')))).toThrow(
      expect.objectContaining({ kind }),
    );
  });

  test('refused as malformed/octet behind the value of an extension', async () => {
    const extra = { oid: '2.5.29.37', critical: false, value: Uint8Array.of(0x30, 0x00, 0x00) };
    const odd = issue({ profile: 'root', commonName: 'Odd', extraExtensions: [extra] });
    await expect(odd).rejects.toThrow(
      expect.objectContaining({ kind: 'malformed', message: expect.stringContaining('behind the value of extension') }),
    );
  });

  test('refused as malformed/serial number of 33 octets', async () => {
    const serialNumber = new Uint8Array(33).fill(1);
    const long = issue({ profile: 'root', commonName: 'Long', content: { serialNumber } });
    await expect(long).rejects.toThrow(expect.objectContaining({ kind: 'malformed' }));
  });

  test('refused/validity that ends before it begins', async () => {
    await expect(issue({ profile: 'root', commonName: 'Odd', notBefore: now, notAfter: now - day })).rejects.toThrow(
      RangeError,
    );
  });

  test('ok/serial numbers are positive and 16 octets, whatever the randomness', () => {
    for (const octet of [0x00, 0x7f, 0x80, 0xff]) {
      const serial = randomSerialNumber((length) => new Uint8Array(length).fill(octet));
      expect(serial).toHaveLength(16);
      expect((serial[0] ?? 0) & 0xc0).toBe(0x40);
    }
  });

  test('refused as unsupported-key/RSA', async () => {
    const keys = await crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
      true,
      ['sign', 'verify'],
    );
    const other = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=RSA',
      keys,
      signingAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    });
    expect(() => readCertificate(new Uint8Array(other.rawData))).toThrow(
      expect.objectContaining({
        kind: 'unsupported-key',
        message: expect.stringContaining('1.2.840.113549.1.1.1 is not supported'),
      }),
    );
  });

  test('refused as duplicate-extension/extKeyUsage twice', async () => {
    const twice = issue({
      profile: 'cps',
      commonName: 'CPS',
      issuer: chain.subCa2,
      extraExtensions: [extKeyUsage('1.2.3'), extKeyUsage('1.2.3')],
    });
    await expect(twice).rejects.toThrow(expect.objectContaining({ kind: 'duplicate-extension' }));
  });

  test('property/changed, cut and random octets end in a CertificateError or a certificate that is not signed', () => {
    const { der } = chain.leaf.certificate;
    fc.assert(
      fc.property(mutationsOf(der), (octets) => {
        try {
          const certificate = readCertificate(octets);
          expect(Buffer.compare(octets, der) === 0).toBe(isSignedBy(certificate, chain.subCa2.certificate));
        } catch (error) {
          expect(error).toBeInstanceOf(CertificateError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('readHolder', () => {
  test('ok/what readCertificate says of the holder, on every curve', async () => {
    const leafs = await Promise.all(
      (['secp256r1', 'secp521r1', 'ed448'] as const).map(async (curve) => (await issueChain(curve)).leaf.certificate),
    );
    for (const certificate of leafs) expect(readHolder(certificate.der)).toEqual(holderIn(certificate));
  });

  test('property/the same of changed, cut and random octets; what it refuses is refused by readCertificate', () => {
    fc.assert(
      fc.property(mutationsOf(chain.leaf.certificate.der), (octets) => {
        try {
          const holder = readHolder(octets);
          expect(holder).toEqual(holderIn(readCertificate(octets)));
        } catch (error) {
          expect(error).toBeInstanceOf(CertificateError);
          expect(() => readCertificate(octets)).toThrow(CertificateError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  function holderIn({ der, fingerprint, notBefore, notAfter, publicKey, subject }: Certificate): Holder {
    return { der, fingerprint, notBefore, notAfter, publicKey, commonName: commonNameOf(subject) };
  }
});

function mutationsOf(der: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    fc
      .array(fc.tuple(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 })
      .map((changes) => {
        const copy = Uint8Array.from(der);
        for (const [at, mask] of changes) {
          copy[at] = (copy[at] ?? 0) ^ mask;
        }
        return copy;
      }),
    fc.nat(der.length - 1).map((length) => der.subarray(0, length)),
    fc.uint8Array({ maxLength: 400 }),
    fc.uint8Array({ maxLength: 100 }).map((octets) => Uint8Array.of(0x30, octets.length, ...octets)),
  );
}

describe('requests and bundles', () => {
  test.each(['secp256r1', 'secp521r1', 'ed448'] as const)('ok/request for a key on %s', async (curve) => {
    const signer = softwareSigner(generateKeyPair(curve).privateKey);
    const subject = makeName([
      { type: 'O', value: 'Plugpool' },
      { type: 'CN', value: 'DE*ICE*E1' },
    ]);
    const der = await writeCertificateRequest({ subject, signer, extensions: [extKeyUsage('1.3.6.1.5.5.7.3.1')] });
    const request = readCertificateRequest(der);
    expect(request.publicKey.spki).toEqual(signer.publicKey.spki);
    expect(commonNameOf(request.subject)).toBe('DE*ICE*E1');
    expect(request.extensions?.extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    const plain = readCertificateRequest(await writeCertificateRequest({ subject, signer }));
    expect(plain.extensions).toBeUndefined();
    if (curve !== 'ed448') {
      const other = new x509.Pkcs10CertificateRequest(Buffer.from(der));
      expect(await other.verify()).toBe(true);
    }
  });

  test('refused/request signed with another key, or changed', async () => {
    const keys = generateKeyPair('secp256r1');
    const subject = makeName([{ type: 'CN', value: 'WMIOEM1234567890X' }]);
    const liar = { ...softwareSigner(generateKeyPair('secp256r1').privateKey), publicKey: keys };
    const forged = await writeCertificateRequest({ subject, signer: liar });
    expect(() => readCertificateRequest(forged)).toThrow(expect.objectContaining({ kind: 'bad-request-signature' }));
    const honest = await writeCertificateRequest({ subject, signer: softwareSigner(keys.privateKey) });
    const changed = replaced(honest, Buffer.from('WMI'), Buffer.from('WMJ'));
    expect(() => readCertificateRequest(changed)).toThrow(expect.objectContaining({ kind: 'bad-request-signature' }));
    expect(() => readCertificateRequest(chain.leaf.certificate.der)).toThrow(CertificateError);
    expect(() => readCertificateRequest(Buffer.concat([honest, Buffer.of(5, 0)]))).toThrow(CertificateError);
  });

  test('ok/certs-only keeps certificates and their order', () => {
    const all = [chain.leaf, chain.subCa2, chain.subCa1].map(({ certificate }) => certificate.der);
    expect(readCertsOnly(writeCertsOnly(all))).toEqual(all);
    expect(readCertsOnly(writeCertsOnly([]))).toEqual([]);
    expect(() => readCertsOnly(all[0] ?? new Uint8Array())).toThrow(CertificateError);
    expect(() => readCertsOnly(Buffer.concat([writeCertsOnly(all), Buffer.of(0)]))).toThrow(CertificateError);
  });

  test('ok/PEM with any line ends, and text around it', () => {
    const { der } = chain.root.certificate;
    const pem = toPem('CERTIFICATE', der);
    expect(pem.split('\n').every((line) => line.length <= 64)).toBe(true);
    expect(fromPem(pem)).toEqual(der);
    expect(fromPem(`subject=x\r\n${pem.replaceAll('\n', '\r\n')}`, 'CERTIFICATE')).toEqual(der);
    expect(fromPem(pem.replaceAll('\n', ''), 'CERTIFICATE')).toEqual(der);
    expect(() => fromPem(pem, 'X509 CRL')).toThrow(CertificateError);
    expect(() => fromPem(pem.replace(/=*\n-----END/, '=\n-----END').replace('M', '=M'))).toThrow(CertificateError);
  });

  test('ok/key identifier is method 2 of RFC 5280', () => {
    const { certificate, keys } = chain.root;
    expect(certificate.subjectKeyIdentifier).toEqual(keyIdentifierOf(keys));
    expect(certificate.subjectKeyIdentifier).toHaveLength(8);
    expect((certificate.subjectKeyIdentifier?.[0] ?? 0) >> 4).toBe(4);
    expect(spkiOf('secp256r1', keys.point)).toEqual(keys.spki);
    expect(certificate.notBefore).toBeLessThan(now);
  });
});

const curveOctets = Buffer.from('06082a8648ce3d030107', 'hex');
const otherCurveOctets = Buffer.from('06082a8648ce3d030101', 'hex');

function point(der: Uint8Array): Uint8Array {
  return readCertificate(der).publicKey.point;
}

function changedPoint(der: Uint8Array): Uint8Array {
  const original = Buffer.from(point(der));
  const other = Buffer.from(original);
  other[64] = (other[64] ?? 0) ^ 1;
  return replaced(der, original, other);
}

/** Octets with one occurrence of `from` (the whole point, when a part of it is given) replaced. */
function replaced(der: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const copy = Buffer.from(der);
  const needle = from.length === 1 ? point(der) : from;
  copy.set(to, copy.indexOf(needle));
  return Uint8Array.from(copy);
}
