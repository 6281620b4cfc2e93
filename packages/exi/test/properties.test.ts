import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decode,
  decodeFragment,
  type ElementName,
  encode,
  encodeFragment,
  fromJson,
  iso15118_2,
  toJson,
} from '../src/index.ts';
import { byName } from '../src/schema/particles.ts';
import { allDeclarations } from '../src/schema/schema-set.ts';
import { canOccur, valuesOf } from './arbitraries.ts';
import { setsByName } from './vectors.ts';

const RUNS = 12;

describe.each(Object.entries(setsByName))('%s', (_, set) => {
  const globals = set.elements.filter(canOccur);

  test.each(globals)('decode(encode(x)) = x and encode(decode(b)) = b/$name', ({ name, type }) => {
    const documents = valuesOf(type).map((value) => ({ [name]: value }));
    fc.assert(
      fc.property(documents, (document) => {
        const bytes = encode(set, document);
        const decoded = decode(set, bytes);
        expect(decoded).toEqual(document);
        expect(encode(set, decoded)).toEqual(bytes);
      }),
      { numRuns: RUNS },
    );
  });

  test.each(globals)('fromJson(toJson(x)) = x through text/$name', ({ name, type }) => {
    const documents = valuesOf(type).map((value) => ({ [name]: value }));
    fc.assert(
      fc.property(documents, (document) => {
        expect(fromJson(set, JSON.parse(JSON.stringify(toJson(set, document))))).toEqual(document);
      }),
      { numRuns: RUNS },
    );
  });

  const { elements } = allDeclarations(set);
  const distinct = [...elements].sort(byName).filter((element, at, all) => {
    const next = all[at + 1];
    return canOccur(element) && (next === undefined || byName(element, next) !== 0);
  });

  test.each(distinct)('every element is a fragment/$name $namespace.prefix', (element) => {
    const name: ElementName = { name: element.name, uri: element.namespace.uri };
    fc.assert(
      fc.property(valuesOf(element.type), (value) => {
        const fragment = decodeFragment(set, encodeFragment(set, name, value));
        expect(fragment).toEqual({ ...name, value });
      }),
      { numRuns: 4 },
    );
  });
});

describe('the two types of eMAID', () => {
  const types = allDeclarations(iso15118_2).elements.filter(({ name }) => name === 'eMAID');

  test.each([...new Set(types.map(({ type }) => type))])('both grammars come back/$kind', (type) => {
    fc.assert(
      fc.property(valuesOf(type), (value) => {
        expect(decodeFragment(iso15118_2, encodeFragment(iso15118_2, 'eMAID', value)).value).toEqual(value);
      }),
    );
  });
});
