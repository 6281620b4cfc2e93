/** The body of generate as multipart/form-data, which OPCP offers beside JSON and XML. */
import { beforeAll, describe, expect, test } from 'vitest';
import { examplesOf } from './examples.ts';
import { callOf, type Example, samplesOn, withBody } from './operations.ts';
import { expectRefused, type RawCall, send } from './refusal.ts';
import { randomEmaid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

const BOUNDARY = 'a-boundary';
const formType = `multipart/form-data; boundary=${BOUNDARY}`;

function part(name: string, value: string, more = ''): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
}

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let generations: (Example & { readonly body: Readonly<Record<string, unknown>> })[];
  beforeAll(async () => {
    server = await start();
    const samples = await samplesOn(server.url);
    generations = withBody(examplesOf({ opnc: samples, opcp: samples, quickstart: samples })).filter(({ name }) =>
      /generate/.test(name),
    );
  });

  const sent = (example: Example, body: string, type = formType): RawCall => ({
    ...callOf(example),
    headers: { 'content-type': type },
    body,
  });
  const partsOf = (fields: Readonly<Record<string, unknown>>) =>
    Object.entries(fields).map(([name, value]) => part(name, String(value)));
  const end = `--${BOUNDARY}--\r\n`;

  test('ok/a contract is generated from a form', async () => {
    for (const example of generations) {
      const parts = partsOf({ ...example.body, emaid: randomEmaid() });
      const response = await send(server.url, sent(example, parts.join('') + end));
      expect([response.status, await response.text()], example.name).toEqual([201, '']);
    }
  });

  test('ok/a part that comes as a file counts by its text', async () => {
    for (const example of generations) {
      const { pcid, ...others } = example.body;
      const file = part('pcid', String(pcid), '; filename="pcid.txt"');
      const parts = partsOf({ ...others, emaid: randomEmaid() });
      const response = await send(server.url, sent(example, parts.join('') + file + end));
      expect(response.status, example.name).toBe(201);
    }
  });

  test('fail/what is no form, or one that can be read in two ways', async () => {
    const calls = generations.flatMap((example) => {
      const parts = partsOf({ ...example.body, emaid: randomEmaid() });
      const { emaid, ...rest } = example.body;
      return [
        { title: 'words', call: sent(example, 'no form at all'), names: /^body : is no multipart/ },
        { title: 'no end', call: sent(example, parts.join('')), names: /^body : is no multipart/ },
        { title: 'no boundary', call: sent(example, parts.join('') + end, 'multipart/form-data'), names: /^body : / },
        { title: 'a field twice', call: sent(example, parts[0] + parts.join('') + end), names: /twice/ },
        { title: 'U\u{2b}0000', call: sent(example, part('pcid', 'a\0b') + end), names: /U\+0000/ },
        { title: 'no EMAID', call: sent(example, partsOf(rest).join('') + end), names: /^emaid : must not be null/ },
        { title: 'no fields', call: sent(example, end), names: /must not be null|^body : / },
      ].map((spoilt) => ({ ...spoilt, title: `${spoilt.title} at ${example.name} (${String(emaid)})`, status: 400 }));
    });
    await expectRefused(server, calls);
  });
});
