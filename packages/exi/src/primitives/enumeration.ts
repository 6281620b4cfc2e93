import { ExiError } from '../errors.ts';
import { packedIndex } from './packed.ts';
import type { SimpleType } from './simple-type.ts';

export interface EnumerationType<V extends string = string> extends SimpleType<V> {
  readonly values: readonly V[];
}

/** One of the given texts, written as its index in the fewest bits (EXI 1.0 §7.2); a single value takes no bit. */
export function enumeration<const V extends readonly string[]>(...values: V): EnumerationType<V[number]> {
  const width = 32 - Math.clz32(values.length - 1);
  const packed = packedIndex(width, values);
  const indexOf = (value: unknown): number => {
    const index = packed.indexes.get(value);
    if (index !== undefined) return index;
    throw new ExiError('invalid-value', `${quote(value)} is not in the enumeration`, { expected: values });
  };
  const accept = (value: unknown): V[number] => values[indexOf(value)] as V[number];
  return {
    kind: 'simple',
    name: 'enumeration',
    values,
    empty: undefined,
    packed,
    read: (reader) => {
      const index = reader.bits(width);
      const value: V[number] | undefined = values[index];
      if (value !== undefined) return value;
      throw new ExiError('invalid-value', `enumeration code ${index}, ${values.length} are defined`);
    },
    write: (writer, value) => writer.bits(indexOf(value), width),
    format: accept,
    parse: (text) => accept(text.trim()),
    toJson: accept,
    fromJson: accept,
  };
}

function quote(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : typeof value;
}
