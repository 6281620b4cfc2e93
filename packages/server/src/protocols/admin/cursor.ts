/** Where the next page of a list begins, as operators' programs carry it back: opaque to them. */
import { Type } from '../../http/schema-builders.ts';
import { refuse } from '../../kernel/domain-error.ts';
import type { Position } from '../../listing/keyset.ts';

/** Of a list that is ordered by time and then by id. */
interface Moment {
  readonly createdAt: number;
  readonly id: string;
}

export const pageQuery = {
  limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$', description: 'Entries at most (100), up to 999.' })),
  cursor: Type.Optional(Type.String({ maxLength: 300, description: '`next` of the page before.' })),
};

const SHOWN = 100;

export function limitField(limit: string | undefined): number {
  return limit === undefined ? SHOWN : Number(limit);
}

/** Of a list by time. */
export function writeCursor({ createdAt, id }: Moment): string {
  return writePosition({ sort: createdAt, group: '', id });
}

/** @throws DomainError `field-invalid` for what `writeCursor` has not written */
export function cursorField(cursor: string | undefined): Moment | undefined {
  const begun = positionField(cursor);
  if (begun === undefined) return undefined;
  const { sort, group, id } = begun.after;
  if (typeof sort !== 'number' || sort < 0 || group !== '' || begun.as !== '') throw ofNoPage();
  return { createdAt: sort, id };
}

interface Begun {
  readonly as: string;
  readonly after: Position;
}

export function writePosition({ sort, group, id }: Position, as = ''): string {
  return Buffer.from(JSON.stringify([as, sort, group, id])).toString('base64url');
}

/** @throws DomainError `field-invalid` for what `writePosition` has not written */
export function positionField(cursor: string | undefined): Begun | undefined {
  if (cursor === undefined) return undefined;
  const [as, sort, group, id, ...more] = arrayIn(Buffer.from(cursor, 'base64url').toString('utf8'));
  const isPosition = (typeof sort === 'number' && Number.isSafeInteger(sort)) || isPlain(sort);
  if (!isPlain(as) || !isPosition || !isPlain(group) || !isPlain(id) || more.length > 0) {
    throw ofNoPage();
  }
  return { as, after: { sort, group, id } };
}

function arrayIn(text: string): unknown[] {
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** PostgreSQL takes no U+0000 in a text. */
function isPlain(value: unknown): value is string {
  return typeof value === 'string' && /^[\x20-\x7e]*$/.test(value);
}

function ofNoPage() {
  return refuse('field-invalid', 'cursor', 'is of no page of this list');
}
