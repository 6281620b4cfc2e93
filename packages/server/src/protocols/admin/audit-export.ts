/** The audit log as a file: all rows that a filter leaves, the latest first, written while they are read. */
import { Readable } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import type { Static } from 'typebox';
import type { AuditEntry, AuditFilter } from '../../access/audit-reading.ts';
import { Type } from '../../http/schema-builders.ts';
import { validatorOf } from '../../http/validation.ts';
import { auditFilterFields, auditFilterOf } from './audit-routes.ts';

export interface AuditExportParts {
  readonly read: (filter: AuditFilter) => Promise<AuditEntry[]>;
}

const ExportQuery = Type.Object({ ...auditFilterFields, format: Type.Enum(['ndjson', 'csv']) });
const queryOf = validatorOf(ExportQuery, 'query');
type Format = Static<typeof ExportQuery>['format'];

const AT_ONCE = 1_000;
const columns = [
  'at',
  'actor',
  'operation',
  'object',
  'clientId',
  'traceId',
  'beforeHash',
  'afterHash',
  'position',
  'chainHash',
  'id',
] as const satisfies readonly (keyof AuditEntry)[];

const forms: Readonly<Record<Format, { type: string; head: string; line: (entry: AuditEntry) => string }>> = {
  ndjson: { type: 'application/x-ndjson', head: '', line: (entry) => `${JSON.stringify(entry)}\n` },
  // RFC 4180.
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    head: `${columns.join(',')}\r\n`,
    line: (entry) => `${columns.map((column) => csvField(entry[column])).join(',')}\r\n`,
  },
};

export function auditExportRoutes({ read }: AuditExportParts): FastifyPluginAsync {
  return async (app) => {
    app.get('/admin/v1/audit/export', { exposeHeadRoute: false }, async (request, reply) => {
      const { format, ...asked } = await queryOf(request.query);
      const filter = auditFilterOf(asked);
      const { type, head, line } = forms[format];
      reply.headers({
        'content-type': type,
        'content-disposition': `attachment; filename="audit.${format}"`,
        'cache-control': 'no-store',
      });
      return reply.send(Readable.from(written(read, filter, { head, line }), { objectMode: false }));
    });
  };
}

/** A page at a time: a log of millions of rows costs no memory, and a slow reader holds no connection to the database. */
async function* written(
  read: AuditExportParts['read'],
  filter: Omit<AuditFilter, 'limit'>,
  { head, line }: Pick<(typeof forms)[Format], 'head' | 'line'>,
): AsyncGenerator<string> {
  if (head !== '') yield head;
  let before: AuditFilter['before'];
  for (;;) {
    const entries = await read({ ...filter, before, limit: AT_ONCE });
    if (entries.length > 0) yield entries.map(line).join('');
    const last = entries.at(-1);
    if (last === undefined || entries.length < AT_ONCE) return;
    before = { at: Date.parse(last.at), id: last.id };
  }
}

/** A spreadsheet takes what begins like a formula for one; the apostrophe is its own way to say that it is text. */
function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
