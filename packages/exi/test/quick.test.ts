import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BitReader } from '../src/bits/bit-reader.ts';
import { BitWriter } from '../src/bits/bit-writer.ts';
import { concreteType, readDocumentStart } from '../src/codec/document.ts';
import { readQuickly } from '../src/codec/quick-decoder.ts';
import { writeQuickly } from '../src/codec/quick-encoder.ts';
import { grammarOf } from '../src/grammar/element-grammar.ts';
import { isMessage } from '../src/grammar/placing.ts';
import { setGrammarOf } from '../src/grammar/set-grammar.ts';
import { decode, encode, iso15118_2, type SchemaSet } from '../src/index.ts';
import { xsByte } from '../src/schema/built-in-types.ts';
import { complexType, made } from '../src/schema/complex-type.ts';
import { unqualified } from '../src/schema/unqualified.ts';
import { canOccur, valuesOf } from './arbitraries.ts';
import { fromHex, setNamed, setsByName, vectorPath, vectorsIn } from './vectors.ts';

/**
 * The quick codec gives up on whatever is unusual, and the other one takes over: so nothing fails when it gives up too
 * often, or writes something else than the other one would. These tests see it.
 */
function quickly(set: SchemaSet, bytes: Uint8Array) {
  const reader = new BitReader(bytes.subarray(1));
  const entry = readDocumentStart(reader, setGrammarOf(set).documents);
  const grammar = grammarOf(concreteType(entry));
  if (grammar.kind === 'simple') throw new Error(`${entry.name} has a simple type`);
  const value = readQuickly(reader, grammar, 32);
  return { value, written: value && writeQuickly(new BitWriter(), grammar, value, 32) };
}

const sets = ['iso15118-2', 'iso15118-20-common', 'app-protocol'];
const blob = new Uint8Array(readFileSync(vectorPath('opnc-certificate-installation-res.exi')));

describe('messages as they are in the field take the quick way', () => {
  test('a response of a public ecosystem', () => {
    expect(quickly(iso15118_2, blob).written).toBe(true);
  });

  test.each(sets)('%s', (name) => {
    const set = setNamed(name);
    const outcomes = vectorsIn(name).map(({ exiHex, ...vector }) => {
      const { value, written } = quickly(set, fromHex(exiHex));
      if (value !== undefined) expect(value).toEqual(Object.values(decode(set, fromHex(exiHex)) as object)[0]);
      return { name: vector.name, written };
    });
    const slow = outcomes.filter(({ written }) => written !== true).map((outcome) => outcome.name);
    expect(slow.filter((one) => !takesTheLongWay.test(one))).toEqual([]);
    expect(outcomes.length - slow.length).toBeGreaterThan(slow.length);
  });
});

/** Repeated choices, whose fields take turns. */
const takesTheLongWay = /x509|keyinfo/i;

test.each(Object.entries(setsByName))('the order of keys does not matter/%s', (_, set) => {
  const documents = fc
    .constantFrom(...set.elements.filter(canOccur))
    .chain(({ name, type }) => valuesOf(type).map((value) => ({ [name]: value })));
  fc.assert(
    fc.property(documents, (document) => {
      expect(encode(set, turned(document))).toEqual(encode(set, document));
    }),
    { numRuns: 300 },
  );
});

/** The same message with the keys of every object the other way round. */
function turned<T>(value: T): T;
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => turned(entry));
  if (!isMessage(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, turned(item)]),
  );
}

test('a field that is undefined is absent', () => {
  const header = { SessionID: Uint8Array.of(0), Notification: undefined };
  const document = { V2G_Message: { Header: header, Body: { ChargingStatusReq: {} } } };
  expect(encode<SchemaSet>(iso15118_2, document)).toEqual(fromHex('8098004010b0'));
});

test('what is made must be what is stated', () => {
  const stated = complexType(unqualified.element('A', xsByte), unqualified.element('B', xsByte));
  expect(grammarOf(made((A, B) => ({ A, B }), stated)).kind).toBe('complex');
  expect(() => grammarOf(made((B, A) => ({ A, B }), stated))).toThrow('is made, not');
});
