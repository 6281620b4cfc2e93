/** Looks for serial numbers in the database, for all who ask at the same time in one query. */
import { askedTogether } from '../../kernel/asked-together.ts';
import { filledUp } from '../../store/filled-up.ts';
import type { Store } from '../../store/store.ts';
import { type SerialStatusRow, selectSerials } from './status-queries.ts';

/** A serial number under the authorities that a CertID can mean; none of ours where it means somebody else's. */
export interface Subject {
  readonly issuers: readonly string[];
  readonly serialHex: string;
}

/** The row of a subject that was looked for; `undefined` when the serial number was never given. */
export type Found = (subject: Subject) => SerialStatusRow | undefined;

export type SerialLookup = (subjects: readonly Subject[]) => Promise<Found>;

/** Both databases take many more serial numbers in a query, and a request that has as many as this one is none. */
const LOOKUPS = { most: 256, atOnce: 4 };

/** What it finds is as the database says after the call, never before. */
export function serialLookup({ db }: Store): SerialLookup {
  const ask = askedTogether<readonly Subject[], Found>({
    what: 'serial numbers',
    async answer(questions) {
      const found = await look(questions.flat());
      return questions.map(() => found);
    },
    ...LOOKUPS,
  });

  async function look(subjects: readonly Subject[]): Promise<Found> {
    const issuers = [...new Set(subjects.flatMap((subject) => subject.issuers))];
    const serials = [...new Set(subjects.map(({ serialHex }) => serialHex))];
    const rows = await selectSerials(db, filledUp(issuers), filledUp(serials));
    const byKey = new Map(rows.map((row) => [`${row.authority_name} ${row.serial_hex}`, row]));
    return (subject) => {
      for (const issuer of subject.issuers) {
        const row = byKey.get(`${issuer} ${subject.serialHex}`);
        if (row !== undefined) return row;
      }
      return undefined;
    };
  }

  return async (subjects) => {
    const ours = subjects.filter(({ issuers }) => issuers.length > 0);
    if (ours.length === 0) return () => undefined;
    return await ask(ours);
  };
}
