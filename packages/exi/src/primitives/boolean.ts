import { ExiError } from '../errors.ts';
import { packedIndex } from './packed.ts';
import type { SimpleType } from './simple-type.ts';

/** One bit (EXI 1.0 §7.1.2 without pattern facets). */
export const boolean: SimpleType<boolean> = {
  kind: 'simple',
  name: 'boolean',
  empty: undefined,
  packed: packedIndex(1, [false, true]),
  read: (reader) => reader.bit() === 1,
  write: (writer, value) => writer.bits(accept(value) ? 1 : 0, 1),
  format: (value) => (accept(value) ? 'true' : 'false'),
  parse: (text) => {
    const value = LEXICAL.get(text.trim());
    if (value === undefined) throw new ExiError('invalid-value', 'not a boolean', { expected: [...LEXICAL.keys()] });
    return value;
  },
  toJson: accept,
  fromJson: accept,
};

const LEXICAL: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
]);

function accept(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new ExiError('invalid-value', `${typeof value} is not a boolean`);
}
