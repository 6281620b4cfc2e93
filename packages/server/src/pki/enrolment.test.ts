import { generateKeyPair, makeName, softwareSigner, writeCertificateRequest } from '@plugpool/iso15118';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { opensslRequest } from '../../test/openssl.ts';
import { DomainError } from '../kernel/domain-error.ts';
import { checkRequest } from './enrolment.ts';
import type { CaDomain } from './profiles.ts';

const PCID = 'WMIOEM12345678901';
const signer = softwareSigner(generateKeyPair('secp256r1').privateKey);

const requestFor = (...parts: Parameters<typeof makeName>[0]) =>
  writeCertificateRequest({ subject: makeName(parts), signer });
const checkFor = (domain: CaDomain, der: Uint8Array) => checkRequest(der, { domain, edition: 'ISO15118-2' });
const derOf = (pem: string) => Uint8Array.from(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'));

function refusalOf(domain: CaDomain, der: Uint8Array): unknown {
  try {
    return checkFor(domain, der);
  } catch (error) {
    return error;
  }
}

describe('common names', () => {
  test.each<[CaDomain, string, string]>([
    ['oem', PCID, PCID],
    ['oem', 'wmioem123456789012', 'wmioem123456789012'],
    ['mo', 'DE-8AA-CA2B3C4D5-L', 'DE8AACA2B3C4D5L'],
    ['mo', 'DE8AACA2B3C4D5', 'DE8AACA2B3C4D5'],
    ['cpo', 'DE*ICE*E45B*78C', 'DE*ICE*E45B*78C'],
    ['cpo', 'DEICEE45B_78C', 'DEICEE45B_78C'],
    ['cpo', 'DE-ICE-S-00003C4D5578-2', 'DE-ICE-S-00003C4D5578-2'],
    ['cps', 'Somebody who signs (2026)', 'Somebody who signs (2026)'],
  ])('ok/%s certifies %s', async (domain, asked, certified) => {
    const { subject } = checkFor(domain, await requestFor({ type: 'CN', value: asked }));
    expect(subject).toEqual({ country: 'DE', organization: 'plugpool', commonName: certified });
  });

  test.each<[CaDomain, string, string]>([
    ['oem', 'DE8AACA2B3C4D5', 'the common name is not fit for the CA oem: pcid must be 17 or 18 alphanumerics'],
    ['oem', `${PCID} `, 'pcid must be'],
    ['mo', 'DE8AACA2B3C4', 'the common name is not fit for the CA mo: emaid must be'],
    ['cpo', 'charger-1', 'the common name is not fit for the CA cpo: evseid must be'],
    ['cps', ' ', 'the common name must be 1 to 64 printable ASCII characters'],
    ['cps', 'a\0b', 'the common name must be 1 to 64 printable ASCII characters'],
    ['cps', 'two\nlines', 'the common name must be 1 to 64 printable ASCII characters'],
    ['cps', 'Zürich', 'the common name must be 1 to 64 printable ASCII characters'],
    ['cps', 'x'.repeat(65), 'the common name must be 1 to 64 printable ASCII characters'],
  ])('refused/%s does not certify %j', async (domain, asked, text) => {
    const refused = refusalOf(domain, await requestFor({ type: 'CN', value: asked }));
    expect(refused).toMatchObject({ kind: 'certificate-request-refused', status: 400 });
    expect(String(refused)).toContain(text);
  });

  test('refused/two of them, none, or an empty one', async () => {
    const two = await requestFor({ type: 'CN', value: PCID }, { type: 'CN', value: PCID });
    expect(String(refusalOf('oem', two))).toContain('the subject has 2 common names');
    const none = await requestFor({ type: 'O', value: 'Some' });
    expect(String(refusalOf('oem', none))).toContain('the subject has no common name');
    const empty = derOf(await opensslRequest('/CN='));
    expect(String(refusalOf('cps', empty))).toContain('certificate request : the subject has no common name');
  });
});

describe('other names', () => {
  test.each([
    ['taken over', 'Some & Co', 'FR', 'Some & Co', 'FR'],
    ['replaced when blank', '  ', 'FR', 'plugpool', 'FR'],
    ['replaced when not ASCII', 'Zürich', 'fr', 'plugpool', 'DE'],
    ['replaced when too long', 'x'.repeat(65), 'FR', 'plugpool', 'FR'],
  ])('ok/organisation and country %s', async (_reason, askedO, askedC, organization, country) => {
    const request = await requestFor(
      { type: 'C', value: askedC },
      { type: 'O', value: askedO },
      { type: 'L', value: 'Somewhere' },
      { type: 'CN', value: PCID },
    );
    expect(checkFor('oem', request).subject).toEqual({ country, organization, commonName: PCID });
  });

  test('ok/a request for CA rights gives none', async () => {
    const pem = await opensslRequest(`/CN=${PCID}`, '-addext', 'basicConstraints=critical,CA:TRUE');
    expect(checkFor('oem', derOf(pem)).subject.commonName).toBe(PCID);
  });
});

describe('hostile requests', () => {
  test.each([
    ['RSA', ['-newkey', 'rsa:2048'], 'public key of algorithm 1.2.840.113549.1.1.1'],
    ['secp256k1', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'], 'on curve 1.3.132.0.10'],
    ['P-224', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp224r1'], 'on curve 1.3.132.0.33'],
    [
      'explicit curve',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:explicit'],
      '',
    ],
    ['P-521', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp521r1', '-sha512'], 'the key is on secp521r1'],
    ['Ed448', ['-newkey', 'ed448'], 'the key is on ed448, ISO15118-2 needs secp256r1'],
  ])('refused/a key of %s', async (_reason, parameters, text) => {
    const refused = refusalOf('oem', derOf(await opensslRequest(`/CN=${PCID}`, ...parameters)));
    expect(refused).toMatchObject({ kind: 'certificate-request-refused', status: 400 });
    expect(String(refused)).toContain(text);
  });

  test('refused/a key that the sender does not hold', async () => {
    const stranger = generateKeyPair('secp256r1');
    const subject = makeName([{ type: 'CN', value: PCID }]);
    const request = await writeCertificateRequest({ subject, signer: { ...signer, publicKey: stranger } });
    expect(String(refusalOf('oem', request))).toContain('not signed with the key that it asks for');
  });

  test('refused/more octets than a request needs', async () => {
    expect(String(refusalOf('oem', new Uint8Array(8_193)))).toContain('has 8193 octets, at most 8192 are read');
  });

  test('property/changed, cut and extended requests are refused with a DomainError of 4xx', async () => {
    const good = await requestFor({ type: 'O', value: 'Some' }, { type: 'CN', value: PCID });
    const octet = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }));
    const changed = fc
      .array(octet, { minLength: 1, maxLength: 4 })
      .map((changes) => changes.reduce((der, [at, mask]) => der.with(at, (der[at] ?? 0) ^ mask), good));
    const cut = fc.nat(good.length - 1).map((length) => good.slice(0, length));
    const extended = fc.uint8Array({ minLength: 1, maxLength: 9 }).map((more) => Uint8Array.of(...good, ...more));
    const noise = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(fc.oneof(changed, cut, extended, noise), (der) => {
        let refused: unknown;
        try {
          // Two changes of one octet may undo each other.
          if (Buffer.compare(Buffer.from(der), Buffer.from(good)) === 0) return;
          checkFor('oem', der);
        } catch (error) {
          refused = error;
        }
        expect(refused).toBeInstanceOf(DomainError);
        expect(refused).toMatchObject({ status: 400 });
      }),
      { numRuns: 2_000 },
    );
  });
});
