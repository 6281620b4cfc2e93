/** What the lists of the pools are asked with: a text to look for, filters, and where the page begins. */
import { IdentifierError, parseEmaid, parseFingerprint, parsePcid } from '@plugpool/iso15118/pki';
import type { Static, TSchema } from 'typebox';
import { Type } from '../../http/schema-builders.ts';
import { refuse } from '../../kernel/domain-error.ts';
import type {
  CertificateListing,
  ListedCertificate,
  ListingQuery,
  LookedUp,
  WithRevocation,
} from '../../listing/certificate-listing.ts';
import type { CappedCount, Page } from '../../listing/keyset.ts';
import { positionField, writePosition } from './cursor.ts';

const DAY_MS = 86_400_000;
const SHOWN = 50;

export const pageFields = {
  cursor: Type.Optional(Type.String({ maxLength: 300, description: '`next` of the page before.' })),
  limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$', description: 'Entries at most (50), up to 999.' })),
};

export const ListQuery = Type.Object({
  ...pageFields,
  search: Type.Optional(
    Type.String({
      maxLength: 200,
      description:
        'A PCID or EMAID or the beginning of one, with separators and check digit or without; the SHA-256 fingerprint or the serial number of the certificate.',
    }),
  ),
  edition: Type.Optional(Type.Enum(['ISO15118-2', 'ISO15118-20'])),
  state: Type.Optional(Type.Enum(['valid', 'not-yet-valid', 'expired', 'revoked'])),
  expiringDays: Type.Optional(
    Type.String({ pattern: '^[1-9]\\d{0,4}$', description: 'Valid now, and no longer in so many days.' }),
  ),
});

const Count = Type.Object(
  {
    rows: Type.Integer(),
    atLeast: Type.Boolean({ description: 'Whether there are more than that: nobody counts to the end.' }),
  },
  { description: 'On the first page, where an index tells.' },
);

export function listOf<T extends TSchema>(item: T) {
  return Type.Object({
    items: Type.Array(item),
    next: Type.Optional(
      Type.String({
        description: 'The cursor of the next page. A page may be short, and yet have one: enough was looked through.',
      }),
    ),
    count: Type.Optional(Count),
    matched: Type.Optional(
      Type.Enum(['name', 'fingerprint', 'serial-number', 'contract', 'vehicle'], {
        description: 'As what the searched text was understood.',
      }),
    ),
  });
}

/** One way to understand what is looked for. */
export interface Reading {
  readonly as: 'name' | 'fingerprint' | 'serial-number' | 'contract' | 'vehicle';
  readonly by: LookedUp;
}

export interface List<T> {
  readonly items: readonly T[];
  readonly next?: string;
  readonly count?: CappedCount;
  readonly matched?: Reading['as'];
}

/** The first reading of the text that finds something; later pages stay with it. */
export async function listed<T extends ListedCertificate>(
  listing: CertificateListing<T>,
  asked: Static<typeof ListQuery>,
  readingsOf: (text: string) => Promise<readonly Reading[]>,
): Promise<List<WithRevocation<T>>> {
  const { search = '', cursor } = asked;
  const query = queryOf(asked);
  if (search.trim() === '')
    return await listPage(listing, { ...query, after: positionField(cursor)?.after }, undefined);
  const readings = await readingsOf(search);
  const begun = positionField(cursor);
  const tried = begun === undefined ? readings : readings.filter(({ as }) => as === begun.as);
  for (const reading of tried) {
    const list = await listPage(listing, { ...query, by: reading.by, after: begun?.after }, reading.as);
    if (list.items.length > 0 || list.next !== undefined) return list;
  }
  return { items: [] };
}

async function listPage<T extends ListedCertificate>(
  listing: CertificateListing<T>,
  query: ListingQuery,
  as: Reading['as'] | undefined,
): Promise<List<WithRevocation<T>>> {
  const { items, next } = await listing.page(query);
  const count = query.after === undefined ? await listing.count(query) : undefined;
  return {
    items,
    ...(next && { next: writePosition(next, as) }),
    ...(count && { count }),
    ...(as && { matched: as }),
  };
}

/** Throws `field-invalid` for filters that contradict each other. */
function queryOf({ edition, state, expiringDays, limit }: Static<typeof ListQuery>): ListingQuery {
  if (expiringDays !== undefined && state !== undefined && state !== 'valid') {
    throw refuse('field-invalid', 'expiringDays', `what is ${state} does not expire any more, or not yet`);
  }
  return {
    edition,
    state,
    limit: limitField(limit),
    ...(expiringDays !== undefined && { expiresWithin: Number(expiringDays) * DAY_MS }),
  };
}

export function limitField(limit: string | undefined): number {
  return limit === undefined ? SHOWN : Number(limit);
}

export function pageAnswer<T>({ items, next }: Page<T>) {
  return { items, ...(next && { next: writePosition(next) }) };
}

/** 64 digits, with or without colons and spaces between them. */
export function fingerprintReading(text: string): Reading[] {
  const digits = text.replaceAll(/[\s:]/g, '');
  return /^[0-9a-f]{64}$/i.test(digits) ? [{ as: 'fingerprint', by: { fingerprint: parseFingerprint(digits) } }] : [];
}

/** Up to 20 octets (RFC 5280 §4.1.2.2), as tools show them: with colons, with 0x in front, or plain. */
export function serialNumberReading(text: string): Reading[] {
  const digits = text.replaceAll(/[\s:]/g, '').replace(/^0x/i, '');
  return /^(?=.*[1-9a-f])[0-9a-f]{2,42}$/i.test(digits)
    ? [{ as: 'serial-number', by: { serialNumber: digits.toLowerCase() } }]
    : [];
}

export function pcidReading(text: string): Reading[] {
  const name = text.trim().toUpperCase();
  return /^[A-Z0-9]{1,18}$/.test(name) ? [{ as: 'name', by: { beginning: name } }] : [];
}

/** The whole PCID of a vehicle, where its contracts are listed. */
export function vehicleReading(text: string): Reading[] {
  const pcid = identifierIn(text, parsePcid);
  return pcid === undefined ? [] : [{ as: 'vehicle', by: { pcid } }];
}

export function emaidReading(text: string): Reading[] {
  const whole = emaidIn(text);
  const name = whole ?? text.replaceAll(/[\s-]/g, '').toUpperCase();
  return /^[A-Z]{1,2}$|^[A-Z]{2}[A-Z0-9]{1,29}$/.test(name) ? [{ as: 'name', by: { beginning: name } }] : [];
}

export function emaidIn(text: string) {
  return identifierIn(text, parseEmaid);
}

function identifierIn<T>(text: string, parse: (text: string) => T): T | undefined {
  try {
    return parse(text.trim());
  } catch (error) {
    if (error instanceof IdentifierError) return undefined;
    throw error;
  }
}
