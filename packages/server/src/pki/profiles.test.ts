import { type Certificate, fromPem } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { openssl, opensslRequest, opensslVerify } from '../../test/openssl.ts';
import { pkiOn } from '../../test/pki.ts';
import { eachStore } from '../../test/stores.ts';

const algorithmsOf = [
  {
    edition: 'ISO15118-2',
    suffix: '',
    label: '',
    branches: ['OEM', 'CPO', 'CPS', 'MO'],
    most: 800,
    text: ['Signature Algorithm: ecdsa-with-SHA256\n', 'ASN1 OID: prime256v1\n'],
    key: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  },
  {
    edition: 'ISO15118-20',
    suffix: '-p521',
    label: ' P-521',
    branches: ['OEM', 'CPO', 'CPS', 'MO', 'VEH'],
    most: 1600,
    text: ['Signature Algorithm: ecdsa-with-SHA512\n', 'ASN1 OID: secp521r1\n'],
    key: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521', '-sha512'],
  },
  {
    edition: 'ISO15118-20',
    suffix: '-ed448',
    label: ' Ed448',
    branches: ['OEM', 'CPO', 'CPS', 'MO', 'VEH'],
    most: 1600,
    text: ['Signature Algorithm: ED448\n', 'ED448 Public-Key:\n'],
    key: ['-newkey', 'ed448'],
  },
] as const;

const leaves = {
  oem: { cn: 'WMIOEM12345678901', keyUsage: 'Digital Signature, Key Agreement', days: 25 * 365 },
  mo: {
    cn: 'DE8AACA2B3C4D5L',
    keyUsage: 'Digital Signature, Non Repudiation, Key Encipherment, Key Agreement',
    days: 2 * 365,
  },
  cpo: { cn: 'DE*ICE*E45B*78C', keyUsage: 'Digital Signature, Key Agreement', days: 90 },
  cps: { cn: 'Somebody who signs', keyUsage: 'Digital Signature', days: 4 * 365 },
  veh: { cn: 'WMIOEM12345678901', keyUsage: 'Digital Signature, Key Agreement', days: 2 * 365 },
} as const;
const domainOf = (branch: 'OEM' | 'CPO' | 'CPS' | 'MO' | 'VEH') =>
  ({ OEM: 'oem', CPO: 'cpo', CPS: 'cps', MO: 'mo', VEH: 'veh' })[branch] as keyof typeof leaves;

/** Every kind of certificate, as OpenSSL reads it: Annex F of ISO 15118-2 and Annex B of -20 written out by hand. */
const golden = algorithmsOf.flatMap(({ suffix, label, branches, most, text }) => [
  {
    name: `v2g-root${suffix}`,
    subject: `C=DE,O=plugpool,DC=V2G,CN=plugpool V2G Root${label}`,
    basicConstraints: 'CA:TRUE',
    keyUsage: 'Certificate Sign, CRL Sign',
    issuerName: undefined,
    days: 40 * 365 + 1,
    most,
    text,
  },
  ...branches.flatMap((branch) => [
    {
      name: `${domainOf(branch)}-sub1${suffix}`,
      subject: `C=DE,O=plugpool,CN=${branch} Sub-CA 1${label}`,
      basicConstraints: 'CA:TRUE, pathlen:1',
      keyUsage: 'Certificate Sign, CRL Sign',
      issuerName: `v2g-root${suffix}`,
      days: 35 * 365 + 1,
      most,
      text,
    },
    {
      name: `${domainOf(branch)}-sub2${suffix}`,
      subject: `C=DE,O=plugpool,CN=${branch} Sub-CA 2${label}`,
      basicConstraints: 'CA:TRUE, pathlen:0',
      keyUsage:
        branch === 'MO'
          ? 'Digital Signature, Non Repudiation, Certificate Sign, CRL Sign'
          : 'Certificate Sign, CRL Sign',
      issuerName: `${domainOf(branch)}-sub1${suffix}`,
      days: 30 * 365 + 1,
      most,
      text,
    },
    {
      name: `${domainOf(branch)} leaf${suffix}`,
      subject: `${branch === 'CPS' ? 'C=DE,' : ''}O=plugpool,DC=${branch},CN=${leaves[domainOf(branch)].cn}`,
      basicConstraints: 'CA:FALSE',
      keyUsage: leaves[domainOf(branch)].keyUsage,
      issuerName: `${domainOf(branch)}-sub2${suffix}`,
      days: leaves[domainOf(branch)].days,
      most,
      text,
    },
  ]),
  {
    name: `cps-signer${suffix}`,
    subject: `C=DE,O=plugpool,DC=CPS,CN=plugpool CPS Signer${label}`,
    basicConstraints: 'CA:FALSE',
    keyUsage: 'Digital Signature',
    issuerName: `cps-sub2${suffix}`,
    days: 4 * 365 + 1,
    most,
    text,
  },
]);

describe.each(eachStore().slice(0, 1))('certificates by profile', ({ open }) => {
  const longestUrl = `https://${'pool.'.repeat(11)}example.x`;
  const issued = new Map<string, Certificate>();
  const locations = (name: string) =>
    [
      'Authority Information Access: ',
      `OCSP - URI:${longestUrl}/ocsp`,
      `CA Issuers - URI:${longestUrl}/ca/${name}.cer`,
    ].join('\n');

  beforeAll(async () => {
    const { pki } = pkiOn(await open(), () => Date.now(), longestUrl);
    await pki.ensureDemoAuthorities();
    for (const { name, certificate } of await pki.authorities()) {
      issued.set(name, certificate);
    }
    for (const { edition, suffix, branches, key } of algorithmsOf) {
      for (const domain of branches.map(domainOf)) {
        const pem = await opensslRequest(`/CN=${leaves[domain].cn}`, ...key);
        const { certificate, chain, root } = await pki.enrol({ domain, edition, request: fromPem(pem) });
        expect(await opensslVerify(certificate, chain, root)).toBe('leaf.pem: OK\n');
        issued.set(`${domain} leaf${suffix}`, certificate);
      }
    }
  });

  test('the longest public URL is tested', () => expect(longestUrl).toHaveLength(72));

  test.each(golden)(
    'ok/$name',
    async ({ name, subject, basicConstraints, keyUsage, issuerName, days, most, text: algorithm }) => {
      const certificate = issued.get(name);
      if (certificate === undefined) throw new Error(`no ${name} was issued`);
      const text = await openssl(
        ['x509', '-inform', 'DER', '-in', 'it.cer', '-noout', '-subject', '-nameopt', 'sep_comma_plus', '-text'],
        { 'it.cer': certificate.der },
      );
      const plain = text.replace(/^ +/gm, '');
      expect(plain.split('\n')[0]?.replace(/^subject=/, '')).toBe(subject);
      expect(plain).toContain(`Basic Constraints: critical\n${basicConstraints}\n`);
      expect(plain).toContain(`Key Usage: critical\n${keyUsage}\n`);
      expect(plain).toMatch(/Subject Key Identifier: \n4[0-9A-F](:[0-9A-F]{2}){7}\n/);
      expect(plain).toMatch(/Authority Key Identifier: \n(keyid:)?4[0-9A-F](:[0-9A-F]{2}){7}\n/);
      for (const line of algorithm) expect(plain).toContain(line);
      expect((certificate.notAfter - certificate.notBefore) / 86_400_000).toBe(days);
      expect(certificate.serialNumber).toHaveLength(16);
      expect(certificate.der.length).toBeLessThanOrEqual(most);
      if (issuerName === undefined) {
        expect(plain).not.toMatch(/Authority Information Access|CRL Distribution Points/);
      } else {
        expect(plain).toContain(locations(issuerName));
        expect(plain).toContain(`URI:${longestUrl}/crl/${issuerName}.crl\n`);
      }
    },
  );

  test('ok/every serial number and key is another', () => {
    const all = [...issued.values()];
    expect(new Set(all.map(({ serialHex }) => serialHex)).size).toBe(golden.length);
    expect(new Set(all.map(({ publicKey }) => Buffer.from(publicKey.point).toString('hex'))).size).toBe(golden.length);
  });
});
