/** The audit log for operators, over HTTP. */
import { Type } from 'typebox';
import type { AuditEntry, AuditFilter } from '../../access/audit-reading.ts';
import { type Route, route } from '../../http/route.ts';
import { refuse } from '../../kernel/domain-error.ts';

export interface AuditRouteParts {
  readonly read: (filter: AuditFilter) => Promise<AuditEntry[]>;
}

const Text = Type.Optional(Type.String({ maxLength: 200 }));
const AuditQuery = Type.Object({
  actor: Text,
  operation: Text,
  object: Text,
  traceId: Text,
  since: Text,
  until: Text,
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

export function auditRoutes({ read }: AuditRouteParts): Route[] {
  return [
    route('GET', '/admin/v1/audit', {
      operation: 'readAudit',
      summary: 'Reads the audit log, the latest first',
      query: AuditQuery,
      answers: { 200: Type.Object({ entries: Type.Array(Entry) }) },
      refusals: ['field-invalid'],
      handle: async ({ query: { since, until, limit, ...equal } }) => {
        const entries = await read({
          ...equal,
          since: instant(since, 'since'),
          until: instant(until, 'until'),
          limit: limit === undefined ? SHOWN : Number(limit),
        });
        return { status: 200, body: { entries } };
      },
    }),
  ];
}

/** Throws `field-invalid`. */
function instant(text: string | undefined, field: string): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw refuse('field-invalid', field, 'must be an instant such as 2026-01-31T12:00:00Z');
  return time;
}
