import type { SimpleType } from '../primitives/simple-type.ts';
import type { ComplexType } from './complex-type.ts';

/**
 * The notation in which schemas are stated. Every value here is frozen data about one schema fact; its type carries the
 * `shape`, the fields it gives to the message object of the type it stands in. Grammars are made from the data, message
 * types from the shapes.
 */

/** Type-level only: the fields that a particle or attribute gives, or the value that a type has. */
export declare const shape: unique symbol;

export interface Shaped<S> {
  readonly [shape]?: S;
}

/** What a particle gives that a message has no field for. */
type NoFields = Readonly<Record<never, never>>;

export type ShapeOf<T> = T extends Shaped<infer S> ? S : never;

/** The value of an element or attribute of this type. */
export type Infer<T> = T extends SimpleType<infer V> ? V : T extends ComplexType<infer V> ? V : never;

export type Type = SimpleType<unknown> | ComplexType<unknown>;

/** A namespace and the prefix that XML output gives it; the empty URI is no namespace. */
export interface Namespace {
  readonly uri: string;
  readonly prefix: string;
}

export interface Name {
  readonly namespace: Namespace;
  readonly name: string;
}

export interface ElementDeclaration<N extends string = string, T extends Type = Type>
  extends Name,
    Shaped<{ [K in N]: Infer<T> }> {
  readonly kind: 'element';
  readonly name: N;
  readonly type: T;
  /** Abstract elements own an event code but stand in no document. */
  readonly abstract: boolean;
}

export interface Attribute<N extends string = string, V = unknown> extends Name, Shaped<{ [K in N]: V }> {
  readonly kind: 'attribute';
  readonly name: N;
  readonly type: SimpleType<V>;
  readonly required: true;
}

export interface OptionalAttribute<N extends string = string, V = unknown> extends Name, Shaped<{ [K in N]?: V }> {
  readonly kind: 'attribute';
  readonly name: N;
  readonly type: SimpleType<V>;
  readonly required: false;
}

export interface Sequence<S = unknown> extends Shaped<S> {
  readonly kind: 'sequence';
  readonly particles: readonly Particle[];
}

export interface Choice<S = unknown> extends Shaped<S> {
  readonly kind: 'choice';
  readonly particles: readonly Particle[];
}

export interface SubstitutionGroup<S = unknown> extends Shaped<S> {
  readonly kind: 'substitution-group';
  /** Head and members in EXI order. */
  readonly members: readonly ElementDeclaration[];
}

/** `xs:any`. Reading one is an `unsupported-event`; no message of ISO 15118 has any. */
export interface Wildcard extends Shaped<NoFields> {
  readonly kind: 'wildcard';
}

export interface Repeated<S = unknown> extends Shaped<S> {
  readonly kind: 'repeated';
  readonly particle: Particle;
  readonly min: number;
  /** Infinity for `unbounded`. */
  readonly max: number;
}

export type Particle = ElementDeclaration | Sequence | Choice | SubstitutionGroup | Wildcard | Repeated;

type Flat<S> = { [K in keyof S]: S[K] } & {};
type KeysOf<S> = S extends unknown ? keyof S : never;
type ValueAt<S, K extends PropertyKey> = S extends { [P in K]?: infer V } ? V : never;
type Absent<S> = { [K in KeysOf<S>]?: never };

/** The shapes of all `P` side by side. */
export type Together<P extends readonly unknown[], S = unknown> = P extends readonly [infer Head, ...infer Rest]
  ? Together<Rest, S & ShapeOf<Head>>
  : Flat<S>;

/** Exactly one of the shapes of `P`; the fields of the others are known to be absent, so each can be asked for. */
export type OneOf<P extends readonly unknown[]> = OneOfShapes<ShapeOf<P[number]>>;
type OneOfShapes<S, All = S> = S extends unknown ? Flat<S & { [K in Exclude<KeysOf<All>, keyof S>]?: never }> : never;

type OptionalShape<P> =
  P extends ElementDeclaration<infer N, infer T> ? { [K in N]?: Infer<T> } : ShapeOf<P> | Absent<ShapeOf<P>>;

type RepeatedShape<P, Min extends number> =
  P extends ElementDeclaration<infer N, infer T>
    ? Min extends 0
      ? { [K in N]?: Infer<T>[] }
      : { [K in N]: Infer<T>[] }
    : { [K in KeysOf<ShapeOf<P>>]?: ValueAt<ShapeOf<P>, K>[] };

/** Builders for the elements and attributes of one namespace. */
export function namespace(uri: string, prefix: string) {
  const space: Namespace = Object.freeze({ uri, prefix });
  return {
    element: <const N extends string, T extends Type>(name: N, type: T): ElementDeclaration<N, T> =>
      Object.freeze({ kind: 'element', namespace: space, name, type, abstract: false }),
    /** The head of a substitution group that is itself no message. */
    abstractElement: <const N extends string, T extends Type>(name: N, type: T): ElementDeclaration<N, T> =>
      Object.freeze({ kind: 'element', namespace: space, name, type, abstract: true }),
    attribute: <const N extends string, V>(name: N, type: SimpleType<V>): Attribute<N, V> =>
      Object.freeze({ kind: 'attribute', namespace: space, name, type, required: true }),
  };
}

export function sequence<const P extends readonly Particle[]>(...particles: P): Sequence<Together<P>> {
  return Object.freeze({ kind: 'sequence', particles });
}

export function choice<const P extends readonly Particle[]>(...particles: P): Choice<OneOf<P>> {
  return Object.freeze({ kind: 'choice', particles });
}

/** At most once. An optional attribute stays an attribute; an optional group is there whole or not at all. */
export function optional<N extends string, V>(attribute: Attribute<N, V>): OptionalAttribute<N, V>;
export function optional<P extends Particle>(particle: P): Repeated<OptionalShape<P>>;
export function optional(part: Attribute | Particle): OptionalAttribute | Repeated {
  if (part.kind === 'attribute') return Object.freeze({ ...part, required: false });
  return Object.freeze({ kind: 'repeated', particle: part, min: 0, max: 1 });
}

/** `min` to `max` times: a list in the message, even where the schema allows only one entry in practice. */
export function repeat<P extends Particle, const Min extends number>(
  particle: P,
  min: Min,
  max: number,
): Repeated<RepeatedShape<P, Min>> {
  return Object.freeze({ kind: 'repeated', particle, min, max });
}

/** `maxOccurs="unbounded"` for `repeat`. */
export const unbounded: number = Number.POSITIVE_INFINITY;

/**
 * A substitution group: wherever its head is referred to, any one member stands. Members share the event codes of one
 * place, in order of local name and URI, and so does the abstract head (EXI 1.0 §8.5.4.1.6).
 */
export function substitutionGroup<const M extends readonly ElementDeclaration[]>(
  head: ElementDeclaration,
  ...members: M
): SubstitutionGroup<OneOf<M>> {
  return Object.freeze({ kind: 'substitution-group', members: [head, ...members].sort(byName) });
}

/** Any element of other namespaces. */
export const anyElement: Wildcard = Object.freeze({ kind: 'wildcard' });

/** EXI order of names: local name, then URI, by code point. */
export function byName(a: Name, b: Name): number {
  return comparePoints(a.name, b.name) || comparePoints(a.namespace.uri, b.namespace.uri);
}

function comparePoints(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
