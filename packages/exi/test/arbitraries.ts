import fc, { type Arbitrary } from 'fast-check';
import type { BinaryType } from '../src/primitives/binary.ts';
import type { EnumerationType } from '../src/primitives/enumeration.ts';
import type { BigIntegerType, IntegerType } from '../src/primitives/integer.ts';
import type { SimpleType } from '../src/primitives/simple-type.ts';
import type { ComplexType } from '../src/schema/complex-type.ts';
import type { ElementDeclaration, Particle, Type } from '../src/schema/particles.ts';

type Fields = Record<string, unknown>;

/** Messages of a type, made from the schema value itself: what the notation states, nothing else. */
export function valuesOf(type: Type): Arbitrary<unknown> {
  let values = known.get(type);
  if (values === undefined) {
    values = type.kind === 'simple' ? simpleValues(type) : complexValues(type);
    known.set(type, values);
  }
  return values;
}

const known = new WeakMap<Type, Arbitrary<unknown>>();

const hasKey = <K extends string>(
  type: SimpleType<unknown>,
  key: K,
): type is SimpleType<unknown> & Record<K, unknown> => key in type;
const isEnumeration = (type: SimpleType<unknown>): type is EnumerationType => hasKey(type, 'values');
const isInteger = (type: SimpleType<unknown>): type is IntegerType =>
  hasKey(type, 'min') && typeof type.min === 'number';
const isBigInteger = (type: SimpleType<unknown>): type is BigIntegerType => hasKey(type, 'min');
const isBinary = (type: SimpleType<unknown>): type is BinaryType => type.name.endsWith('Binary');

function simpleValues(type: SimpleType<unknown>): Arbitrary<unknown> {
  if (isEnumeration(type)) return fc.constantFrom(...type.values);
  if (isInteger(type)) return fc.integer({ min: type.min, max: type.max });
  if (isBigInteger(type)) return fc.bigInt({ min: type.min ?? -(2n ** 170n), max: type.max ?? 2n ** 170n });
  if (isBinary(type)) return fc.uint8Array({ maxLength: 70 });
  if (type.name === 'boolean') return fc.boolean();
  return fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 20 }));
}

function complexValues(type: ComplexType): Arbitrary<Fields> {
  const parts = type.particles.map(fieldsOf);
  for (const { name, type: valueType, required } of type.attributes) {
    const field = valuesOf(valueType).map((value) => ({ [name]: value }));
    parts.push(required ? field : sometimes(field));
  }
  if (type.text !== undefined) parts.push(valuesOf(type.text).map((value) => ({ value })));
  return merged(parts);
}

function fieldsOf(particle: Particle): Arbitrary<Fields> {
  switch (particle.kind) {
    case 'element':
      return valuesOf(particle.type).map((value) => ({ [particle.name]: value }));
    case 'sequence':
      return merged(particle.particles.map(fieldsOf));
    case 'choice':
      return fc.oneof(...writable(particle.particles).map(fieldsOf));
    case 'substitution-group':
      return fc.oneof(...particle.members.filter((member) => !member.abstract).map(fieldsOf));
    case 'repeated':
      return repeatedFields(particle.particle, particle.min, particle.max);
    case 'wildcard':
      return fc.constant({});
  }
}

/** Lists of a few entries, now and then of exactly as many as allowed, where the last state differs. */
function repeatedFields(particle: Particle, min: number, max: number): Arbitrary<Fields> {
  if (!isWritable(particle)) return fc.constant({});
  if (max === 1) return sometimes(fieldsOf(particle));
  const few = fc.array(fieldsOf(particle), { minLength: min, maxLength: Math.min(max, min + 2) });
  const most = () => fc.array(fieldsOf(particle), { minLength: max, maxLength: max });
  const entries = max <= 4 ? fc.oneof(few, most()) : few;
  return entries.map((list) => {
    const fields: Record<string, unknown[]> = {};
    for (const [key, value] of list.flatMap((entry) => Object.entries(entry))) {
      fields[key] = [...(fields[key] ?? []), value];
    }
    return fields;
  });
}

function merged(parts: Arbitrary<Fields>[]): Arbitrary<Fields> {
  return fc.tuple(...parts).map((fields) => Object.assign({}, ...fields));
}

function sometimes(fields: Arbitrary<Fields>): Arbitrary<Fields> {
  return fc.oneof(fc.constant({}), fields);
}

function writable(particles: readonly Particle[]): Particle[] {
  return particles.filter(isWritable);
}

/** Whether a message can be written at all: wildcards have no values in this package. */
function isWritable(particle: Particle): boolean {
  switch (particle.kind) {
    case 'element':
      return canOccur(particle);
    case 'wildcard':
      return false;
    case 'sequence':
      return particle.particles.every((part) => isWritable(part) || isSkippable(part));
    case 'choice':
      return particle.particles.some(isWritable);
    case 'repeated':
      return isWritable(particle.particle);
    case 'substitution-group':
      return particle.members.some(canOccur);
  }
}

function isSkippable(particle: Particle): boolean {
  return particle.kind === 'repeated' && particle.min === 0;
}

/** Elements that no message can hold, because something required in them is a wildcard or they are abstract. */
export function canOccur({ abstract, type }: ElementDeclaration): boolean {
  if (abstract) return false;
  return type.kind === 'simple' || type.particles.every((part) => isWritable(part) || isSkippable(part));
}
