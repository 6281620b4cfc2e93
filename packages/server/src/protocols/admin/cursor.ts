/** Where the next page of a list begins, as operators' programs carry it back: opaque to them. */
import { Type } from 'typebox';
import { refuse } from '../../kernel/domain-error.ts';

/** Of a list that is ordered by time and then by id. */
interface Position {
  readonly createdAt: number;
  readonly id: string;
}

export const pageQuery = {
  limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$', description: 'Entries at most (100), up to 999.' })),
  cursor: Type.Optional(Type.String({ maxLength: 200, description: '`next` of the page before.' })),
};

const SHOWN = 100;

export function limitField(limit: string | undefined): number {
  return limit === undefined ? SHOWN : Number(limit);
}

export function writeCursor({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt} ${id}`).toString('base64url');
}

/** @throws DomainError `field-invalid` for what `writeCursor` has not written */
export function cursorField(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [, time, id] = /^(\d{1,15}) ([0-9a-f-]{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (time === undefined || id === undefined) throw refuse('field-invalid', 'cursor', 'is of no page of this list');
  return { createdAt: Number(time), id };
}
