import { describe, expect, test } from 'vitest';
import { type FragmentVector, type Vector, vectorsIn } from '../../../exi/test/vectors.ts';
import { run } from './exi.ts';
import { memoryIo } from './memory-io.ts';

async function answers(argv: string[], lines: readonly unknown[]): Promise<unknown[]> {
  const io = memoryIo({ stdin: lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`) });
  expect(await run(argv, io)).toBe(0);
  expect(io.err()).toBe('');
  const text = io.out();
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
}

describe('every vector in both directions', () => {
  const fragments = vectorsIn<FragmentVector>('fragments').filter(({ name }) => !name.endsWith('-singletype'));
  const suites: { schema: string; flags: string[]; vectors: Vector[] }[] = [
    ...['iso15118-2', 'iso15118-20-common', 'app-protocol'].map((schema) => {
      return { schema, flags: [], vectors: vectorsIn(schema) };
    }),
    ...['iso15118-2', 'iso15118-20-common', 'xmldsig'].map((schema) => {
      return { schema, flags: ['--fragment'], vectors: fragments.filter(({ schemaSet }) => schemaSet === schema) };
    }),
  ];
  test.each(suites)('$schema $flags', async ({ schema, flags, vectors }) => {
    expect(vectors.length).toBeGreaterThan(4);
    const messages = vectors.map(({ message }) => ({ message }));
    const streams = vectors.map(({ exiHex }) => ({ exiHex }));
    expect(await answers(['decode', '--schema', schema, ...flags], streams)).toEqual(messages);
    expect(await answers(['encode', '--schema', schema, ...flags], messages)).toEqual(streams);
  });
});

test('every bad line has an answer, and those after it are answered all the same', async () => {
  const good = { exiHex: '8098021fafed46beaa937d9008' };
  const lines = ['nonsense', '', '[]', 'null', {}, { exiHex: 1 }, { exiHex: '8' }, { exiHex: '80' }, good];
  const result = await answers(['decode', '--schema', 'iso15118-2'], lines);
  const bad = (error: RegExp) => ({ error: expect.stringMatching(error), code: 'bad-line' });
  expect(result).toEqual([
    bad(/^the line is not JSON/),
    bad(/^the line is not JSON/),
    bad(/^the line is not a JSON object/),
    bad(/^the line is not a JSON object/),
    bad(/^"exiHex" is missing/),
    bad(/^"exiHex" is missing or not a text/),
    bad(/^"exiHex" is not hexadecimal/),
    { error: expect.stringContaining('at bit 8'), code: 'truncated', bitOffset: 8 },
    { message: { V2G_Message: { Header: { SessionID: '7ebfb51afaaa4df6' }, Body: { AuthorizationReq: {} } } } },
  ]);
});

test('what does not fit the schema is told with its place', async () => {
  const message = { V2G_Message: { Header: { SessionID: '00' }, Body: { AuthorizationReq: { Nonsense: 1 } } } };
  const lines = [{ message }, { message: 5 }, {}, { message: {} }];
  const [first, second, third, fourth] = await answers(['encode', '--schema', 'iso15118-2'], lines);
  expect(first).toMatchObject({ code: 'unknown-field', path: 'V2G_Message/Body/AuthorizationReq' });
  expect(second).toMatchObject({ code: 'invalid-value' });
  expect(third).toEqual({ error: '"message" is missing', code: 'bad-line' });
  expect(fourth).toMatchObject({ code: 'invalid-value' });
});

test('a fragment name of several namespaces is told apart by its uri', async () => {
  const uri = 'urn:iso:15118:2:2013:MsgHeader';
  const argv = ['--schema', 'iso15118-2', '--fragment'];
  const [ambiguous, stream] = await answers(
    ['encode', ...argv],
    [{ message: { SessionID: '00' } }, { message: { SessionID: '00' }, uri }],
  );
  expect(ambiguous).toMatchObject({ code: 'ambiguous-name' });
  expect(await answers(['decode', ...argv], [stream])).toEqual([{ message: { SessionID: '00' }, uri }]);
});
