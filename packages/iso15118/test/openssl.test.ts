import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  checkChain,
  commonNameOf,
  formatName,
  fromPem,
  isSignedBy,
  makeName,
  readCertificate,
  readCertificateRequest,
  readCertsOnly,
  toPem,
  writeCertificateRequest,
  writeCertsOnly,
} from '../src/index.ts';
import { issueChain, now } from './pki.ts';

const installed = spawnSync('openssl', ['version']).status === 0;

/** `openssl` is the other side of everything here; without it there is nothing to compare with. */
describe.skipIf(!installed)(installed ? 'openssl agrees' : 'openssl is not installed', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'iso15118-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const openssl = (...parameters: string[]): string => {
    const run = spawnSync('openssl', parameters, { encoding: 'utf8' });
    if (run.status !== 0) {
      throw new Error(`openssl ${parameters.join(' ')}: ${run.stderr}${run.stdout}`);
    }
    return run.stdout + run.stderr;
  };

  test.each(['secp256r1', 'secp521r1', 'ed448'] as const)('ok/verify -x509_strict of a chain on %s', async (curve) => {
    const { root, subCa1, subCa2, leaf } = await issueChain(curve);
    const pem = (issued: typeof root) => toPem('CERTIFICATE', issued.certificate.der);
    const trusted = file(`${curve}-root.pem`, pem(root));
    const untrusted = file(`${curve}-sub.pem`, pem(subCa1) + pem(subCa2));
    const target = file(`${curve}-leaf.pem`, pem(leaf));
    const at = ['-attime', String(now / 1000)];
    const strict = ['verify', '-x509_strict', '-check_ss_sig', ...at, '-CAfile', trusted, '-untrusted', untrusted];
    expect(openssl(...strict, target)).toContain('OK');
    expect(openssl('x509', '-in', target, '-noout', '-subject', '-nameopt', 'RFC2253')).toContain(
      'CN=WMIOEM1234567890X,DC=OEM,O=Plugpool Test,C=DE',
    );
    expect(formatName(leaf.certificate.subject)).toBe('CN=WMIOEM1234567890X, DC=OEM, O=Plugpool Test, C=DE');
  });

  test('ok/req -verify of a request', async () => {
    const { leaf } = await issueChain();
    const subject = makeName([{ type: 'CN', value: 'WMIOEM1234567890X' }]);
    const der = await writeCertificateRequest({ subject, signer: leaf.signer });
    const path = file('request.pem', toPem('CERTIFICATE REQUEST', der));
    expect(openssl('req', '-in', path, '-verify', '-noout')).toMatch(/verify OK/i);
  });

  test('ok/pkcs7 -print_certs of a bundle, and ours of theirs', async () => {
    const { root, subCa1 } = await issueChain();
    const path = file('bundle.p7b', writeCertsOnly([subCa1.certificate.der, root.certificate.der]));
    const printed = openssl('pkcs7', '-inform', 'DER', '-in', path, '-print_certs');
    expect(printed.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(printed.indexOf('OEM Sub1')).toBeLessThan(printed.lastIndexOf('V2G Root'));
    const certificates = file('bundle.pem', printed);
    openssl('crl2pkcs7', '-nocrl', '-certfile', certificates, '-outform', 'DER', '-out', join(folder, 'theirs.p7b'));
    const theirs = execFileSync('openssl', [
      'pkcs7',
      '-inform',
      'DER',
      '-in',
      join(folder, 'theirs.p7b'),
      '-outform',
      'DER',
    ]);
    expect(readCertsOnly(theirs).map((der) => commonNameOf(readCertificate(der).subject))).toEqual([
      'OEM Sub1',
      'V2G Root',
    ]);
  });

  test('ok/certificates and requests that openssl made', () => {
    const config = file(
      'ca.cnf',
      [
        '[ca]',
        'basicConstraints=critical,CA:TRUE',
        'keyUsage=critical,keyCertSign,cRLSign',
        'subjectKeyIdentifier=hash',
        '[sub]',
        'basicConstraints=critical,CA:TRUE,pathlen:0',
        'keyUsage=critical,keyCertSign,cRLSign',
        'subjectKeyIdentifier=hash',
        'authorityKeyIdentifier=keyid,issuer:always',
        'certificatePolicies=1.2.3.4',
        '[leaf]',
        'basicConstraints=critical,CA:FALSE',
        'keyUsage=critical,digitalSignature,keyEncipherment',
        'authorityKeyIdentifier=keyid',
        'authorityInfoAccess=OCSP;URI:http://ocsp.example/,caIssuers;URI:http://ca.example/',
        'crlDistributionPoints=URI:http://crl.example/a.crl',
      ].join('\n'),
    );
    const path = (name: string) => join(folder, name);
    const request = (name: string, subject: string) => {
      openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', path(`${name}.key`));
      openssl('req', '-new', '-key', path(`${name}.key`), '-subj', subject, '-utf8', '-out', path(`${name}.csr`));
    };
    const sign = (name: string, section: string, ...issuer: string[]) =>
      openssl(
        ...['x509', '-req', '-in', path(`${name}.csr`), '-extfile', config, '-extensions', section, '-days', '3650'],
        ...[...issuer, '-out', path(`${name}.crt`)],
      );
    request('ca', '/C=DE/O=Übung/DC=V2G/CN=Foreign Root');
    request('sub', '/C=DE/O=Übung/CN=Foreign Sub');
    request('leaf', '/O=OEM/L=Berlin/emailAddress=a@b.example/CN=WMIOEM1234567890X');
    sign('ca', 'ca', '-signkey', path('ca.key'));
    sign('sub', 'sub', '-CA', path('ca.crt'), '-CAkey', path('ca.key'));
    sign('leaf', 'leaf', '-CA', path('sub.crt'), '-CAkey', path('sub.key'));
    const read = (name: string) =>
      readCertificate(fromPem(execFileSync('cat', [path(name)], { encoding: 'utf8' }), 'CERTIFICATE'));
    const [root, sub, leaf] = [read('ca.crt'), read('sub.crt'), read('leaf.crt')];
    expect(isSignedBy(leaf, sub)).toBe(true);
    expect(leaf).toMatchObject({
      ocspUrls: ['http://ocsp.example/'],
      caIssuerUrls: ['http://ca.example/'],
      crlUrls: ['http://crl.example/a.crl'],
    });
    expect(sub).toMatchObject({ certificatePolicies: ['1.2.3.4'], basicConstraints: { ca: true, pathLength: 0 } });
    expect(formatName(leaf.subject)).toBe('CN=WMIOEM1234567890X, O=OEM, L=Berlin, emailAddress=a@b.example');
    const checked = checkChain({ leaf, subCa1: sub, roots: [root], at: Date.now(), profile: 'oem' });
    expect(checked.ok && checked.deviations.map(({ code }) => code)).toEqual([
      'key-encipherment-instead-of-key-agreement',
      'missing-domain-component',
      'key-identifier-size',
      'key-identifier-size',
      'no-ocsp-url',
    ]);
    const csr = execFileSync('openssl', ['req', '-in', path('leaf.csr'), '-outform', 'DER']);
    expect(commonNameOf(readCertificateRequest(csr).subject)).toBe('WMIOEM1234567890X');
  });

  test.each(['P-256', 'P-521'])('ok/requests for a key on %s, signed with any SHA-2 and nothing older', (curve) => {
    const requestWith = (digest: string) => {
      const parameters = ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-nodes', '-keyout'];
      const [key, csr] = [join(folder, `${curve}.key`), join(folder, `${curve}${digest}.csr`)];
      openssl('req', '-new', ...parameters, key, '-subj', '/CN=X', `-${digest}`, '-outform', 'DER', '-out', csr);
      return readCertificateRequest(readFileSync(csr));
    };
    for (const digest of ['sha256', 'sha384', 'sha512']) {
      expect(commonNameOf(requestWith(digest).subject)).toBe('X');
    }
    expect(() => requestWith('sha1')).toThrow(
      /is signed with 1\.2\.840\.10045\.4\.1, where ecdsa-with-SHA\d+ is expected/,
    );
  });
});
