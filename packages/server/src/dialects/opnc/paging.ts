/** Pages of the OPNC's lists. Without `offset` and `limit` a call answers all, as the reference has it. */
import type { Static } from 'typebox';
import { Type } from '../../http/schema-builders.ts';
import { refuse } from '../../kernel/domain-error.ts';

const Digits = { pattern: '^[0-9]{1,9}$' };

export const pageQuery = {
  offset: Type.Optional(
    Type.String({
      ...Digits,
      description: 'How many entries to leave out at the beginning.',
      documentedAs: { type: 'integer', minimum: 0 },
    }),
  ),
  limit: Type.Optional(
    Type.String({
      ...Digits,
      description: 'How many entries to answer at most. X-Total-Count and Link are answered with it.',
      documentedAs: { type: 'integer', minimum: 1, maximum: 1000 },
    }),
  ),
};
const PageQuery = Type.Object(pageQuery);

/** Only where a page was asked for. */
export const pageHeaders = {
  'X-Total-Count': Type.Integer({ description: 'Entries in the whole list, where a page was asked for.' }),
  'X-Limit': Type.Integer({ description: 'Entries that a page has at most.' }),
  Link: Type.String({ description: 'The next page, with rel="next", where there is one.' }),
};

const LARGEST_PAGE = 1000;

export interface Page<T> {
  readonly entries: readonly T[];
  /** `X-Total-Count`, `X-Limit` and, where more follows, `Link` with `rel="next"`; none when no page was asked for. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The part of a list that the query asks for. `target` is path and query as they were sent, which the link repeats with
 * the next offset.
 */
export function pageOf<T>(entries: readonly T[], query: Static<typeof PageQuery>, target: string): Page<T> {
  if (query.offset === undefined && query.limit === undefined) return { entries, headers: {} };
  const offset = Number(query.offset ?? 0);
  const asked = Number(query.limit ?? LARGEST_PAGE);
  if (asked === 0) throw refuse('field-invalid', 'limit', 'must be at least 1');
  const limit = Math.min(asked, LARGEST_PAGE);
  const end = offset + limit;
  return {
    entries: entries.slice(offset, end),
    headers: {
      'x-total-count': String(entries.length),
      'x-limit': String(limit),
      ...(end < entries.length && { link: `<${withPage(target, end, limit)}>; rel="next"` }),
    },
  };
}

function withPage(target: string, offset: number, limit: number): string {
  const [path = '', search = ''] = target.split('?', 2);
  const query = new URLSearchParams(search);
  query.set('offset', String(offset));
  query.set('limit', String(limit));
  return `${path}?${query}`;
}
