import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { eachServer, type TestServer } from '../../test/running-server.ts';

describe.each(eachServer())('large answers on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  /** As it is on the wire: `fetch` would unpack it. */
  const get = (path: string, acceptEncoding?: string) =>
    new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
      const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
      request(server.url + path, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
      })
        .on('error', reject)
        .end();
    });

  test.each(['gzip', 'deflate, GZIP;q=0.5', '*', 'br, gzip; q=1.0'])('ok/%s gets gzip', async (accept) => {
    const plain = await get('/openapi/opnc.json');
    const packed = await get('/openapi/opnc.json', accept);
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
    expect(packed.body.length * 4).toBeLessThan(plain.body.length);
    expect(Number(packed.headers['content-length'] ?? packed.body.length)).toBe(packed.body.length);
  });

  test.each([undefined, 'identity', 'gzip;q=0', 'gzip; q=0.0', 'br'])('ok/%s gets it as it is', async (accept) => {
    const { headers, body } = await get('/openapi/opnc.json', accept);
    expect([headers['content-encoding'], headers['vary']]).toEqual([undefined, 'accept-encoding']);
    expect(JSON.parse(body.toString())).toMatchObject({ openapi: '3.1.0' });
  });

  test('ok/small answers stay as they are', async () => {
    const { headers } = await get('/opnc/v1/rcp/rootcertificates', 'gzip');
    expect([headers['content-encoding'], headers['vary']]).toEqual([undefined, undefined]);
  });
});
