import {
  type Certificate,
  type CertificateContent,
  commonNameOf,
  generateKeyPair,
  readCertificate,
  type Signer,
  softwareSigner,
  writeCertificate,
} from '@plugpool/iso15118';
import { describe, expect, test } from 'vitest';
import { TEST_NOW, TEST_PUBLIC_URL } from '../../test/pki.ts';
import { DomainError } from '../kernel/domain-error.ts';
import { type CertificateOrder, type Issuer, prepareCertificate } from './issuance.ts';
import { deviationsFrom } from './lint.ts';
import { domainProfile, type Profile, profileOf } from './profiles.ts';
import { ownOrganization } from './subject.ts';

const YEAR = 365 * 86_400_000;
const settings = { publicUrl: TEST_PUBLIC_URL, random: (octets: number) => new Uint8Array(octets).fill(0xee) };
const rootKey = generateKeyPair('secp256r1');
const leafKey = generateKeyPair('secp256r1');

const order = (changes: Partial<CertificateOrder> = {}): CertificateOrder => ({
  profile: profileOf('v2g-root', 'secp256r1'),
  subject: { ...ownOrganization, commonName: 'Root' },
  publicKey: rootKey,
  notBefore: TEST_NOW,
  notAfter: TEST_NOW + 10 * YEAR,
  ...changes,
});

const rootSelf: Issuer = { name: 'v2g-root', signer: softwareSigner(rootKey.privateKey), certificate: undefined };
const root: Certificate = await prepareCertificate(rootSelf, order(), settings).issue();
const issuer: Issuer = { ...rootSelf, certificate: root };
const leafOrder = (changes: Partial<CertificateOrder> = {}): CertificateOrder =>
  order({
    profile: domainProfile('mo', 'leaf', 'secp256r1'),
    subject: { ...ownOrganization, commonName: 'DE8AACA2B3C4D5' },
    publicKey: leafKey,
    ...changes,
  });

describe('issuing', () => {
  test('ok/signed once, and not before it is issued', async () => {
    let signatures = 0;
    const counting: Signer = {
      ...issuer.signer,
      sign(data) {
        signatures++;
        return issuer.signer.sign(data);
      },
    };
    const prepared = prepareCertificate({ ...issuer, signer: counting }, leafOrder(), settings);
    expect(signatures).toBe(0);
    expect(commonNameOf((await prepared.issue()).subject)).toBe('DE8AACA2B3C4D5');
    await expect(prepared.issue()).rejects.toThrow('this certificate was issued already');
    expect(signatures).toBe(1);
  });

  test('ok/the serial number is 16 octets from the given source, and positive', async () => {
    const certificate = await prepareCertificate(issuer, leafOrder(), settings).issue();
    expect(Buffer.from(certificate.serialNumber).toString('hex')).toBe(`6e${'ee'.repeat(15)}`);
  });

  test.each([
    ['inside', TEST_NOW + 5_000, TEST_NOW + YEAR, TEST_NOW + 5_000, TEST_NOW + YEAR],
    ['beyond both ends', TEST_NOW - YEAR, TEST_NOW + 90 * YEAR, TEST_NOW, TEST_NOW + 10 * YEAR],
    ['parts of seconds', TEST_NOW + 1_999, TEST_NOW + 7_001, TEST_NOW + 1_000, TEST_NOW + 7_000],
  ])("ok/validity %s the issuer's", async (_reason, notBefore, notAfter, begins, ends) => {
    const certificate = await prepareCertificate(issuer, leafOrder({ notBefore, notAfter }), settings).issue();
    expect([certificate.notBefore, certificate.notAfter]).toEqual([begins, ends]);
  });

  test.each<[string, Partial<CertificateOrder>, string]>([
    ["validity over before the issuer's begins", { notAfter: TEST_NOW - 1 }, 'nothing is left of the asked validity'],
    ["validity beginning after the issuer's ends", { notBefore: TEST_NOW + 11 * YEAR }, 'nothing is left'],
    ['validity that is no number', { notAfter: Number.NaN }, 'nothing is left of the asked validity'],
    [
      'key of another edition',
      { publicKey: generateKeyPair('secp521r1') },
      'the key is on secp521r1, ISO15118-2 needs',
    ],
    [
      'more octets than a message holds',
      { subject: { country: 'DE', organization: 'O'.repeat(300), commonName: 'N' } },
      'octets, a message holds 800: use shorter names',
    ],
  ])('refused/%s', async (_reason, changes, text) => {
    const prepare = () => prepareCertificate(issuer, leafOrder(changes), settings);
    expect(prepare).toThrow(DomainError);
    expect(prepare).toThrow(expect.objectContaining({ kind: 'certificate-request-refused', status: 400 }));
    expect(prepare).toThrow(text);
  });

  test('fail/an issuer whose certificate is not its own', () => {
    const stranger = softwareSigner(leafKey.privateKey);
    expect(() =>
      prepareCertificate({ ...rootSelf, signer: stranger }, order({ publicKey: rootKey }), settings),
    ).toThrow("it does not hold that the authority key identifier is the issuer's");
  });
});

const leafProfile: Profile = domainProfile('mo', 'leaf', 'secp256r1');
const issued = async (profile: Profile) => prepareCertificate(issuer, leafOrder({ profile }), settings).issue();
const leaf = await issued(leafProfile);
const secc = await issued(domainProfile('cpo', 'leaf', 'secp256r1'));

/** The contract leaf again, without extensions, otherwise changed, and without anybody checking it. */
const reissue = async (changes: Partial<CertificateContent>, signer: Signer = issuer.signer) =>
  readCertificate(await writeCertificate({ ...leaf, spki: leaf.publicKey.spki, extensions: [], ...changes }, signer));

describe('lint', () => {
  test('ok/what was issued breaks no rule', () => {
    expect(deviationsFrom(leafProfile, leaf, root)).toEqual([]);
    expect(deviationsFrom(profileOf('v2g-root', 'secp256r1'), root, root)).toEqual([]);
  });

  test('fail/another profile shows in subject and key usage', () => {
    expect(deviationsFrom(leafProfile, secc, root)).toEqual([
      'it does not hold that the subject has the attributes of the profile',
      'it does not hold that the key usage is that of the profile',
    ]);
  });

  test('fail/a certificate without extensions, issued by another, longer than its issuer', async () => {
    const bare = await reissue({ issuer: leaf.subject, notAfter: root.notAfter + YEAR });
    expect(deviationsFrom(leafProfile, bare, root)).toEqual([
      "it does not hold that the issuer is the authority's subject",
      "it does not hold that the validity lies inside the issuer's",
      'it does not hold that the basic constraints are those of the profile',
      'it does not hold that the key usage is that of the profile',
      'it does not hold that the subject key identifier is that of its key',
      "it does not hold that the authority key identifier is the issuer's",
      'it does not hold that it says where its status is told exactly if the profile wants that',
    ]);
  });

  test('fail/zero as serial number, and a key and signature of another curve', async () => {
    const other = generateKeyPair('ed448');
    const odd = await reissue({ serialNumber: Uint8Array.of(0), spki: other.spki }, softwareSigner(other.privateKey));
    expect(deviationsFrom(leafProfile, odd, root).slice(0, 3)).toEqual([
      expect.stringContaining('the serial number is positive'),
      'it does not hold that the key is on the curve of the profile',
      'it does not hold that the signature is made with the algorithm of the curve',
    ]);
  });
});
