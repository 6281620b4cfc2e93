import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { setGrammarOf } from '../src/grammar/set-grammar.ts';
import type { Name } from '../src/schema/particles.ts';
import { setNamed, vectorPath } from './vectors.ts';

/** Names in EXI order as the schemas have them, `local-name prefix`; see `vectors/README.md`. */
interface Names {
  readonly namespaces: Readonly<Record<string, string>>;
  readonly documentWidth: number;
  readonly documents: readonly string[];
  readonly fragmentWidth: number;
  readonly fragments: readonly string[];
  readonly multiType: readonly string[];
  readonly attributes: readonly string[];
}

const sets: Readonly<Record<string, Names>> = JSON.parse(readFileSync(vectorPath('names.json'), 'utf8'));

describe.each(Object.entries(sets))('names that follow from the statements of %s', (name, expected) => {
  const { documents, fragments, attributes } = setGrammarOf(setNamed(name));
  const spelled = (names: readonly Name[]) => names.map((one) => `${one.name} ${one.namespace.uri}`);
  const wanted = (names: readonly string[]) =>
    names.map((one) => {
      const [local, prefix = ''] = one.split(' ');
      return `${local} ${expected.namespaces[prefix]}`;
    });

  test(`${expected.documents.length} roots in ${expected.documentWidth} bits`, () => {
    expect(spelled(documents.entries)).toEqual(wanted(expected.documents));
    expect(documents.width).toBe(expected.documentWidth);
  });

  test(`${expected.fragments.length} fragment names in ${expected.fragmentWidth} bits`, () => {
    expect(spelled(fragments.entries)).toEqual(wanted(expected.fragments));
    expect(fragments.width).toBe(expected.fragmentWidth);
  });

  test('attributes, and names of several types', () => {
    expect(spelled(attributes)).toEqual(wanted(expected.attributes));
    const several = fragments.entries.filter(({ types }) => types.length > 1);
    expect(several.map((entry) => entry.name)).toEqual(expected.multiType);
  });
});
