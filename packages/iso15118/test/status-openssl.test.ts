import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  certIdOf,
  fromPem,
  readCertificate,
  readCrl,
  readOcspRequest,
  readOcspResponse,
  toPem,
  verifyCrl,
  verifyOcspResponse,
  writeCrl,
  writeOcspRequest,
} from '../src/index.ts';
import { day, now } from './pki.ts';
import { answerOf, hour, makeAuthority } from './status.ts';

const installed = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!installed)(installed ? 'openssl agrees' : 'openssl is not installed', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'iso15118-status-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const path = (name: string) => join(folder, name);
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(path(name), content);
    return path(name);
  };
  const openssl = (...parameters: string[]): string => {
    const run = spawnSync('openssl', parameters, { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`openssl ${parameters.join(' ')}: ${run.stderr}${run.stdout}`);
    return run.stdout + run.stderr;
  };

  test.each(['secp256r1', 'secp521r1', 'ed448'] as const)('ok/it accepts our answers on %s', async (curve) => {
    const made = await makeAuthority(curve);
    const { ca, leaf } = made;
    const issuer = file(`${curve}-ca.pem`, toPem('CERTIFICATE', ca.certificate.der));
    const cert = file(`${curve}-leaf.pem`, toPem('CERTIFICATE', leaf.certificate.der));
    const certId = certIdOf(leaf.certificate, ca.certificate, 'sha256');
    const revoked = { revokedAt: now - day, reason: 'keyCompromise' as const };
    const responses = [{ certId, status: revoked, thisUpdate: now - hour, nextUpdate: now + hour }];
    const answer = file(`${curve}.ors`, await answerOf(made, { responses }));
    const printed = openssl(
      ...['ocsp', '-respin', answer, '-sha256', '-issuer', issuer, '-cert', cert, '-CAfile', issuer],
      ...['-attime', String(now / 1000), '-no_nonce', '-validity_period', '2000000000'],
    );
    expect(printed).toContain('Response verify OK');
    expect(printed).toContain('revoked');
    expect(printed).toContain('Reason: keyCompromise');
  });

  test('ok/we read its requests, and it ours', async () => {
    const { ca, leaf } = await makeAuthority();
    const issuer = file('ca.pem', toPem('CERTIFICATE', ca.certificate.der));
    const cert = file('leaf.pem', toPem('CERTIFICATE', leaf.certificate.der));
    openssl('ocsp', '-issuer', issuer, '-sha256', '-cert', cert, '-reqout', path('theirs.orq'));
    const theirs = readOcspRequest(readFileSync(path('theirs.orq')));
    const certId = certIdOf(leaf.certificate, ca.certificate, 'sha256');
    expect(theirs.certIds.map(({ der }) => Buffer.from(der).toString('hex'))).toEqual([
      Buffer.from(certId.der).toString('hex'),
    ]);
    expect(theirs.nonce?.length).toBeGreaterThan(0);
    const nonce = Uint8Array.from({ length: 32 }, (_, index) => index);
    const ours = file('ours.orq', writeOcspRequest({ certIds: [certId], nonce }));
    const printed = openssl('ocsp', '-reqin', ours, '-req_text');
    expect(printed).toContain('Hash Algorithm: sha256');
    expect(printed).toContain('OCSP Nonce');
  });

  test.each(['secp256r1', 'secp521r1', 'ed448'] as const)('ok/crl -CAfile of our list on %s', async (curve) => {
    const { ca, leaf } = await makeAuthority(curve);
    const issuer = file(`${curve}-crl-ca.pem`, toPem('CERTIFICATE', ca.certificate.der));
    const der = await writeCrl(
      {
        issuer: ca.certificate.subject,
        number: 258,
        thisUpdate: now,
        nextUpdate: now + day,
        revoked: [{ serialNumber: leaf.certificate.serialNumber, revokedAt: now - day, reason: 'superseded' }],
        authorityKeyIdentifier: ca.certificate.subjectKeyIdentifier ?? new Uint8Array(),
      },
      ca.signer,
    );
    const list = file(`${curve}.crl`, der);
    const printed = openssl('crl', '-inform', 'DER', '-in', list, '-noout', '-text', '-CAfile', issuer);
    expect(printed).toContain('verify OK');
    expect(printed).toContain('Superseded');
    expect(printed).toMatch(/CRL Number:\s+258/);
    const cert = file(`${curve}-crl-leaf.pem`, toPem('CERTIFICATE', leaf.certificate.der));
    const pem = file(`${curve}-crl.pem`, toPem('X509 CRL', der));
    const verify = ['verify', '-crl_check', '-attime', String(now / 1000), '-CAfile', issuer, '-CRLfile', pem, cert];
    expect(() => openssl(...verify)).toThrow(/certificate revoked/);
  });

  test.each([
    ['RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], 'sha256'],
    ['P-384', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'], 'sha384'],
  ])('ok/we trust its answers of a delegated responder with %s, and its list', (name, algorithm, digest) => {
    const at = (suffix: string) => path(`${name}-${suffix}`);
    const config = file(`${name}.cnf`, opensslConfig(at('index.txt'), at('crlnumber')));
    writeFileSync(at('crlnumber'), '1000\n');
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at('ca.key'));
    openssl(
      ...['req', '-x509', '-new', '-key', at('ca.key'), '-subj', '/CN=Foreign CA', '-days', '30'].concat(
        '-config',
        config,
        '-extensions',
        'v3_ca',
        '-out',
        at('ca.pem'),
      ),
    );
    const issue = (who: string, section: string, key: readonly string[], serial: string) => {
      openssl('genpkey', ...key, '-out', at(`${who}.key`));
      openssl(
        'req',
        '-new',
        '-key',
        at(`${who}.key`),
        '-subj',
        `/CN=${who}`,
        '-config',
        config,
        '-out',
        at(`${who}.csr`),
      );
      openssl(
        ...['x509', '-req', '-in', at(`${who}.csr`), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-days', '20'].concat(
          '-set_serial',
          serial,
          '-extfile',
          config,
          '-extensions',
          section,
          '-out',
          at(`${who}.pem`),
        ),
      );
    };
    issue('leaf', 'leaf', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], '0x4711');
    issue('responder', 'responder', algorithm, '0x4712');
    writeFileSync(at('index.txt'), 'R\t400101000000Z\t260101000000Z,keyCompromise\t4711\tunknown\t/CN=leaf\n');
    openssl('ocsp', '-issuer', at('ca.pem'), '-cert', at('leaf.pem'), '-reqout', at('a.orq'));
    openssl(
      ...['ocsp', '-index', at('index.txt'), '-CA', at('ca.pem'), '-rsigner', at('responder.pem')],
      ...['-rkey', at('responder.key'), '-rmd', digest, '-ndays', '1', '-reqin', at('a.orq'), '-respout', at('a.ors')],
    );
    const read = (who: string) => readCertificate(fromPem(readFileSync(at(`${who}.pem`), 'utf8'), 'CERTIFICATE'));
    const [issuer, leaf] = [read('ca'), read('leaf')];
    const { nonce } = readOcspRequest(readFileSync(at('a.orq')));
    const single = verifyOcspResponse(readOcspResponse(readFileSync(at('a.ors'))), {
      issuer,
      at: Date.now(),
      certId: certIdOf(leaf, issuer, 'sha1'),
      nonce,
    });
    const revoked = { revokedAt: Date.UTC(2026, 0, 1), reason: 'keyCompromise' };
    expect(single.status).toEqual(revoked);
    openssl(
      ...['ca', '-config', config, '-gencrl', '-keyfile', at('ca.key'), '-cert', at('ca.pem'), '-out', at('crl.pem')],
    );
    const crl = readCrl(fromPem(readFileSync(at('crl.pem'), 'utf8'), 'X509 CRL'));
    verifyCrl(crl, issuer, Date.now());
    expect(crl.revocationOf('4711')).toEqual(revoked);
  });
});

function opensslConfig(index: string, crlNumber: string): string {
  return `[req]
distinguished_name = dn
[dn]
[ca]
default_ca = one
[one]
database = ${index}
crlnumber = ${crlNumber}
default_md = sha256
default_crl_days = 3
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
[v3_ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
authorityKeyIdentifier = keyid
[responder]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
authorityKeyIdentifier = keyid
`;
}
