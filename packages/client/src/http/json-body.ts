import type { Sent } from './exchange.ts';

/** The body of a call that sends JSON; fields that are undefined are left out. */
export function jsonBody(value: unknown): NonNullable<Sent['body']> {
  return { type: 'application/json', content: JSON.stringify(value) };
}
