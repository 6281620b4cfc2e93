/** Looks for serial numbers in the database, for all who ask in one turn of the event loop in one query. */
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

interface Waiting {
  readonly subjects: readonly Subject[];
  readonly resolve: (found: Found) => void;
  readonly reject: (reason: unknown) => void;
}

/** Serial numbers in one query; both databases take many more. */
const MOST_AT_ONCE = 256;

/** What it finds is as the database says after the call, never before. */
export function serialLookup({ db }: Store): SerialLookup {
  let waiting: Waiting[] = [];

  function lookForAll(): void {
    const all = waiting;
    waiting = [];
    for (const batch of batchesOf(all)) {
      look(batch.flatMap(({ subjects }) => subjects)).then(
        (found) => {
          for (const { resolve } of batch) resolve(found);
        },
        (reason: unknown) => {
          for (const { reject } of batch) reject(reason);
        },
      );
    }
  }

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
    return await new Promise((resolve, reject) => {
      waiting.push({ subjects: ours, resolve, reject });
      if (waiting.length === 1) setImmediate(lookForAll);
    });
  };
}

function batchesOf(all: readonly Waiting[]): Waiting[][] {
  const batches: Waiting[][] = [];
  let room = 0;
  for (const each of all) {
    const last = batches.at(-1);
    if (last !== undefined && each.subjects.length <= room) {
      last.push(each);
      room -= each.subjects.length;
    } else {
      batches.push([each]);
      room = MOST_AT_ONCE - each.subjects.length;
    }
  }
  return batches;
}

/** To a power of two, with its last value again: a few texts of queries to prepare instead of hundreds. */
function filledUp(values: readonly string[]): string[] {
  const last = values.at(-1);
  const size = 2 ** Math.ceil(Math.log2(values.length));
  return last === undefined ? [] : [...values, ...Array.from({ length: size - values.length }, () => last)];
}
