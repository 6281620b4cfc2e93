import { formatName, fromPem, generateKeyPair, isCa, readCertificate, readCertsOnly } from '@plugpool/iso15118';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openssl, opensslRequest, opensslVerify } from '../../../test/openssl.ts';
import { pkiOn } from '../../../test/pki.ts';
import { eachDatabase, type TestDatabase } from '../../../test/stores.ts';
import { DEFAULT_BODY_LIMIT } from '../../http/body-limit.ts';
import { httpServer } from '../../http/server.ts';
import type { PublicKeyInfrastructure } from '../../pki/public-key-infrastructure.ts';
import { openStore, type Store } from '../../store/store.ts';
import { caRoutes } from '../ca/ca-routes.ts';
import { estRoutes } from './est-routes.ts';

const [sqlite] = eachDatabase();
const PCID = 'WMIOEM12345678901';
const pem = await opensslRequest(`/O=Some Maker/CN=${PCID}`);
const der = Buffer.from(fromPem(pem));
const base64 = der.toString('base64');
const pkcs10 = { 'content-type': 'application/pkcs10' };

let app: FastifyInstance;
let pki: PublicKeyInfrastructure;
let store: Store;
let database: TestDatabase;

beforeAll(async () => {
  if (sqlite === undefined) throw new Error('SQLite is always there');
  database = await sqlite.create();
  store = await openStore(database.location);
  pki = pkiOn(store, () => Date.now()).pki;
  await pki.ensureDemoAuthorities();
  app = httpServer({ logger: pino({ level: 'silent' }), bodyLimit: DEFAULT_BODY_LIMIT });
  await app.register(estRoutes({ pki }));
  await app.register(caRoutes({ pki }));
});

afterAll(async () => {
  await app.close();
  await store.close();
  await database.drop();
});

const post = (url: string, payload: InjectOptions['payload'] = base64, headers: object = pkcs10) =>
  app.inject({ method: 'POST', url, payload: payload ?? '', headers: { ...headers } });
const certificatesOf = (body: string) => readCertsOnly(Buffer.from(body, 'base64')).map(readCertificate);
const printed = async (body: string) => {
  const found = await openssl(['base64', '-d', '-in', 'answer.txt', '-out', '-'], { 'answer.txt': body });
  return await openssl(['pkcs7', '-inform', 'DER', '-in', 'it.p7', '-print_certs', '-noout'], {
    'it.p7': Buffer.from(found, 'latin1'),
  });
};

describe('simpleenroll', () => {
  test.each([
    '/.well-known/est/oem/simpleenroll',
    '/.well-known/est/oem/simpleenroll/ISO15118-2',
    '/.well-known/est/oem/simpleenroll?xsdMsgDefNamespace=urn:iso:15118:2:2013:MsgDef',
    '/.well-known/est/vendor-oem/simpleenroll/',
    '/.well-known/est/OEM/simpleEnroll',
    '/.well-known/oem/simpleenroll',
    '/.well-known/oem/simpleenroll/ISO15118-2',
    '/opnc/v1/pki/est/simpleenroll?caDomain=oem',
    '/opnc/v1/pki/est/simpleenroll?caDomain=oem&iso15118Version=ISO15118-2&algorithm=secp256r1',
  ])('ok/%s', async (url) => {
    const answer = await post(url);
    expect([answer.statusCode, answer.body]).toEqual([200, expect.stringMatching(/^([A-Za-z0-9+/=]{1,64}\n)+$/)]);
    expect(answer.headers['content-type']).toBe('application/pkcs7-mime; smime-type=certs-only');
    expect(answer.headers['content-transfer-encoding']).toBe('base64');
    const [leaf, ...more] = certificatesOf(answer.body);
    expect(more).toEqual([]);
    if (leaf === undefined) throw new Error('no certificate came back');
    const { subCa2, subCa1, root } = await pki.chainOf('oem', 'ISO15118-2');
    expect(await opensslVerify(leaf, [subCa2, subCa1], root)).toBe('leaf.pem: OK\n');
    expect(await pki.isOurs(leaf)).toBe(true);
  });

  test.each<[string, Buffer | string, string]>([
    ['base64 in one line', base64, 'application/pkcs10'],
    ['base64 in lines', base64.replace(/.{64}/g, '$&\r\n'), 'application/pkcs10'],
    ['PEM', pem, 'application/pkcs10'],
    ['PEM of older tools', pem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'), 'application/pkcs10'],
    ['DER', der, 'application/pkcs10'],
    ['DER as octets', der, 'application/octet-stream'],
    ['a character set in the content type', base64, 'application/pkcs10; charset=utf-8'],
  ])('ok/body as %s', async (_reason, body, type) => {
    const answer = await post('/.well-known/est/oem/simpleenroll', body, { 'content-type': type });
    expect(answer.statusCode).toBe(200);
    expect(await printed(answer.body)).toContain(`subject=O = Some Maker, DC = OEM, CN = ${PCID}`);
  });

  test('ok/twice for the same name gives a second certificate and revokes nothing', async () => {
    const answers = [await post('/.well-known/oem/simpleenroll'), await post('/.well-known/oem/simpleenroll')];
    const [first, second] = answers.flatMap(({ body }) => certificatesOf(body));
    expect(first?.serialHex).not.toBe(second?.serialHex);
    expect([first && (await pki.isOurs(first)), second && (await pki.isOurs(second))]).toEqual([true, true]);
  });

  test.each([
    ['mo', 'DE8AACA2B3C4D5'],
    ['emsp', 'DE8AACA2B3C4D5'],
    ['cpo', 'DE*ICE*E45B*78C'],
    ['cps', 'Signer'],
  ])('ok/the CA %s enrols %s', async (ca, name) => {
    const answer = await post(`/.well-known/est/${ca}/simpleenroll`, await opensslRequest(`/CN=${name}`));
    expect(await printed(answer.body)).toContain(`CN = ${name}`);
  });

  const enrol = '/.well-known/est/oem/simpleenroll';
  test.each<[string, string, Buffer | string, number, string]>([
    ['empty body', enrol, '', 400, 'certificate request : the body is empty'],
    ['bad base64', enrol, '{"csr":1}', 400, 'certificate request : the body is neither base64, nor PEM, nor DER'],
    ['base64 of something else', enrol, 'AAAA', 400, 'certificate request : DER at octet 0'],
    ['octets behind the request', enrol, Buffer.concat([der, der]), 400, 'certificate request : '],
    ['a name of another role', '/.well-known/cpo/simpleenroll', base64, 400, 'not fit for the CA cpo'],
    ['ISO 15118-20', `${enrol}/ISO15118-20`, base64, 400, 'on secp256r1, ISO15118-20 needs secp521r1 or ed448'],
    ['a curve of -2 for -20', `${enrol}/ISO15118-20/secp256r1`, base64, 400, 'ISO15118-20 knows "secp521r1", "ed448"'],
    ['unknown version', `${enrol}/ISO15118-3`, base64, 400, 'iso15118Version : must be one of'],
    ['unknown namespace', `${enrol}?xsdMsgDefNamespace=urn:x`, base64, 400, '"urn:x" is not a known'],
    ['vehicle CA of -2', '/.well-known/est/veh/simpleenroll/ISO15118-2', base64, 400, 'ISO15118-2 is not served by'],
    ['vehicle CA', '/.well-known/est/veh/simpleenroll', base64, 400, 'ISO15118-20 needs secp521r1 or ed448'],
    ['nothing to renew', '/.well-known/est/cps/simplereenroll', base64, 400, 'there is no valid certificate with this'],
    ['unknown CA', '/.well-known/est/pe/simpleenroll', base64, 404, 'There is no certificate authority "pe"'],
    ['no CA', '/.well-known/est/simpleenroll', base64, 404, 'There is no certificate authority "est"'],
    ['no CA in OPNC', '/opnc/v1/pki/est/simpleenroll', base64, 400, 'caDomain : must not be null'],
    ['unknown CA in OPNC', '/opnc/v1/pki/est/simpleenroll?caDomain=x', base64, 400, 'caDomain : must match "^('],
    ['curve of another edition', `${enrol}?algorithm=secp521r1`, base64, 400, 'algorithm : ISO15118-2 knows'],
    ['unknown curve', `${enrol}?algorithm=rsa`, base64, 400, 'algorithm : must be one of "secp256r1"'],
    ['a body over the limit', enrol, 'A'.repeat(DEFAULT_BODY_LIMIT + 1), 413, 'body : is larger than 262144 bytes'],
  ])('refused/%s', async (_reason, url, body, status, text) => {
    const answer = await post(url, body);
    expect([answer.statusCode, answer.json()]).toEqual([
      status,
      { errorMessages: [expect.stringContaining(text)], traceId: expect.any(String) },
    ]);
  });

  test('refused/a certificate instead of a request', async () => {
    const [root] = await pki.roots();
    const answer = await post(enrol, Buffer.from(root?.der ?? []));
    expect([answer.statusCode, answer.json().errorMessages]).toEqual([
      400,
      [expect.stringContaining('certificate request : DER at octet')],
    ]);
  });

  test('refused/other content types, other methods', async () => {
    expect((await post(enrol, '{}', { 'content-type': 'application/json' })).statusCode).toBe(415);
    expect((await post(enrol, 'x', { 'content-type': 'text/plain' })).statusCode).toBe(415);
    const wrong = await app.inject({ method: 'GET', url: enrol });
    expect([wrong.statusCode, wrong.headers['allow']]).toEqual([405, 'POST']);
  });
});

describe('ISO 15118-20', () => {
  const algorithms = [
    { curve: 'secp521r1', key: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521', '-sha512'], label: 'P-521' },
    { curve: 'ed448', key: ['-newkey', 'ed448'], label: 'Ed448' },
  ] as const;
  const names = { oem: PCID, veh: PCID, mo: 'DE8AACA2B3C4D5', cpo: 'DE-ICE-S-00003C4D5578-2', cps: 'Signer' };
  const cases = algorithms.flatMap((algorithm) =>
    (['oem', 'veh', 'mo', 'cpo', 'cps'] as const).map((ca) => ({ ca, name: names[ca], ...algorithm })),
  );

  test.each(cases)('ok/$ca enrols with $curve, and openssl trusts it', async ({ ca, name, curve, key, label }) => {
    const request = await opensslRequest(`/CN=${name}`, ...key);
    for (const url of [
      `/.well-known/est/${ca}/simpleenroll/ISO15118-20`,
      `/.well-known/${ca}/simpleenroll/ISO15118-20/${curve}`,
      `/opnc/v1/pki/est/simpleenroll?caDomain=${ca}&iso15118Version=ISO15118-20&algorithm=${curve}`,
    ]) {
      const answer = await post(url, request);
      const [leaf] = answer.statusCode === 200 ? certificatesOf(answer.body) : [];
      if (leaf === undefined) throw new Error(`${url}: ${answer.body}`);
      const above = await app.inject({ url: `/.well-known/est/${ca}/cacerts/ISO15118-20/${curve}` });
      const [subCa2, subCa1, root] = certificatesOf(above.body);
      if (subCa2 === undefined || subCa1 === undefined || root === undefined) throw new Error('the chain is cut');
      expect(formatName(root.subject)).toBe(`CN=plugpool V2G Root ${label}, DC=V2G, O=plugpool, C=DE`);
      expect(await opensslVerify(leaf, [subCa2, subCa1], root)).toBe('leaf.pem: OK\n');
      expect([leaf.publicKey.curve, leaf.subjectKeyIdentifier?.length]).toEqual([curve, 8]);
      for (const { der: octets } of [leaf, subCa2, subCa1, root]) expect(octets.length).toBeLessThanOrEqual(1600);
      expect(leaf.keyUsage?.has('keyAgreement')).toBe(ca !== 'cps');
    }
  });

  test('refused/a key of the other algorithm than the one that is named', async () => {
    const request = await opensslRequest(`/CN=${PCID}`, '-newkey', 'ed448');
    const answer = await post('/.well-known/est/oem/simpleenroll/ISO15118-20/secp521r1', request);
    expect([answer.statusCode, answer.json().errorMessages]).toEqual([
      400,
      ['certificate request : the key is on ed448, ISO15118-20 needs secp521r1'],
    ]);
  });

  test.each([
    '/.well-known/est/veh/cacerts',
    '/veh/cacerts',
    '/.well-known/veh/cacerts/ISO15118-20',
    '/opnc/v1/pki/est/cacerts?caDomain=veh&iso15118Version=ISO15118-20&algorithm=secp521r1',
  ])('ok/%s', async (url) => {
    const answer = await app.inject({ url });
    expect((await printed(answer.body)).match(/subject=.*/g)?.[0]).toBe(
      'subject=C = DE, O = plugpool, CN = VEH Sub-CA 2 P-521',
    );
  });
});

describe('simplereenroll', () => {
  test.each([
    '/.well-known/est/oem/simplereenroll',
    '/.well-known/oem/simplereenroll/ISO15118-2',
    '/.well-known/est/oem/simplereenroll/ISO15118-2/secp256r1',
    '/opnc/v1/pki/est/simplereenroll?caDomain=oem',
  ])('ok/with the same key and with another, %s', async (url) => {
    const [first] = certificatesOf((await post('/.well-known/oem/simpleenroll')).body);
    const [renewed] = certificatesOf((await post(url)).body);
    const [rekeyed] = certificatesOf((await post(url, await opensslRequest(`/O=Some Maker/CN=${PCID}`))).body);
    expect([renewed, rekeyed].map((each) => each && formatName(each.subject))).toEqual(
      Array.from({ length: 2 }, () => first && formatName(first.subject)),
    );
    expect(renewed?.publicKey.spki).toEqual(first?.publicKey.spki);
    expect(rekeyed?.publicKey.spki).not.toEqual(first?.publicKey.spki);
  });

  test('refused/another organisation, another CA, a revoked certificate', async () => {
    const name = 'WMIOEM12345678902';
    const own = await opensslRequest(`/O=Some Maker/CN=${name}`);
    const [leaf] = certificatesOf((await post('/.well-known/oem/simpleenroll', own)).body);
    const other = await opensslRequest(`/O=Some Other/CN=${name}`);
    const refusals = [
      await post('/.well-known/est/oem/simplereenroll', other),
      await post('/.well-known/est/veh/simplereenroll', await opensslRequest(`/CN=${name}`, '-newkey', 'ed448')),
    ];
    if (leaf === undefined) throw new Error('no certificate came back');
    await store.transaction((tx) => pki.revoke(tx, leaf.fingerprint, 'superseded', Date.now()));
    refusals.push(await post('/.well-known/est/oem/simplereenroll', own));
    for (const { statusCode, body } of refusals) {
      expect([statusCode, body]).toEqual([400, expect.stringContaining('there is no valid certificate with this')]);
    }
  });
});

describe('csrattrs', () => {
  test.each([
    ['/.well-known/est/oem/csrattrs', ['id-ecPublicKey', 'prime256v1', 'ecdsa-with-SHA256', 'organizationName']],
    ['/.well-known/cps/csrattrs/ISO15118-2', ['id-ecPublicKey', 'prime256v1', 'ecdsa-with-SHA256', 'countryName']],
    ['/veh/csrattrs', ['id-ecPublicKey', 'secp521r1', 'ecdsa-with-SHA512', 'organizationName', 'commonName']],
    ['/.well-known/est/mo/csrattrs/ISO15118-20/ed448', ['ED448', 'organizationName', 'commonName']],
    ['/opnc/v1/pki/est/csrattrs?caDomain=cpo', ['id-ecPublicKey', 'prime256v1', 'ecdsa-with-SHA256']],
  ])('ok/%s', async (url, expected) => {
    const answer = await app.inject({ url });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/csrattrs']);
    const text = await openssl(['asn1parse', '-inform', 'DER', '-in', 'attributes.der'], {
      'attributes.der': Buffer.from(answer.body, 'base64'),
    });
    const found = [...text.matchAll(/OBJECT +:(\S+)/g)].map(([, name]) => name);
    expect(found.slice(0, expected.length)).toEqual(expected);
    expect(found).toContain('commonName');
  });
});

describe('errors', () => {
  const refusedWith = (accept: string) => post('/.well-known/oem/simpleenroll', '', { ...pkcs10, accept });
  test.each(['text/plain', 'text/plain, application/json;q=0.5', 'text/*'])('ok/text for %s', async (accept) => {
    const answer = await refusedWith(accept);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, 'text/plain; charset=utf-8']);
    expect(answer.body).toMatch(/^certificate request : the body is empty\ntrace id [0-9a-f-]{36}\n$/);
  });

  test.each(['*/*', 'application/pkcs7-mime', 'application/json, text/plain;q=0.5', ''])(
    'ok/JSON for %j',
    async (accept) => {
      expect((await refusedWith(accept)).json().errorMessages).toEqual(['certificate request : the body is empty']);
    },
  );
});

describe('cacerts', () => {
  test.each([
    '/.well-known/est/oem/cacerts',
    '/.well-known/est/oem/cacerts/ISO15118-2',
    '/.well-known/est/oem/cacerts/ISO15118-2/secp256r1',
    '/.well-known/oem/cacerts',
    '/.well-known/oem/cacerts/ISO15118-2/secp256r1/',
    '/oem/cacerts/ISO15118-2/secp256r1/',
    '/oem/cacerts',
    '/opnc/v1/pki/est/cacerts?caDomain=oem&iso15118Version=ISO15118-2',
  ])('ok/%s', async (url) => {
    const answer = await app.inject({
      method: 'GET',
      url,
      headers: { 'content-transfer-encoding': 'application/pkcs10' },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/pkcs7-mime; smime-type=certs-only');
    const names = (await printed(answer.body)).match(/subject=.*/g);
    expect(names).toEqual([
      'subject=C = DE, O = plugpool, CN = OEM Sub-CA 2',
      'subject=C = DE, O = plugpool, CN = OEM Sub-CA 1',
      'subject=C = DE, O = plugpool, DC = V2G, CN = plugpool V2G Root',
    ]);
  });

  test.each([
    ['/.well-known/est/oem/cacerts/ISO15118-20/secp256r1', 400],
    ['/.well-known/est/veh/cacerts/ISO15118-2', 400],
    ['/.well-known/est/veh/csrattrs/ISO15118-2', 400],
    ['/.well-known/est/pe/csrattrs', 404],
    ['/.well-known/est/pe/cacerts', 404],
    ['/opnc/v1/pki/est/cacerts', 400],
    ['/opnc/v1/pki/est/cacerts?caDomain=emsp&caDomain=nobody', 400],
    ['/elsewhere/cacerts', 404],
  ])('refused/%s', async (url, status) => {
    const answer = await app.inject({ method: 'GET', url });
    expect([answer.statusCode, answer.json()]).toEqual([
      status,
      { errorMessages: [expect.any(String)], traceId: expect.any(String) },
    ]);
  });
});

describe('/ca', () => {
  test('ok/the certificate that certificates point at', async () => {
    const { certificate } = await await pki.issueContract({
      edition: 'ISO15118-2',
      emaidCommonName: 'DE8AACA2B3C4D5',
      publicKey: generateKeyPair('secp256r1'),
      notBefore: Date.now(),
      notAfter: Date.now() + 1e9,
    });
    const [url = ''] = certificate.caIssuerUrls;
    const answer = await app.inject({ method: 'GET', url: new URL(url).pathname });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/pkix-cert']);
    const issuer = readCertificate(answer.rawPayload);
    expect([isCa(issuer), issuer.subjectKeyIdentifier]).toEqual([true, certificate.authorityKeyIdentifier]);
  });

  test.each(['/ca/none.cer', '/ca/v2g-root', '/ca/cps-signer.cer', '/ca/..%2f..%2fx.cer'])(
    'refused/%s',
    async (url) => {
      const answer = await app.inject({ method: 'GET', url });
      expect([answer.statusCode, answer.json().errorMessages]).toEqual([
        404,
        [expect.stringContaining('There is no certificate authority')],
      ]);
    },
  );
});
