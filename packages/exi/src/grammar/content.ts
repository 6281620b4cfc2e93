import type { SimpleType } from '../primitives/simple-type.ts';
import type { AnyAttribute, ComplexType } from '../schema/complex-type.ts';
import type { ElementDeclaration, Particle } from '../schema/particles.ts';

type Item = AnyAttribute | SimpleType<unknown> | Particle;

/** What may come next, and what is left to come after it. */
export type First = { readonly after: Content } & (
  | { readonly what: 'attribute'; readonly attribute: AnyAttribute }
  | { readonly what: 'element'; readonly element: ElementDeclaration }
  | { readonly what: 'text' }
  | { readonly what: 'wildcard' }
);

/**
 * What is left of the content of an element: an item, of which `taken` have been there already, and the rest behind it.
 * Equal remainders are the same object, so that loops end in states that exist and a state is made once. Taking counts
 * gives one state for each occurrence of a bounded list, as EXI wants it (EXI 1.0 §8.5.4.1.5).
 */
export class Content {
  readonly item: Item | undefined;
  private readonly taken: number;
  private readonly rest: Content | undefined;
  private readonly before = new Map<Item, Content[]>();

  private constructor(item: Item | undefined, taken: number, rest: Content | undefined) {
    this.item = item;
    this.taken = taken;
    this.rest = rest;
  }

  /** All of a type: attributes, then text or elements. */
  static of(type: ComplexType): Content {
    const items: Item[] = [...type.attributes, ...(type.text === undefined ? type.particles : [type.text])];
    return new Content(undefined, 0, undefined).behind(items);
  }

  /** All that may come next, in schema order, and whether nothing need come at all. */
  firsts(): { firsts: First[]; complete: boolean } {
    const firsts: First[] = [];
    const complete = this.collect(undefined, firsts);
    return { firsts, complete };
  }

  /** Adds what may come before `stop` and tells whether `stop` may come at once. */
  private collect(stop: Content | undefined, firsts: First[]): boolean {
    let at: Content = this;
    while (at !== stop && at.item !== undefined && at.rest !== undefined) {
      const skippable = at.collectItem(at.item, at.rest, firsts);
      if (!skippable) return false;
      at = at.rest;
    }
    return true;
  }

  private collectItem(item: Item, rest: Content, firsts: First[]): boolean {
    if (item.kind !== 'repeated') return collectOne(item, rest, firsts);
    const last = this.taken + 1 >= item.max;
    const taken = Math.min(this.taken + 1, Number.isFinite(item.max) ? item.max : Math.max(item.min, 1));
    const after = last ? rest : rest.preceded(item, taken);
    const empty = collectOne(item.particle, after, firsts);
    return empty || this.taken >= item.min;
  }

  /** This content with `item` before it. */
  private preceded(item: Item, taken: number): Content {
    let known = this.before.get(item);
    if (known === undefined) {
      known = [];
      this.before.set(item, known);
    }
    const content = known[taken] ?? new Content(item, taken, this);
    known[taken] = content;
    return content;
  }

  /** This content with all of `items` before it. */
  behind(items: readonly Item[]): Content {
    return items.reduceRight<Content>((rest, item) => rest.preceded(item, 0), this);
  }

  /** Adds what `items` in sequence may begin with when `after` follows them; tells whether they may be empty. */
  static begin(items: readonly Item[], after: Content, firsts: First[]): boolean {
    return after.behind(items).collect(after, firsts);
  }
}

function collectOne(item: Item, after: Content, firsts: First[]): boolean {
  switch (item.kind) {
    case 'attribute':
      firsts.push({ what: 'attribute', attribute: item, after });
      return !item.required;
    case 'simple':
      firsts.push({ what: 'text', after });
      return false;
    case 'element':
      firsts.push({ what: 'element', element: item, after });
      return false;
    case 'substitution-group':
      for (const element of item.members) firsts.push({ what: 'element', element, after });
      return false;
    case 'wildcard':
      firsts.push({ what: 'wildcard', after });
      return false;
    case 'choice':
      return item.particles.map((particle) => Content.begin([particle], after, firsts)).includes(true);
    case 'sequence':
      return Content.begin(item.particles, after, firsts);
    case 'repeated':
      return Content.begin([item], after, firsts);
  }
}
