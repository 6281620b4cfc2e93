import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decode,
  decodeFragment,
  ExiError,
  type InspectNode,
  inspectDocument,
  inspectFragment,
  inspectionText,
  iso15118_2,
  type SchemaSet,
} from '../src/index.ts';
import { changeKinds, mutated } from './mutations.ts';
import { type FragmentVector, fromHex, setNamed, vectorsIn } from './vectors.ts';

const documents = ['iso15118-2', 'iso15118-20-common', 'app-protocol'].flatMap((name) =>
  vectorsIn(name).map((vector) => ({ ...vector, set: setNamed(name), bytes: fromHex(vector.exiHex) })),
);
const fragments = vectorsIn<FragmentVector>('fragments').map((vector) => ({
  ...vector,
  set: setNamed(vector.schemaSet),
  bytes: fromHex(vector.exiHex),
  options: vector.name.endsWith('-singletype') ? ({ multiTypeElement: 'single-type' } as const) : {},
}));

/** The values of a message or tree, in no order. */
function spelled(values: readonly unknown[]): string[] {
  return values
    .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)))
    .sort();
}

function valuesIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [value];
  return Object.values(value).flatMap(valuesIn);
}

function leavesOf(node: InspectNode): unknown[] {
  const inside = node.children.flatMap(leavesOf);
  return inside.length === 0 && node.value !== undefined ? [node.value] : inside;
}

/** Whether the children lie one behind the other between the event code of their parent and its end. */
function laidOut(node: InspectNode): boolean {
  let at = node.bitOffset + node.eventCode.length;
  for (const child of node.children) {
    if (child.bitOffset !== at || !laidOut(child)) return false;
    at += child.bitLength;
  }
  return node.children.length === 0 || at === node.bitOffset + node.bitLength;
}

function thrownBy(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    return error;
  }
  return undefined;
}

function comparable(error: unknown): unknown {
  return error instanceof ExiError ? { code: error.code, message: error.message, bitOffset: error.bitOffset } : error;
}

describe('the tree of a valid stream', () => {
  test.each(documents)('has the values of the message and every bit once/$name', ({ set, bytes }) => {
    const { nodes, error, bitLength } = inspectDocument(set, bytes);
    expect(error).toBeUndefined();
    expect(spelled(nodes.flatMap(leavesOf))).toEqual(spelled(valuesIn(decode(set, bytes))));
    expect(nodes.every(laidOut)).toBe(true);
    expect(nodes.reduce((bits, node) => bits + node.bitLength, 0)).toBe(bitLength);
  });

  test.each(fragments)('fragment/$name', ({ set, bytes, options }) => {
    const { nodes, error, bitLength } = inspectFragment(set, bytes, options);
    expect(error).toBeUndefined();
    expect(spelled(nodes.flatMap(leavesOf))).toEqual(spelled(valuesIn(decodeFragment(set, bytes, options).value)));
    expect(nodes.every(laidOut)).toBe(true);
    expect(nodes.reduce((bits, node) => bits + node.bitLength, 0)).toBe(bitLength);
  });

  test('as text: octet, bit, event code, name, value', () => {
    expect(inspectionText(inspectDocument(iso15118_2, fromHex('8098004010b0')))).toBe(`\
 octet.bit  bits  code       what
       0.0     8  10000000   header
       1.0    39  1001100    V2G_Message
       1.7    22  0            Header
       2.0    19  0              SessionID
       2.1    17  0                CH = 1 octet 00
       4.2     1  0                EE
       4.3     2  10             EE
       4.5     9  0            Body
       4.6     7  001011         ChargingStatusReq
       5.4     1  0                EE
       5.5     1  0              EE
       5.6     1  0            EE
       5.7     1  0          padding
`);
  });
});

describe('the tree of a broken stream', () => {
  const vectors: readonly { set: SchemaSet; bytes: Uint8Array }[] = documents.filter(
    ({ bytes }) => bytes.length < 1500,
  );
  const change = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom(...changeKinds),
    octets: fc.uint8Array({ minLength: 1, maxLength: 4 }),
  });

  test('ends with the error of decode, whatever is wrong', () => {
    let broken = 0;
    fc.assert(
      fc.property(fc.nat(vectors.length - 1), change, (at, one) => {
        const { set = iso15118_2, bytes = new Uint8Array() } = vectors[at] ?? {};
        const octets = mutated(bytes, one);
        const { error, nodes } = inspectDocument(set, octets);
        const thrown = thrownBy(() => decode(set, octets));
        expect(comparable(error)).toEqual(comparable(thrown));
        if (thrown !== undefined && nodes.length > 0) broken++;
      }),
      { numRuns: 4000 },
    );
    expect(broken).toBeGreaterThan(500);
  });

  test('fragments end with the error of decodeFragment', () => {
    fc.assert(
      fc.property(fc.nat(fragments.length - 1), change, (at, one) => {
        const { set = iso15118_2, bytes = new Uint8Array(), options = {} } = fragments[at] ?? {};
        const octets = mutated(bytes, one);
        const { error } = inspectFragment(set, octets, options);
        expect(comparable(error)).toEqual(comparable(thrownBy(() => decodeFragment(set, octets, options))));
      }),
      { numRuns: 2000 },
    );
  });

  test('what was read is there, the rest is not', () => {
    const { nodes, error } = inspectDocument(iso15118_2, fromHex('80980040'));
    expect(error).toMatchObject({ code: 'truncated', bitOffset: 26, path: 'V2G_Message/Header/SessionID' });
    expect(inspectionText({ nodes, error, bitLength: 32 })).toMatch(
      /CH\ntruncated: 8 bits wanted, 6 left in V2G_Message/,
    );
  });

  test('octets behind the end are a node of their own', () => {
    const { nodes, error } = inspectDocument(iso15118_2, fromHex('8098004010b0ffff'));
    expect(error?.code).toBe('trailing-bytes');
    expect(nodes.at(-1)).toMatchObject({ kind: 'trailing', bitOffset: 48, bitLength: 16 });
  });
});
