/** Certification requests that no CA signs, under all the paths of EST. */
import {
  generateKeyPair,
  makeName,
  type Name,
  softwareSigner,
  toPem,
  writeCertificateRequest,
} from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { noCertificates } from './no-certificates.ts';
import { opensslRequest } from './openssl.ts';
import { issue } from './own-pki.ts';
import { expectRefused, type Spoilt, send } from './refusal.ts';
import { base64 } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

// Fixed, for some PCIDs could as well be the EVSEID of a charging station.
const goodNames = { oem: 'WMIXX123456789012', mo: 'DEPPLC12345678', cpo: 'DE*ICE*E45B*78C', cps: 'Some CPS' };
type Ca = keyof typeof goodNames;

const cas: readonly Ca[] = ['oem', 'mo', 'cpo', 'cps'];
const opncCa = { oem: 'oem', mo: 'emsp', cpo: 'cpo', cps: 'cps' };
const pathsOf = (ca: Ca) => [
  `/.well-known/est/${ca}/simpleenroll`,
  `/.well-known/${ca}/simpleenroll/ISO15118-2`,
  `/opnc/v1/pki/est/simpleenroll?caDomain=${opncCa[ca]}`,
];

const named = (...names: string[]) => makeName(names.map((value) => ({ type: 'CN', value })));

async function request(subject: Name, curve: 'secp256r1' | 'secp521r1' | 'ed448' = 'secp256r1'): Promise<Uint8Array> {
  const signer = softwareSigner(generateKeyPair(curve).privateKey);
  return await writeCertificateRequest({ subject, signer });
}

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  const post = (path: string, body: unknown, type = 'application/pkcs10') => ({
    method: 'POST',
    path,
    headers: { 'content-type': type },
    body,
  });

  const refused = (ca: Ca, title: string, body: string | Uint8Array, why: RegExp = /./): Spoilt[] =>
    pathsOf(ca).map((path) => ({
      title: `${title} at ${path}`,
      call: post(path, body),
      names: new RegExp(`^certificate request : .*${why.source}`),
    }));

  test('fail/what is no certification request', async () => {
    const good = await request(named(goodNames.oem));
    const certificate = (await issue({ profile: 'oem', commonName: goodNames.oem })).certificate;
    const broken = good.slice();
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    const renamed = Buffer.from(good);
    renamed.write('X', renamed.indexOf(goodNames.oem));
    const begin = '-----BEGIN CERTIFICATE REQUEST-----';
    const calls = [
      ...noCertificates(certificate).flatMap(([title, body]) => refused('oem', title, body)),
      ...refused('oem', 'a certificate', base64(certificate.der)),
      ...refused('oem', 'a certificate in PEM', toPem('CERTIFICATE', certificate.der)),
      ...refused('oem', 'nothing', ''),
      ...refused('oem', 'blanks', ' \r\n '),
      ...refused('oem', 'a broken signature', base64(broken), /is not signed with the key/),
      ...refused('oem', 'a subject that was changed', base64(renamed), /is not signed with the key/),
      ...refused('oem', 'an octet behind', Buffer.concat([good, Uint8Array.of(0)]), /behind/),
      ...[1, 2, 10, good.length / 2, good.length - 1].flatMap((length) =>
        refused('oem', `cut to ${length}`, good.subarray(0, length)),
      ),
      ...refused('oem', 'PEM that begins and never ends', begin.repeat(7000)),
      ...refused('oem', 'PEM that begins, and dashes', begin + '-'.repeat(250_000)),
    ];
    await expectRefused(server, calls);
  });

  test('fail/keys', async () => {
    const subject = `/CN=${goodNames.oem}`;
    const curve = (name: string) => ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${name}`];
    const keys: [string, string | Uint8Array, RegExp][] = [
      ['RSA', await opensslRequest(subject, '-newkey', 'rsa:2048'), /not supported/],
      ['secp384r1', await opensslRequest(subject, ...curve('P-384')), /not supported/],
      ['secp256k1', await opensslRequest(subject, ...curve('secp256k1')), /not supported/],
      ['secp521r1', base64(await request(named(goodNames.oem), 'secp521r1')), /the key is on secp521r1/],
      ['Ed448', base64(await request(named(goodNames.oem), 'ed448')), /the key is on ed448/],
      [
        'explicit parameters',
        await opensslRequest(subject, ...curve('P-256'), '-pkeyopt', 'ec_param_enc:explicit'),
        /not supported/,
      ],
    ];
    await expectRefused(
      server,
      keys.flatMap(([title, body, why]) => refused('oem', title, body, why)),
    );
  });

  test('fail/names', async () => {
    const cases: [string, Name, readonly Ca[]][] = [
      ['none', makeName([{ type: 'O', value: 'Some' }]), cas],
      ['nothing at all', makeName([]), cas],
      ['two', named('DE*ICE*E45B*78C', 'DE*ICE*E45B*78D'), cas],
      ['one of another role', named(goodNames.cps), ['oem', 'mo', 'cpo']],
      ['a PCID', named(goodNames.oem), ['cpo']],
      ['an EMAID', named(goodNames.mo), ['oem', 'cpo']],
      ['an EVSEID', named(goodNames.cpo), ['oem', 'mo']],
      ['with characters beyond ASCII', named('WMI1234567890123é'), cas],
      ['with a zero character', named('WMI123456789012345\0'), cas],
      ['very long', named('W'.repeat(300)), cas],
      ['of blanks', named('                  '), cas],
    ];
    const calls: Spoilt[] = [];
    for (const [title, subject, where] of cases) {
      const body = base64(await request(subject));
      for (const ca of where) calls.push(...refused(ca, title, body, /common name/));
    }
    await expectRefused(server, calls);
  });

  test('fail/parameters', async () => {
    const body = base64(await request(named(goodNames.oem)));
    const enrol = '/opnc/v1/pki/est/simpleenroll';
    const cases: [string, string, number, RegExp][] = [
      ['no CA', enrol, 400, /^caDomain : must not be null/],
      ['an empty CA', `${enrol}?caDomain=`, 400, /^caDomain : must not be null/],
      ['an unknown CA', `${enrol}?caDomain=nobody`, 400, /^caDomain : must match/],
      ['two CAs, the last unknown', `${enrol}?caDomain=oem&caDomain=nobody`, 400, /^caDomain : must match/],
      [
        'an unknown edition',
        `${enrol}?caDomain=oem&iso15118Version=ISO15118-3`,
        400,
        /^iso15118Version : must be one of/,
      ],
      ['a key of the other edition', `${enrol}?caDomain=oem&iso15118Version=ISO15118-20`, 400, /ISO15118-20/],
      ['an unknown namespace', `${enrol}?caDomain=oem&xsdMsgDefNamespace=urn:x`, 400, /^xsdMsgDefNamespace : /],
      ['an unknown algorithm', `${enrol}?caDomain=oem&algorithm=rsa`, 400, /^algorithm : must be one of/],
      [
        'an algorithm of the other edition',
        `${enrol}?caDomain=oem&algorithm=ed448`,
        400,
        /^algorithm : ISO15118-2 knows/,
      ],
      ['an unknown CA in the path', '/.well-known/est/nobody/simpleenroll', 404, /^There is no certificate authority/],
      [
        'an unknown edition in the path',
        '/.well-known/est/oem/simpleenroll/2',
        400,
        /^iso15118Version : must be one of/,
      ],
      ['a CA of the other edition', '/.well-known/est/veh/simpleenroll', 400, /ISO15118-2/],
    ];
    // CA certificates can be read of either edition.
    const readable = cases.filter(
      ([title]) => !title.endsWith('of the other edition') || title.startsWith('an algorithm'),
    );
    const reading: [string, string, number, RegExp][] = readable.map(([title, path, status, names]) => [
      `${title}, read`,
      path.replace('simpleenroll', 'cacerts'),
      status,
      names,
    ]);
    await expectRefused(server, [
      ...cases.map(([title, path, status, names]) => ({ title, call: post(path, body), status, names })),
      ...reading.map(([title, path, status, names]) => ({ title, call: { method: 'GET', path }, status, names })),
    ]);
  });

  test('ok/good requests in all forms', async () => {
    for (const ca of cas) {
      const octets = await request(named(goodNames[ca]));
      const lines = base64(octets).replace(/.{64}/g, '$&\r\n');
      for (const body of [octets, base64(octets), lines, toPem('CERTIFICATE REQUEST', octets)]) {
        for (const path of pathsOf(ca)) expect((await send(server.url, post(path, body))).status).toBe(200);
      }
    }
  });
});
