/** The audit log for operators, over HTTP. */

import type { ChainVerdict } from '../../access/audit-chain.ts';
import type { AuditEntry, AuditFilter } from '../../access/audit-reading.ts';
import { type Route, route } from '../../http/route.ts';
import { Type } from '../../http/schema-builders.ts';
import { refuse } from '../../kernel/domain-error.ts';
import { cursorField, pageQuery, writeCursor } from './cursor.ts';

export interface AuditRouteParts {
  readonly read: (filter: AuditFilter) => Promise<AuditEntry[]>;
  readonly verify: () => Promise<ChainVerdict>;
}

const Text = Type.Optional(Type.String({ maxLength: 200 }));
export const auditFilterFields = {
  actor: Text,
  operation: Text,
  object: Text,
  traceId: Text,
  since: Text,
  until: Text,
};
const AuditQuery = Type.Object({
  ...auditFilterFields,
  cursor: pageQuery.cursor,
  limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,3}$' })),
});

const TextOrNothing = Type.Union([Type.String(), Type.Null()]);
const Entry = Type.Object(
  {
    id: Type.String(),
    at: Type.String({ format: 'date-time' }),
    actor: Type.String(),
    clientId: TextOrNothing,
    operation: Type.String(),
    object: Type.String(),
    beforeHash: TextOrNothing,
    afterHash: TextOrNothing,
    traceId: TextOrNothing,
    position: Type.Union([Type.Integer(), Type.Null()], { description: 'In the chain; a new row has none yet.' }),
    chainHash: TextOrNothing,
  },
  { title: 'AuditEntry' },
);

const SHOWN = 100;

const Chain = Type.Object(
  {
    valid: Type.Boolean(),
    rows: Type.Integer({ description: 'That were looked at.' }),
    notChained: Type.Integer({ description: 'Rows of the last moments, which have no place yet.' }),
    head: Type.Optional(
      Type.String({ description: 'Kept elsewhere, it shows later whether the end of the chain was cut off.' }),
    ),
    brokenAt: Type.Optional(Type.Integer({ description: 'The first place at which the chain does not hold.' })),
  },
  { title: 'AuditChain' },
);

export function auditRoutes({ read, verify }: AuditRouteParts): Route[] {
  let verifying: Promise<ChainVerdict> | undefined;
  return [
    route('GET', '/admin/v1/audit', {
      operation: 'readAudit',
      summary: 'Reads the audit log, the latest first',
      query: AuditQuery,
      answers: {
        200: Type.Object({
          entries: Type.Array(Entry),
          next: Type.Optional(Type.String({ description: 'The cursor of the next page, where there may be one.' })),
        }),
      },
      refusals: ['field-invalid'],
      handle: async ({ query: { limit, cursor, ...asked } }) => {
        const after = cursorField(cursor);
        const wanted = limit === undefined ? SHOWN : Number(limit);
        const before = after && { at: after.createdAt, id: after.id };
        const entries = await read({ ...auditFilterOf(asked), before, limit: wanted });
        const last = entries.length === wanted ? entries.at(-1) : undefined;
        const next = last && { next: writeCursor({ createdAt: Date.parse(last.at), id: last.id }) };
        return { status: 200, body: { entries, ...next } };
      },
    }),

    route('GET', '/admin/v1/audit/chain', {
      operation: 'verifyAuditChain',
      summary: 'Recomputes the chain of hashes over the audit log, from its first row to its last',
      answers: { 200: Chain },
      handle: async () => {
        // It reads all there is: those who ask at the same time get one answer.
        verifying ??= verify().finally(() => {
          verifying = undefined;
        });
        const verdict = await verifying;
        return { status: 200, body: { valid: verdict.brokenAt === undefined, ...withoutNothing(verdict) } };
      },
    }),
  ];
}

/** Throws `field-invalid`. */
export function auditFilterOf({ since, until, ...equal }: AuditQueryFields): Omit<AuditFilter, 'limit'> {
  return { ...equal, since: instant(since, 'since'), until: instant(until, 'until') };
}

type AuditQueryFields = Partial<Record<keyof typeof auditFilterFields, string | undefined>>;

function withoutNothing({ head, ...verdict }: ChainVerdict) {
  return { ...verdict, ...(head !== undefined && { head }) };
}

/** Throws `field-invalid`. */
function instant(text: string | undefined, field: string): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw refuse('field-invalid', field, 'must be an instant such as 2026-01-31T12:00:00Z');
  return time;
}
