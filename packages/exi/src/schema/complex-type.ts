import type { SimpleType } from '../primitives/simple-type.ts';
import {
  type Attribute,
  byName,
  type OptionalAttribute,
  type Particle,
  type shape,
  type Together,
} from './particles.ts';

export type AnyAttribute = Attribute | OptionalAttribute;
export type Part = AnyAttribute | Particle;

export interface ComplexType<V = unknown> {
  readonly [shape]?: V;
  readonly kind: 'complex';
  /** In EXI order: local name, then URI. */
  readonly attributes: readonly AnyAttribute[];
  /** A sequence of these, inherited ones first. */
  readonly particles: readonly Particle[];
  /** The text of a type with simple content. */
  readonly text: SimpleType<unknown> | undefined;
  /** Text between the elements is allowed by the schema (never read or written, see `unsupported-event`). */
  readonly mixed: boolean;
  /** Makes the message of its values, for a type that is `made`. */
  readonly make: ((...values: never[]) => V) | undefined;
}

/**
 * A type of attributes and elements, the latter in sequence.
 *
 * `complexType(attribute('Id', id), element('Certificate', certificate), optional(element('SubCertificates', …)))`
 */
export function complexType<const P extends readonly Part[]>(...parts: P): ComplexType<Together<P>> {
  return stated(parts, { mixed: false });
}

/** The same where the schema allows text between the elements. */
export function mixedType<const P extends readonly Part[]>(...parts: P): ComplexType<Together<P>> {
  return stated(parts, { mixed: true });
}

/**
 * A type of which messages have hundreds, with a function that makes the object of its up to four values: written down as
 * a literal, it is made several times faster than key by key. An absent value is undefined.
 */
export function made<V>(make: (...values: never[]) => V, type: ComplexType<V>): ComplexType<V> {
  return Object.freeze({ ...type, make });
}

/**
 * The type with doc comments for its fields, which tell their units: `U` is an interface that has the fields in question,
 * each `unknown` and optional, so that it changes nothing. Comments in the statement itself would not arrive: a compiler
 * forgets them where it infers a type from another. Fields that the type does not have are refused.
 */
export function inUnits<U extends object>() {
  return <V>(type: ComplexType<V> & FieldsOnly<U, V>) => type as ComplexType<unknown> as ComplexType<U & V>;
}

type FieldsOnly<U, V> = Exclude<keyof U, keyof V> extends never ? unknown : never;

/** Attributes of base and extension are one set; the elements of the base come first. */
export function extension<B, const P extends readonly Part[]>(
  base: ComplexType<B>,
  ...parts: P
): ComplexType<Together<P, B>> {
  return stated([...base.attributes, ...base.particles, ...parts], { mixed: base.mixed });
}

/** A simple value with attributes: the value is the field `value` of the message object. */
export function simpleContent<V, const A extends readonly AnyAttribute[]>(
  text: SimpleType<V>,
  ...attributes: A
): ComplexType<Together<A, { value: V }>> {
  return stated(attributes, { mixed: false, text });
}

function stated<V>(
  parts: readonly Part[],
  { mixed, text }: { mixed: boolean; text?: SimpleType<unknown> },
): ComplexType<V> {
  return Object.freeze({
    kind: 'complex',
    attributes: parts.filter((part) => part.kind === 'attribute').sort(byName),
    particles: parts.filter((part) => part.kind !== 'attribute'),
    text,
    mixed,
    make: undefined,
  });
}
