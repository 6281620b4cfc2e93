/** What the room makes of responders and lists that are slow, wrong, forged, stale or somewhere they should not be. */
import type { ServerResponse } from 'node:http';
import {
  certIdOf,
  type OcspSingleResponse,
  readOcspRequest,
  writeOcspErrorResponse,
  writeOcspResponse,
} from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { outgoingHttp } from '../src/outgoing/outgoing-http.ts';
import { inquiry } from '../src/revocation/inquiry.ts';
import { endForeignServers, type ForeignPki, foreignPki, httpServer, issueResponder, listOf } from './foreign-pki.ts';
import { type Issued, issue } from './own-pki.ts';
import { randomPcid } from './roles.ts';

const HOUR_MS = 3_600_000;
const times = { serverDeadline: 4000, patience: 1000, failureRest: 1000 };

endForeignServers();

describe('inquiry', () => {
  let url = '';
  let pki: ForeignPki;
  let responder: Issued;
  let stranger: Issued;
  /** How often each path was asked. */
  const asked = new Map<string, number>();
  const lists = new Map<string, Uint8Array>();

  /** What the server answers at each path; the last part of the path is for the test to tell its requests apart. */
  const behaviours: Readonly<Record<string, (response: ServerResponse, request: Uint8Array) => Promise<unknown>>> = {
    good: async (response, request) => response.end(await answer(request)),
    revoked: async (response, request) => response.end(await answer(request, { status: { revokedAt: 1000 } })),
    slow: async (response, request) => {
      await new Promise((resolve) => setTimeout(resolve, 1200));
      response.end(await answer(request));
    },
    silent: async () => undefined,
    huge: async (response) => response.end(Buffer.alloc(100_000)),
    nonsense: async (response) => response.end('<html>'),
    status500: async (response) => response.writeHead(500).end(),
    'try-later': async (response) => response.end(writeOcspErrorResponse('tryLater')),
    forged: async (response, request) => response.end(await answer(request, {}, responder, stranger)),
    stranger: async (response, request) => response.end(await answer(request, {}, stranger)),
    stale: async (response, request) => {
      const [thisUpdate, nextUpdate] = [Date.now() - 2 * HOUR_MS, Date.now() - HOUR_MS];
      response.end(await answer(request, { thisUpdate, nextUpdate }));
    },
    short: async (response, request) => response.end(await answer(request, { nextUpdate: Date.now() + 10 * 60_000 })),
    other: async (response, request) => {
      const certId = certIdOf({ serialNumber: Uint8Array.of(1) }, pki.subCa2.certificate, 'sha1');
      response.end(await answer(request, { certId }));
    },
    redirect: async (response) => response.writeHead(307, { location: `${url}/good/redirected` }).end(),
  };

  beforeAll(async () => {
    pki = await foreignPki('Foreign');
    responder = await issueResponder(pki.subCa2);
    stranger = await issue({ profile: 'root', commonName: 'Stranger' });
    url = await httpServer(async (request, response) => {
      const path = request.url ?? '';
      asked.set(path, (asked.get(path) ?? 0) + 1);
      const body = Buffer.concat(await request.toArray());
      const list = lists.get(path);
      if (list !== undefined) response.end(list);
      else if ((await behaviours[path.split('/')[1] ?? '']?.(response, body)) === undefined) response.flushHeaders();
    });
  });

  async function answer(
    request: Uint8Array,
    changes: Partial<OcspSingleResponse> = {},
    by = responder,
    signedBy = by,
  ): Promise<Uint8Array> {
    const { certIds, nonce } = readOcspRequest(request);
    const responses = certIds.map((certId): OcspSingleResponse => {
      const at = Date.now();
      return { certId, status: 'good', thisUpdate: at - HOUR_MS, nextUpdate: at + 24 * HOUR_MS, ...changes };
    });
    const content = { responder: { by: 'key', certificate: by.certificate }, producedAt: Date.now() } as const;
    return await writeOcspResponse({ ...content, responses, nonce, certificates: [by.certificate] }, signedBy.signer);
  }

  function room(allowPrivateTargets = true, isInternal?: (address: string) => boolean) {
    let now = Date.now();
    const inquire = inquiry({
      send: outgoingHttp({ allowPrivateTargets, ...(isInternal && { isInternal }) }),
      now: () => now,
      times,
      note: () => undefined,
    });
    return {
      async ask({ certificate }: Issued) {
        return await inquire(certificate, pki.subCa2.certificate);
      },
      later(ms: number) {
        now += ms;
      },
    };
  }

  const leafAt = (ocsp?: string, crl?: string) =>
    pki.leaf('oem', randomPcid(), {
      ...(ocsp !== undefined && { ocsp: `${url}${ocsp}` }),
      ...(crl !== undefined && { crl: `${url}${crl}` }),
    });

  test('good, revoked, nobody to ask', async () => {
    const { ask } = room();
    expect(await ask(await leafAt('/good/1'))).toEqual({ standing: 'good' });
    expect(await ask(await leafAt('/revoked/1'))).toEqual({ standing: 'revoked', revokedAt: 1000 });
    expect(await ask(await leafAt())).toEqual({ standing: 'nobody-to-ask' });
  });

  test.each([
    ['silent', 'there was no answer in time'],
    ['huge', 'OCSP responder: its answer is larger than 65536 bytes'],
    ['nonsense', 'OCSP responder: DER at octet 0: OCSPResponse has tag 3c, expected 30'],
    ['status500', 'OCSP responder: it answered with status 500'],
    ['try-later', 'OCSP responder: the responder answered tryLater'],
    ['forged', 'OCSP responder: the signature of the OCSP answer does not verify'],
    [
      'stranger',
      'OCSP responder: the certificate of the responder was not issued by the CA of the certificate in question',
    ],
    ['other', 'OCSP responder: the answer is not about the certificate that was asked for'],
  ])('unknown/%s', async (behaviour, why) => {
    expect(await room().ask(await leafAt(`/${behaviour}/1`))).toEqual({ standing: 'unknown', why });
  });

  test('unknown/stale', async () => {
    const standing = await room().ask(await leafAt('/stale/1'));
    expect(standing).toMatchObject({
      standing: 'unknown',
      why: expect.stringMatching(/the OCSP answer was good until/),
    });
  });

  test('unknown/an internal address, and a redirect to one', async () => {
    const why = 'OCSP responder: its address is internal, which is not allowed';
    expect(await room(false).ask(await leafAt('/good/internal'))).toEqual({ standing: 'unknown', why });
    expect(asked.get('/good/internal')).toBeUndefined();
    // The first address is taken for outside; where it redirects to, is not.
    let judged = 0;
    const judge = () => judged++ > 0;
    expect(await room(false, judge).ask(await leafAt('/redirect/1'))).toEqual({ standing: 'unknown', why });
    expect(asked.get('/good/redirected')).toBeUndefined();
    expect(await room().ask(await leafAt('/redirect/1'))).toEqual({ standing: 'good' });
  });

  test('a revocation list answers where the responder does not', async () => {
    const leaf = await leafAt('/status500/list', '/list/a.crl');
    const other = await leafAt('/status500/list2', '/list/a.crl');
    lists.set('/list/a.crl', await listOf(pki.subCa2, [leaf.certificate]));
    const { ask } = room();
    expect(await ask(leaf)).toMatchObject({ standing: 'revoked', reason: 'cACompromise' });
    expect(await ask(other)).toEqual({ standing: 'good' });
    expect(asked.get('/list/a.crl')).toBe(1);
  });

  test('unknown/lists of another CA, of another key, of yesterday, and none', async () => {
    lists.set('/list/other.crl', await listOf(pki.subCa1, []));
    lists.set('/list/forged.crl', await listOf({ ...pki.subCa2, signer: stranger.signer }, []));
    lists.set('/list/stale.crl', await listOf(pki.subCa2, [], Date.now() - 48 * HOUR_MS));
    lists.set('/list/none.crl', Buffer.from('-----BEGIN X509 CRL-----\n####\n-----END X509 CRL-----'));
    const why = async (name: string) => JSON.stringify(await room().ask(await leafAt(undefined, `/list/${name}.crl`)));
    expect(await why('other')).toContain('revocation list: the revocation list is that of another CA');
    expect(await why('forged')).toContain('revocation list: the signature of the revocation list does not verify');
    expect(await why('stale')).toContain('revocation list: the revocation list was good until');
    expect(await why('none')).toContain('no PEM block');
  });

  test('asked once while under way, and not again until the answer is an hour old', async () => {
    const { ask, later } = room();
    const leaf = await leafAt('/good/once');
    await Promise.all([ask(leaf), ask(leaf), ask(leaf)]);
    expect(asked.get('/good/once')).toBe(1);
    later(HOUR_MS - 1000);
    await ask(leaf);
    expect(asked.get('/good/once')).toBe(1);
    later(2000);
    expect(await ask(leaf)).toEqual({ standing: 'good' });
    expect(asked.get('/good/once')).toBe(2);
  });

  test('asked again after nextUpdate, when that comes within the hour', async () => {
    const { ask, later } = room();
    const leaf = await leafAt('/short/1');
    await ask(leaf);
    later(11 * 60_000);
    await ask(leaf);
    expect(asked.get('/short/1')).toBe(2);
  });

  test('a server that failed is left alone for a while, for all certificates', async () => {
    const { ask, later } = room();
    const [one, other] = [await leafAt('/status500/rest'), await leafAt('/status500/rest')];
    await ask(one);
    await ask(other);
    expect(asked.get('/status500/rest')).toBe(1);
    later(times.failureRest + 1);
    await ask(other);
    expect(asked.get('/status500/rest')).toBe(2);
  });

  test('a slow answer is remembered though the caller did not wait for it', async () => {
    const { ask } = room();
    const leaf = await leafAt('/slow/1');
    expect(await ask(leaf)).toEqual({ standing: 'unknown', why: 'there was no answer in time' });
    await expect.poll(() => ask(leaf), { timeout: 5000 }).toEqual({ standing: 'good' });
    expect(asked.get('/slow/1')).toBe(1);
  });
});
