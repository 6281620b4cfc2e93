import type { ComplexType } from './complex-type.ts';
import type { ElementDeclaration, OneOf, Particle, Shaped, ShapeOf, SubstitutionGroup, Type } from './particles.ts';

/**
 * The schemas that are used together for one family of messages. `D` is the document: an object with one key, the name
 * of the root element.
 */
export interface SchemaSet<D = unknown> extends Shaped<D> {
  readonly name: string;
  /** All global elements: each can be the root of a document. */
  readonly elements: readonly ElementDeclaration[];
  /** Global types that no element refers to; names of their elements are names of the set all the same. */
  readonly unusedTypes: readonly ComplexType[];
}

/** The documents of a schema set: exactly one of the global elements, under its local name. */
export type DocumentOf<S> = ShapeOf<S>;

/** The value of the global element `N` of a set. */
export type ElementOf<S, N extends string> =
  ShapeOf<S> extends infer D ? (D extends { readonly [K in N]: infer V } ? V : never) : never;

type Global = ElementDeclaration | SubstitutionGroup;

/** States a schema set by its global elements; a substitution group stands for its head and all members. */
export function schemaSet<const G extends readonly Global[]>(
  name: string,
  globals: G,
  unusedTypes: readonly ComplexType[] = [],
): SchemaSet<OneOf<G>> {
  const elements = globals.flatMap((global) => (global.kind === 'element' ? [global] : global.members));
  return Object.freeze({ name, elements, unusedTypes });
}

/** Every element declaration of a set, global and local, in no order and with repetitions of equal ones. */
export function allDeclarations(set: SchemaSet): { elements: ElementDeclaration[]; types: Set<ComplexType> } {
  const elements: ElementDeclaration[] = [];
  const types = new Set<ComplexType>();
  const visitType = (type: Type): void => {
    if (type.kind === 'simple' || types.has(type)) return;
    types.add(type);
    for (const particle of type.particles) visitParticle(particle);
  };
  const visitParticle = (particle: Particle): void => {
    switch (particle.kind) {
      case 'element':
        elements.push(particle);
        visitType(particle.type);
        return;
      case 'sequence':
      case 'choice':
        for (const part of particle.particles) visitParticle(part);
        return;
      case 'substitution-group':
        for (const member of particle.members) visitParticle(member);
        return;
      case 'repeated':
        visitParticle(particle.particle);
        return;
      case 'wildcard':
        return;
    }
  };
  for (const element of set.elements) visitParticle(element);
  for (const type of set.unusedTypes) visitType(type);
  return { elements, types };
}
