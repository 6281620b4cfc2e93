/** What is wrong before any field is looked at: paths, methods, types, sizes, JSON that is none or says two things. */
import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Call } from './dialects.ts';
import { examplesOf } from './examples.ts';
import { callOf, type Example, routesOn, samplesOn, withBody } from './operations.ts';
import { expectRefused, messagesIn, type Spoilt, send } from './refusal.ts';
import { eachServer, type TestServer } from './running-server.ts';

const LIMIT = 256 * 1024;
const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'];

const est: Example[] = [
  ['/.well-known/est/:ca/simpleenroll', 'oem'],
  ['/.well-known/:ca/simpleenroll', 'mo'],
  ['/.well-known/est/:ca/simpleenroll/ISO15118-2', 'cpo'],
  ['/opnc/v1/pki/est/simpleenroll?caDomain=cps', ''],
].map(([path = '', ca = '']) => ({ name: `POST ${path}`, good: 200, params: { ca } }));
const otherPaths = [
  'GET /.well-known/est/:ca/cacerts',
  'GET /opnc/v1/pki/est/cacerts',
  'GET /ca/:file',
  'GET /health/live',
];
const pkcs10 = { 'content-type': 'application/pkcs10' };

/** Not JSON, each with the beginning of what is said of it. */
const noJson: [string, string | Uint8Array, string][] = [
  ['an open object', '{', 'is not valid JSON'],
  ['no value', '{"pcid":}', 'is not valid JSON'],
  ['single quotes', "{'pcid':1}", 'is not valid JSON'],
  ['a bracket too many', '{"pcid":1}}', 'is not valid JSON'],
  ['a comma too many', '{"pcid":1,}', 'is not valid JSON'],
  ['a comment', '{} // nothing', 'is not valid JSON'],
  ['NaN', '{"pcid":NaN}', 'is not valid JSON'],
  ['a line break in a text', '{"pcid":"a\nb"}', 'is not valid JSON'],
  ['zero octets', '\0\0\0\0', 'is not valid JSON'],
  ['a form', 'pcid=WMI12345678901234', 'is not valid JSON'],
  ['octets that are no UTF-8', Uint8Array.of(0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d), 'is not UTF-8'],
  ['UTF-16', Buffer.from('{"pcid":1}', 'utf16le'), 'is not valid JSON'],
  ['half of an octet sequence', Uint8Array.of(0x22, 0xe2, 0x82), 'is not UTF-8'],
  ['surrogates in UTF-8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'is not UTF-8'],
  ['half of a surrogate pair', '{"some":"\\ud83d"}', 'has text with half of a surrogate pair'],
  ['the other half in a name', '{"\\ude00":1}', 'has text with half of a surrogate pair'],
  [
    'the zero character',
    '{"some":["a\\u0000b"]}',
    'has text with half of a surrogate pair, or with the character U+0000',
  ],
  ['__proto__', '{"__proto__":{"emaid":"DEPPLC12345678"}}', 'must not have a field "__proto__"'],
  ['__proto__ in disguise', '{"a":{"\\u005f_proto__":1}}', 'must not have a field "__proto__"'],
  ['constructor', '{"constructor":{"prototype":{"x":1}}}', 'must not have a field "constructor"'],
  ['a field twice', '{"pcid":"a","emaid":"b","pcid":"c"}', 'has the field "pcid" twice'],
  ['a field twice, once in disguise', '{"pcid":"a","\\u0070cid":"c"}', 'has the field "pcid" twice'],
  ['a field twice, further in', '{"a":[{"b":1,"c":{},"b":2}]}', 'has the field "b" twice'],
  ['deep arrays', `{"some":${'['.repeat(100)}${']'.repeat(100)}}`, 'is nested more than 32 levels deep'],
  ['very deep arrays', `${'['.repeat(131_000)}${']'.repeat(131_000)}`, 'is nested more than 32 levels deep'],
  ['deep objects', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`, 'is nested more than 32 levels deep'],
];

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let examples: Example[];
  beforeAll(async () => {
    server = await start();
    const samples = await samplesOn(server.url);
    examples = examplesOf({ opnc: samples, opcp: samples, quickstart: samples });
  });

  const refusesAll = (calls: readonly Spoilt[]) => expectRefused(server, calls);
  const taking = () => examples.map(callOf).filter(({ method }) => method !== 'GET');

  test('fail/JSON that is none', async () => {
    await refusesAll(
      taking().flatMap((call) =>
        noJson.map(([title, body, names]) => ({
          title: `${title} at ${call.method} ${call.path}`,
          call: { ...call, headers: { 'content-type': 'application/json' }, body },
          names: `body : ${names}`,
        })),
      ),
    );
  });

  test('ok/JSON with a byte order mark, blanks, and names that only look dangerous', async () => {
    const [example] = withBody(examples);
    if (example === undefined) throw new Error('no example');
    const text = JSON.stringify({
      ...example.body,
      prototype: {},
      toString: 1,
      proto: [[], { a: { a: 1 }, b: '"a":' }],
    });
    const body = `\ufeff \r\n\t${text.replace(':', ' \n: ')} `;
    expect((await send(server.url, { ...callOf(example), body })).status).toBe(example.good);
  });

  test('fail/numbers without end', async () => {
    await refusesAll(
      withBody(examples).flatMap((example) =>
        Object.keys(example.body).map((name) => ({
          title: `${name} of ${example.name}`,
          call: { ...callOf(example), body: `{"${name}":${'9'.repeat(100_000)}e999}` },
          names: `${name} : must be a`,
        })),
      ),
    );
  });

  test('fail/bodies over the limit', async () => {
    const text = `body : is larger than ${LIMIT} bytes`;
    const json = `{"some":"${'a'.repeat(LIMIT)}"}`;
    await refusesAll([
      ...taking().flatMap((call) => [
        { title: `${call.method} ${call.path}`, call: { ...call, body: json }, status: 413, text },
        { title: `${call.method} ${call.path} in chunks`, call: { ...call, body: chunks() }, status: 413, text },
      ]),
      ...est.map((example) => ({
        title: example.name,
        call: { ...callOf(example), headers: pkcs10, body: 'A'.repeat(LIMIT + 1) },
        status: 413,
        text,
      })),
    ]);
  });

  test('fail/a body of exactly the limit is read, and refused for what it says', async () => {
    const around = '{"some":""}'.length;
    const body = `{"some":"${'a'.repeat(LIMIT - around)}"}`;
    await refusesAll(
      withBody(examples).map((example) => ({ title: example.name, call: { ...callOf(example), body }, status: 400 })),
    );
  });

  test('fail/content types', async () => {
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/pkcs10', ';'];
    const text = 'Content-Type : is not supported by this operation';
    const flat = ['application/xml', 'text/xml', 'multipart/form-data'];
    const notFlat = (call: Call) => (/generate/.test(call.path) ? [] : flat);
    await refusesAll([
      ...taking().flatMap((call) =>
        [...types, ...notFlat(call)].map((type) => ({
          title: `${type} at ${call.method} ${call.path}`,
          call: { ...call, headers: { 'content-type': type }, body: '<some/>' },
          status: 415,
          text,
        })),
      ),
      ...est.flatMap((example) =>
        ['application/json', 'text/plain', 'application/xml'].map((type) => ({
          title: `${type} at ${example.name}`,
          call: { ...callOf(example), headers: { 'content-type': type }, body: 'MIIB' },
          status: 415,
          text,
        })),
      ),
    ]);
  });

  test('fail/methods', async () => {
    const served = new Map<string, Set<string>>();
    for (const name of [...routesOn(server.store).keys(), ...est.map((example) => example.name), ...otherPaths]) {
      const [method = '', pattern = ''] = name.split(' ');
      const path = pattern.replace(/\?.*/, '').replaceAll(/:\w+/g, 'x1').toUpperCase();
      served.set(path, (served.get(path) ?? new Set()).add(method));
    }
    expect(served.size).toBeGreaterThan(30);
    for (const [path, here] of served) {
      const allow = [...here, ...(here.has('GET') ? ['HEAD'] : [])].sort().join(', ');
      const options = await send(server.url, { method: 'OPTIONS', path });
      expect([path, options.status, options.headers.get('allow')]).toEqual([path, 204, `${allow}, OPTIONS`]);
      for (const method of METHODS.filter((each) => !here.has(each))) {
        const body = method === 'GET' ? {} : { body: '{', headers: { 'content-type': 'text/plain' } };
        const answer = await send(server.url, { method, path, ...body });
        expect([method, path, answer.status, answer.headers.get('allow')]).toEqual([method, path, 405, allow]);
        const messages = messagesIn(await answer.text(), answer.headers.get('x-trace-id'));
        expect(messages).toEqual([`${method} is not allowed here, only ${allow}`]);
      }
    }
  });

  test.each([
    ['400/a PCID that is none', 'short', 400],
    ['404/a vehicle that nobody knows', 'WMI12345678901234', 404],
  ])('fail/HEAD, %s', async (_title, pcid, status) => {
    const answer = await send(server.url, { method: 'HEAD', path: `/v1/oem/provCerts/${pcid}` });
    expect([answer.status, await answer.text()]).toEqual([status, '']);
    expect(answer.headers.get('x-trace-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('fail/paths', async () => {
    const unknown = [
      '/',
      '/v1',
      '/v2/oem/provCerts',
      '/v1/oem/provCerts/a/b/c',
      '/opnc/v1/../rcp/x',
      '/%2e%2e/',
      '/.env',
    ];
    await refusesAll([
      ...unknown.flatMap((path) =>
        METHODS.map((method) => ({
          title: `${method} ${path}`,
          call: { method, path, ...(method === 'GET' ? {} : { body: '{' }) },
          status: 404,
          names: `There is no ${method} /`,
        })),
      ),
      ...['%', '%E0%A4%A', '%ff', '%zz'].map((bad) => ({
        title: bad,
        call: { method: 'GET', path: `/v1/oem/provCerts/${bad}` },
        names: /not a valid url component/,
      })),
      {
        title: 'a parameter that is too long',
        call: { method: 'GET', path: `/v1/oem/provCerts/${'W'.repeat(1000)}` },
        status: 414,
      },
      { title: 'a path that is too long', call: { method: 'GET', path: `/${'W'.repeat(20_000)}` }, status: 431 },
      ...['/.well-known/est/nobody/simpleenroll', '/.well-known/est/%00/simpleenroll'].map((path) => ({
        title: path,
        call: { method: 'POST', path, headers: pkcs10, body: 'MIIB' },
        status: 404,
        names: 'There is no certificate authority',
      })),
      ...['/ca/nobody.cer', '/ca/%00.cer', '/ca/v2g-root', '/ca/constructor.cer'].map((path) => ({
        title: path,
        call: { method: 'GET', path },
        status: 404,
        names: 'There is no certificate authority',
      })),
      ...['/v1/root/rootCerts/', '/opnc/v1/rcp/rootcertificates/'].flatMap((path) =>
        ['GET', 'DELETE'].flatMap((method) =>
          ['%00', 'a%00b', '%F0%9F%98%80', "'%20or%201=1--", '..%2f'].map((id) => ({
            title: `${method} ${path}${id}`,
            call: { method, path: `${path}${id}` },
            status: 404,
            text: 'Root certificate with the given ID is not found',
          })),
        ),
      ),
    ]);
  });

  test.each([
    ['400/no HTTP', 'rubbish\r\n\r\n', 400],
    ['400/a length that is none', 'PUT /v1/oem/provCerts HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n', 400],
    ['400/two lengths', 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['400/a method that is none', 'STEAL /v1/oem/provCerts HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['400/TLS', Uint8Array.of(0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0), 400],
    ['431/a header without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
    ['405/TRACE', 'TRACE /v1/root/rootCerts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 405],
    ['405/PROPFIND', 'PROPFIND /v1/root/rootCerts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 405],
  ])('fail/%s', async (_title, octets, status) => {
    const answer = await onTheWire(server.url, octets);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    messagesIn(body, /x-trace-id: (\S+)/i.exec(head)?.[1] ?? null);
  });
});

function chunks(): ReadableStream<Uint8Array> {
  let left = 40;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array(16 * 1024).fill(0x20));
      else controller.close();
    },
  });
}

/** What comes back for these octets until the server ends the connection. */
function onTheWire(url: string, octets: string | Uint8Array): Promise<string> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(octets));
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(10_000, end);
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('close', end);
    socket.on('error', end);
  });
}
