/** Rubbish sent to the OCSP responder and asked of the revocation lists: an answer in its own words, nothing stored. */
import { randomBytes } from 'node:crypto';
import { der, derTags, readOcspResponse } from '@plugpool/iso15118';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { getOcsp, ocspRequest, postOcsp } from './certificate-status.ts';
import { mutated, mutations } from './mutations.ts';
import { nested } from './no-certificates.ts';
import { messagesIn, send, stored } from './refusal.ts';
import { base64, enrol, type Leaf, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

const MALFORMED = base64(Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x01));
const LARGEST = 256 * 1024;

describe.each(eachServer())('bad input to status services on $kind', ({ start }) => {
  let server: TestServer;
  let car: Leaf;
  let good: Uint8Array;
  let before: Record<string, string>;
  beforeAll(async () => {
    server = await start();
    car = await enrol(server.url, 'oem', randomPcid());
    good = ocspRequest([{ certificate: car.certificate, issuer: car.subCa2 }]);
    // Responders and lists are made when they are first asked for.
    await postOcsp(server.url, good);
    await postOcsp(server.url, ocspRequest([{ certificate: car.certificate, issuer: car.root }]));
    await fetch(`${server.url}/crl/oem-sub2.crl`);
    before = await stored(server.store);
  });
  const nothingStored = async () => expect(await stored(server.store)).toEqual(before);

  async function expectMalformed(title: string, octets: Uint8Array): Promise<void> {
    const answers = [await postOcsp(server.url, octets)];
    if (octets.length < 4000) answers.push(await getOcsp(server.url, octets));
    for (const answer of answers) {
      const seen = [title, answer.status, answer.headers.get('content-type'), await octetsOf(answer)];
      expect(seen).toEqual([title, 200, 'application/ocsp-response', MALFORMED]);
      expect(answer.headers.get('etag')).toBeNull();
    }
  }

  test('malformed/what is no request', async () => {
    const { certId, request, withNonce } = parts(good);
    const cases: [string, Uint8Array][] = [
      ['nothing', new Uint8Array(0)],
      ['an empty sequence', Uint8Array.of(0x30, 0)],
      ['text', Buffer.from('is it good?')],
      ['random octets', randomBytes(300)],
      ['a certificate', car.certificate.der],
      ['an octet behind', Uint8Array.of(...good, 0)],
      ['an indefinite length', Uint8Array.of(0x30, 0x80, ...good.subarray(2), 0, 0)],
      ['a length of 4 GiB', Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff)],
      ['no certificate', request([])],
      ['101 certificates', request(Array.from({ length: 101 }, () => certId))],
      ['600 certificates', request(Array.from({ length: 600 }, () => certId))],
      ['an empty nonce', withNonce(der.octetString())],
      ['a nonce of 129 octets', withNonce(der.octetString(der.raw(new Uint8Array(129))))],
      ['a nonce that is no octet string', withNonce(der.unsignedInteger(7))],
      ['a nonce of nothing', withNonce()],
      ['deep nesting', nested(3000)],
      ['as much as a body may have', new Uint8Array(LARGEST).fill(0x30)],
    ];
    for (const [title, octets] of cases) await expectMalformed(title, octets);
    for (let length = 1; length < good.length; length++) {
      await expectMalformed(`truncated after ${length} octets`, good.subarray(0, length));
    }
    await nothingStored();
  });

  test('malformed/paths that are no base64', async () => {
    for (const path of ['', '%20', '****', 'a', 'MEIw=QDA', `${base64(good)}%00`, '..%2f..%2fx', 'x'.repeat(5000)]) {
      const answer = await fetch(`${server.url}/ocsp/${path}`);
      expect([path, answer.status, await octetsOf(answer)]).toEqual([path, 200, MALFORMED]);
    }
    await nothingStored();
  });

  test('refused/other content types, sizes and methods, with the error body of all others', async () => {
    const post = { method: 'POST', path: '/ocsp' };
    const type = 'application/ocsp-request';
    const wrong = [
      ...['application/json', 'application/ocsp-response', 'text/plain', 'application/x-www-form-urlencoded'].map(
        (other) => ({ call: { ...post, headers: { 'content-type': other }, body: good }, status: 415 }),
      ),
      { call: { ...post, headers: { 'content-type': type }, body: new Uint8Array(LARGEST + 1) }, status: 413 },
      { call: { ...post, headers: { 'content-type': type }, body: manyCertIds(10_000) }, status: 413 },
      { call: { method: 'DELETE', path: '/ocsp' }, status: 405 },
      { call: { method: 'PUT', path: '/ocsp', headers: { 'content-type': type }, body: good }, status: 405 },
      { call: { method: 'POST', path: '/crl/oem-sub2.crl' }, status: 405 },
      { call: { method: 'GET', path: '/ocsp/%ff' }, status: 400 },
      { call: { method: 'GET', path: `/crl/${'x'.repeat(1000)}.crl` }, status: 414 },
    ];
    for (const { call, status } of wrong) {
      const answer = await send(server.url, call);
      expect([call.method, call.path, answer.status]).toEqual([call.method, call.path, status]);
      messagesIn(await answer.text(), answer.headers.get('x-trace-id'));
    }
    await nothingStored();
  });

  test('property/a spoilt request is answered with 200, in the form of OCSP', async () => {
    await fc.assert(
      fc.asyncProperty(mutations, fc.boolean(), async (changes, overGet) => {
        const octets = mutated(good, changes);
        const answer = await (overGet ? getOcsp : postOcsp)(server.url, octets);
        expect(answer.status).toBe(200);
        const read = readOcspResponse(new Uint8Array(await answer.arrayBuffer()));
        expect(['successful', 'malformedRequest']).toContain(read.status);
      }),
      { numRuns: 300 },
    );
    await nothingStored();
  });

  test('property/lists of authorities that are not there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), async (name) => {
        fc.pre(!name.includes('\ud800') && name.isWellFormed());
        const answer = await fetch(`${server.url}/crl/${encodeURIComponent(name)}.crl`);
        expect([400, 404]).toContain(answer.status);
        await answer.text();
      }),
      { numRuns: 100 },
    );
    await nothingStored();
  });

  test('ok/what was sent before did no harm', async () => {
    const read = readOcspResponse(new Uint8Array(await (await postOcsp(server.url, good)).arrayBuffer()));
    expect(read.status === 'successful' && read.responses[0]?.status).toBe('good');
  });
});

async function octetsOf(answer: Response): Promise<string> {
  return base64(new Uint8Array(await answer.arrayBuffer()));
}

/** Requests like a good one for one certificate, but not as the project's writer would make them. */
function parts(good: Uint8Array) {
  // OCSPRequest, TBSRequest, requestList and Request have headers of two octets each.
  const certId = good.subarray(8);
  const entry = (id: Uint8Array) => der.sequence(der.raw(id));
  const request = (ids: readonly Uint8Array[], ...extensions: der.DerNode[]) =>
    der.encodeDer(der.sequence(der.sequence(der.sequence(...ids.map(entry)), ...extensions)));
  const withNonce = (...value: der.DerNode[]) => {
    const nonce = der.sequence(der.oid('1.3.6.1.5.5.7.48.1.2'), der.octetString(...value));
    return request([certId], der.tagged(0xa2, der.sequence(nonce)));
  };
  return { certId, request, withNonce };
}

function manyCertIds(count: number): Uint8Array {
  const id = der.sequence(der.sequence(der.raw(new Uint8Array(64).fill(derTags.null))));
  return der.encodeDer(der.sequence(der.sequence(der.sequence(...Array.from({ length: count }, () => id)))));
}
