import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OneOctetResponse } from './one-octet-response.ts';

type End = (response: OneOctetResponse) => void;

const LONG = 20_000;
const answers: Readonly<Record<string, { readonly end: End; readonly body: Buffer }>> = {
  'a long text of ASCII': {
    end: (response) => response.end('a~ '.repeat(LONG)),
    body: Buffer.from('a~ '.repeat(LONG)),
  },
  'Latin-1 that is no ASCII': { end: (response) => response.end('é'), body: Buffer.from('c3a9', 'hex') },
  'other characters': { end: (response) => response.end('充電 🔌'), body: Buffer.from('充電 🔌') },
  'another encoding': { end: (response) => response.end('ff00', 'hex'), body: Buffer.from('ff00', 'hex') },
  octets: { end: (response) => response.end(Buffer.from('00ff', 'hex')), body: Buffer.from('00ff', 'hex') },
  nothing: { end: (response) => response.end(), body: Buffer.alloc(0) },
  'nothing, and who waits for the end': {
    end: (response) => {
      response.write('before');
      response.end(() => undefined);
    },
    body: Buffer.from('before'),
  },
};

describe('answers arrive as they were said', () => {
  const server = createServer({ ServerResponse: OneOctetResponse }, (request, response) => {
    answers[decodeURIComponent(request.url ?? '').slice(1)]?.end(response);
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test.each(Object.keys(answers))('ok/%s', async (name) => {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/${encodeURIComponent(name)}`);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(answers[name]?.body);
  });
});
