import { ExiError } from '../errors.ts';
import { isMessage } from '../grammar/placing.ts';
import type { NameEntry } from '../grammar/set-grammar.ts';
import type { Type } from '../schema/particles.ts';

/** The type that fits a value of an element which may be declared with several: an object wants a complex one. */
export function typeByValue(entry: NameEntry, value: unknown): Type {
  const kind = isMessage(value) ? 'complex' : 'simple';
  return entry.types.find((type) => type.kind === kind) ?? typeByDeclaration(entry);
}

/** The type to assume when there is no value to judge by: the one with attributes, since signed elements have an Id. */
export function typeByDeclaration({ types, abstract }: NameEntry): Type {
  const type = types.find(({ kind }) => kind === 'complex') ?? types[0];
  if (abstract || type === undefined) throw new ExiError('abstract-element', 'an abstract element');
  return type;
}
