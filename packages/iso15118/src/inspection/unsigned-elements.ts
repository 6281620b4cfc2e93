import type { ReferenceVerdict } from '../signature/verdict.ts';
import { isHollow, type Message } from './edition-messages.ts';
import { fieldOf } from './field.ts';
import type { Problem } from './problem.ts';

/**
 * Elements that have an Id, which they have to be signed by, and that no reference covers: price schedules and sales
 * tariffs, which need not be signed. Those that need it are told by the verdict, with the same code.
 */
export function unsignedElements({ name, body }: Message, references: readonly ReferenceVerdict[]): Problem[] {
  if (isHollow(body)) return [];
  const uris = new Set(references.map(({ uri }) => uri));
  return outermostWithId(name, body)
    .filter(({ element, id }) => !uris.has(`#${id}`) && optionallySigned.has(element))
    .map(({ element, id }) => {
      const text = `${element} has the Id ${JSON.stringify(id)} and is not signed; sign it, or leave the Id out`;
      return { code: 'element-not-signed', text };
    });
}

const optionallySigned = new Set(['SalesTariff', 'AbsolutePriceSchedule', 'PriceLevelSchedule']);

interface ElementWithId {
  readonly element: string;
  readonly id: string;
}

function outermostWithId(element: string, value: unknown): ElementWithId[] {
  if (Array.isArray(value)) return value.flatMap((entry) => outermostWithId(element, entry));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const id = fieldOf(value, 'Id');
  if (typeof id === 'string') return [{ element, id }];
  return Object.entries(value).flatMap(([name, part]) => outermostWithId(name, part));
}
