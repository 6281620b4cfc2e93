/**
 * Role × operation × object over HTTP, for all dialects: what each caller may do by the table of the OPCP, and that a
 * refusal never tells whether the object exists.
 */
import {
  commonNameOf,
  generateKeyPair,
  makeName,
  readCertificate,
  readCertsOnly,
  softwareSigner,
  writeCertificateRequest,
} from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { rightOf } from '../src/dialects/rights.ts';
import { at, type Call, call, list } from './dialects.ts';
import { examplesOf } from './examples.ts';
import { callOf, type Example, routesOn, samplesOn } from './operations.ts';
import { addParty, partyWithToken, type TestParty } from './parties.ts';
import { messagesIn, stored } from './refusal.ts';
import { base64, enrol, randomEmaid, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

/** `read` is any object, `own` those under one's identifiers. */
type Access = 'read' | 'own' | undefined;
type Column = 'oem' | 'cpo' | 'moOwn' | 'moOurs' | 'cps';
type Row = readonly [operation: RegExp, access: Partial<Record<Column, Access>>];

const everybody = { oem: 'read', cpo: 'read', moOwn: 'read', moOurs: 'read', cps: 'read' } as const;
const vehicle = '(?:oem/provCerts|pcp/provisioningcertificates)';
const contract = '(?:signedContractData|signedcontractdata)';

/** The facts of the OPCP's chapter on authentication with the decisions on them; the first row that fits counts. */
const matrix: readonly Row[] = [
  [/^GET .*(?:root\/rootCerts|rcp\/rootcertificates|root\/ctl)/, everybody],
  [/^(?:PUT|DELETE) .*(?:root\/rootCerts|rcp\/rootcertificates)/, {}],
  [/lookupvehicle/i, { oem: 'read', moOwn: 'read', moOurs: 'read' }],
  [new RegExp(`^GET .*${vehicle}`), { oem: 'own', moOwn: 'read', moOurs: 'read' }],
  [new RegExp(`^(?:PUT|DELETE) .*${vehicle}`), { oem: 'own' }],
  [/^GET .*cps\/(?:signer|cpsCertificates)/, everybody],
  [/^PUT .*cps\/generate|^PUT .*generateandsign/, { moOurs: 'own' }],
  [/^PUT .*\/cps\//, { moOwn: 'own' }],
  [new RegExp(`^POST .*${contract}$`), { cpo: 'read' }],
  [/(?:set)?default$/, { oem: 'own' }],
  [/^GET .*(?:lookupContract|contractData\/emaid)/, { moOwn: 'own', moOurs: 'own' }],
  [new RegExp(`^DELETE .*${contract}`), { moOwn: 'own', moOurs: 'own' }],
  [new RegExp(`^GET .*(?:${contract}|provideSignedContractData|contractData/pcid)`), { oem: 'own' }],
  [new RegExp(`^PUT .*${contract}$`), { cps: 'read', moOwn: 'own', moOurs: 'own' }],
  // The certificate in the example is one of a contract.
  [/revokeCertificate$/, { moOwn: 'own', moOurs: 'own' }],
  [/\/(?:event|webhook)\/endpoints/, everybody],
];

function accessTo(name: string): Row[1] {
  const row = matrix.find(([operation]) => operation.test(name));
  if (row === undefined) throw new Error(`${name} is in no row of the matrix`);
  return row[1];
}

interface Who {
  readonly column: Column;
  readonly isOwner: boolean;
  readonly party: TestParty;
}

const mayCall = ({ name }: Example, { column, isOwner }: Who) => {
  const access = accessTo(name)[column];
  return access === 'read' || (access === 'own' && isOwner);
};

const as = (asked: Call, { headers }: TestParty): Call => ({ ...asked, headers: { ...asked.headers, ...headers } });

/** The same call for an object that nobody knows, under the same WMI or provider id. */
function unknown(example: Example): Example {
  const { pcid, emaid, ...others } = example.params ?? {};
  const params = {
    ...others,
    ...(pcid !== undefined && { pcid: randomPcid() }),
    ...(emaid !== undefined && { emaid: randomEmaid() }),
  };
  return { ...example, params };
}
const namesObject = ({ params = {} }: Example) => 'pcid' in params || 'emaid' in params;

/** The endpoints of the examples were made where nobody is asked who he is: for every party they are somebody else's. */
const goodFor = ({ name, good }: Example) => (/endpoints\/:/.test(name) ? 404 : good);

describe.each(eachServer())('rights on $kind', ({ start }) => {
  let open: TestServer;
  let server: TestServer;
  let callers: Who[];
  let operator: TestParty;
  let examples: Example[];

  beforeAll(async () => {
    open = await start();
    server = await open.beside({ auth: 'oauth2' });
    const party = async (
      column: Column,
      isOwner: boolean,
      wanted: Parameters<typeof partyWithToken>[1],
    ): Promise<Who> => {
      return { column, isOwner, party: await partyWithToken(server, wanted) };
    };
    const emsp = (pki: 'own' | 'ours', ...providerId: string[]) => {
      return { roles: ['emsp'], pki, identifiers: { providerId } } as const;
    };
    callers = [
      // Of several brands, as makers and providers are.
      await party('oem', true, { roles: ['oem'], identifiers: { wmi: ['ABC', 'WMI'] } }),
      await party('oem', false, { roles: ['oem'], identifiers: { wmi: ['ABC', 'DEF'] } }),
      await party('moOwn', true, emsp('own', 'DEPPL', 'DEABC')),
      await party('moOwn', false, emsp('own', 'DEABC')),
      await party('moOurs', true, emsp('ours', 'DEABC', 'DEPPL')),
      await party('moOurs', false, emsp('ours', 'DEABC')),
      await party('cpo', true, { roles: ['cpo'], identifiers: { operatorId: ['DEICE'] } }),
      await party('cps', true, { roles: ['cps'] }),
    ];
    operator = await partyWithToken(server, { roles: ['operator'] });
    examples = await newExamples();
  });

  async function newExamples(): Promise<Example[]> {
    const { url } = open;
    return examplesOf({ opnc: await samplesOn(url), opcp: await samplesOn(url), quickstart: await samplesOn(url) });
  }

  test('ok/every route of the dialects has a row here, and a right', () => {
    const routes = [...routesOn(server.store)];
    expect(routes.length).toBeGreaterThan(50);
    for (const [name, { operation }] of routes) {
      expect([name, accessTo(name)]).toEqual([name, expect.anything()]);
      expect([name, rightOf({ url: name.split(' ')[1] ?? '', operation })]).toEqual([name, expect.anything()]);
    }
    expect(rightOf({ url: '/v1/new', operation: 'constructor' })).toBeUndefined();
  });

  test('fail/who may not is refused alike for what is there and what is not, and changes nothing', async () => {
    const before = await stored(server.store);
    let refused = 0;
    for (const example of examples) {
      for (const who of callers.filter((each) => !mayCall(example, each))) {
        for (const asked of [example, ...(namesObject(example) ? [unknown(example)] : [])]) {
          const answer = await call(server.url, as(callOf(asked), who.party));
          const title = `${who.column} ${who.isOwner ? 'of the object' : 'of another'}: ${example.name}`;
          expect([title, answer.status]).toEqual([title, 403]);
          expect(messagesIn(answer.text, answer.headers.get('x-trace-id'))).toEqual(['Forbidden']);
          refused++;
        }
      }
      const nobody = await call(server.url, callOf(example));
      expect([example.name, nobody.status, nobody.headers.get('www-authenticate')]).toEqual([
        example.name,
        401,
        'Bearer realm="plugpool"',
      ]);
    }
    expect(refused).toBeGreaterThan(200);
    expect(await stored(server.store)).toEqual(before);
  });

  test('fail/what is not there, under one’s own identifiers, is not found', async () => {
    const known = new Set<number>();
    for (const example of examples.filter((each) => namesObject(each))) {
      for (const who of callers.filter((each) => mayCall(example, each))) {
        const answer = await call(server.url, as(callOf(unknown(example)), who.party));
        expect([example.name, who.column, answer.status]).toEqual([example.name, who.column, 404]);
        known.add(answer.status);
      }
    }
    expect([...known]).toEqual([404]);
  });

  test('ok/whoever may does, for all that changes nothing', async () => {
    for (const example of examples.filter(({ name }) => name.startsWith('GET '))) {
      for (const who of callers.filter((each) => mayCall(example, each))) {
        const answer = await call(server.url, as(callOf(example), who.party));
        expect([example.name, who.column, answer.status]).toEqual([example.name, who.column, goodFor(example)]);
      }
    }
  });

  test.each([false, true])('ok/the life of a contract, by the operator alone: %s', async (alone) => {
    for (const example of await newExamples()) {
      const who = callers.find((each) => mayCall(example, each))?.party;
      const answer = await call(server.url, as(callOf(example), alone ? operator : (who ?? operator)));
      expect([example.name, answer.status, answer.text.slice(0, 200)]).toEqual([
        example.name,
        goodFor(example),
        expect.anything(),
      ]);
    }
  });

  describe('enrolment', () => {
    const own = {
      oem: () => randomPcid(),
      mo: () => randomEmaid(),
      cpo: () => 'DE*ICE*E45B*78C',
      cps: () => 'Some CPS',
    };
    const foreign = { oem: () => randomPcid('XYZ'), mo: () => randomEmaid('FRXYZ'), cpo: () => 'DE*XYZ*E45B*78C' };
    const columns: Record<string, Column> = { oem: 'oem', mo: 'moOurs', cpo: 'cpo', cps: 'cps' };

    const ask = async (ca: string, name: string, party: TestParty | undefined, path = '/.well-known/est') => {
      const request = await writeCertificateRequest({
        subject: makeName([{ type: 'CN', value: name }]),
        signer: softwareSigner(generateKeyPair('secp256r1').privateKey),
      });
      return await fetch(`${server.url}${path}/${ca}/simpleenroll`, {
        method: 'POST',
        headers: { 'content-type': 'application/pkcs10', ...party?.headers },
        body: base64(request),
      });
    };

    test.each(['oem', 'mo', 'cpo', 'cps'] as const)(
      'ok/%s: names of one’s own, at the CA of one’s role',
      async (ca) => {
        for (const who of callers) {
          const expected = who.column === columns[ca] && who.isOwner ? 200 : 403;
          const answer = await ask(ca, own[ca](), who.party);
          expect([who.column, who.isOwner, answer.status]).toEqual([who.column, who.isOwner, expected]);
          if (ca !== 'cps') expect((await ask(ca, foreign[ca](), who.party, '/.well-known')).status).toBe(403);
        }
        expect((await ask(ca, own[ca](), operator)).status).toBe(200);
        expect((await ask(ca, own[ca](), undefined)).status).toBe(401);
      },
    );

    test('fail/what is no request is said to be none', async () => {
      const { party } = callers.find(({ column }) => column === 'oem') ?? { party: operator };
      const headers = { 'content-type': 'application/pkcs10', ...party.headers };
      for (const body of ['', 'MIIB', 'AAAA']) {
        const answer = await fetch(`${server.url}/.well-known/est/oem/simpleenroll`, { method: 'POST', headers, body });
        expect([body, answer.status]).toEqual([body, 400]);
      }
      expect((await ask('oem', 'too short', party)).status).toBe(400);
    });

    test('ok/CA certificates: any party, and nobody else', async () => {
      for (const { party } of callers) {
        const { status } = await fetch(`${server.url}/.well-known/est/cpo/cacerts`, { headers: party.headers });
        expect(status).toBe(200);
      }
      expect((await fetch(`${server.url}/oem/cacerts`)).status).toBe(401);
    });

    test('fail/revocation of a certificate whose name begins like one’s own', async () => {
      // A contract of the provider DEPPL, and a maker whose WMI is DEP.
      const contractOf = await enrol(open.url, 'mo', randomEmaid());
      const maker = await partyWithToken(server, { roles: ['oem', 'cps'], identifiers: { wmi: ['DEP'] } });
      const revoke = (certificate: Uint8Array, party: TestParty) =>
        call(server.url, {
          method: 'POST',
          path: '/opnc/v1/pki/revokeCertificate',
          body: { certificate: base64(certificate), revocationReason: 'superseded' },
          headers: party.headers,
        });
      expect((await revoke(contractOf.certificate.der, maker)).status).toBe(403);
      const signer = await enrol(open.url, 'cps', 'A CPS of somebody');
      expect((await revoke(signer.certificate.der, maker)).status).toBe(403);
      expect((await revoke(signer.certificate.der, operator)).status).toBe(200);
      const [issued] = readCertsOnly(
        Buffer.from(await (await ask('oem', randomPcid('DEP'), maker)).text(), 'base64'),
      ).map(readCertificate);
      expect(issued && commonNameOf(issued.subject)?.slice(0, 3)).toBe('DEP');
      expect((await revoke(issued?.der ?? new Uint8Array(0), maker)).status).toBe(200);
    });
  });

  test('fail/administration is for operators alone, whatever is asked for', async () => {
    const document: unknown = await (await fetch(`${server.url}/openapi/admin.json`)).json();
    const operations = Object.entries(Object(at(document, 'paths'))).flatMap(([path, methods]) =>
      Object.keys(Object(methods)).map((method) => ({ method: method.toUpperCase(), path })),
    );
    expect(operations.length).toBeGreaterThan(12);
    const before = await stored(server.store);
    for (const { method, path } of operations) {
      const ids = [callers[0]?.party.partyId ?? '', '00000000-0000-4000-8000-000000000000'];
      for (const id of ids) {
        const asked = { method, path: path.replaceAll(/\{\w+\}/g, id), ...(method !== 'GET' && { body: {} }) };
        expect([asked, (await call(server.url, asked)).status]).toEqual([asked, 401]);
        for (const { column, party } of callers) {
          const answer = await call(server.url, as(asked, party));
          expect([column, method, path, answer.status]).toEqual([column, method, path, 403]);
          expect(messagesIn(answer.text, answer.headers.get('x-trace-id'))).toEqual(['Forbidden']);
        }
      }
    }
    expect(await stored(server.store)).toEqual(before);
  });

  test('ok/a token of fewer services does less', async () => {
    const client = await addParty(server, { roles: ['oem'], identifiers: { wmi: ['WMI'] } });
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.clientSecret,
      scope: 'rcpservice',
    });
    const token = at(await (await fetch(`${server.url}/oauth/token`, { method: 'POST', body })).json(), 'access_token');
    const status = async (path: string) =>
      (await fetch(server.url + path, { headers: { authorization: `Bearer ${String(token)}` } })).status;
    expect([await status('/v1/root/rootCerts'), await status(`/v1/oem/provCerts/${randomPcid()}`)]).toEqual([200, 403]);
  });

  test.each([
    ['/health/live', 200],
    ['/health/ready', 200],
    ['/oauth/jwks', 200],
    ['/.well-known/oauth-authorization-server', 200],
    ['/crl/mo-sub2.crl', 200],
    ['/ca/mo-sub2.cer', 200],
    ['/ocsp', 200],
    ['/openapi/opcp.json', 200],
    ['/docs', 200],
    ['/nowhere', 404],
  ])('ok/%s needs no token', async (path, status) => {
    expect((await fetch(server.url + path)).status).toBe(status);
  });

  test('ok/webhook endpoints are their party’s alone', async () => {
    const [one, other] = [callers[0]?.party, callers[1]?.party];
    if (one === undefined || other === undefined) throw new Error('no callers');
    const body = { url: 'http://127.0.0.1:9/hook', enabledEvents: ['oem.contract.created'] };
    const made = await call(server.url, { method: 'POST', path: '/v1/webhook/endpoints', body, headers: one.headers });
    const id = String(at(made.json, 'id'));
    const get = async (party: TestParty) =>
      (await call(server.url, { method: 'GET', path: `/v1/webhook/endpoints/${id}`, headers: party.headers })).status;
    expect([made.status, await get(one), await get(other)]).toEqual([201, 200, 404]);
    const shown = async (party: TestParty) => {
      const all = await call(server.url, { method: 'GET', path: '/v1/webhook/endpoints', headers: party.headers });
      return list(all.json).map((endpoint) => at(endpoint, 'id'));
    };
    expect(await shown(one)).toContain(id);
    expect(await shown(other)).toEqual([]);
  });
});
