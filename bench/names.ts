/** What vehicles and contracts are called: by their number, yet in no order, as in a pool that grew over years. */
import { PROVIDER_ID, WMI } from './party.ts';

export interface Named {
  readonly pcid: string;
  readonly emaid: string;
}

/** Vehicles of the fleet, which install, and copies, which fill the pools, have neighbours of either kind in an index. */
const ENDINGS = {
  fleet: { pcid: 'BENCH0', emaid: 'C' },
  copy: { pcid: 'FILLED', emaid: 'F' },
} as const;

/** These have no factor in common, so each number gets digits of its own. */
const STRIDE = 73_687_871n;
const NUMBERS = 100_000_000n;

/** @param number from 0, below a hundred million */
export function nameOf(kind: keyof typeof ENDINGS, number: number): Named {
  const digits = String((BigInt(number) * STRIDE) % NUMBERS).padStart(8, '0');
  const { pcid, emaid } = ENDINGS[kind];
  return { pcid: `${WMI}${digits}${pcid}`, emaid: `${PROVIDER_ID}${digits}${emaid}` };
}

/** The same in SQL, of a bigint. */
export function nameInSql(kind: keyof typeof ENDINGS, number: string): Named {
  const digits = `lpad(((${number} * ${STRIDE}) % ${NUMBERS})::text, 8, '0')`;
  const { pcid, emaid } = ENDINGS[kind];
  return { pcid: `('${WMI}' || ${digits} || '${pcid}')`, emaid: `('${PROVIDER_ID}' || ${digits} || '${emaid}')` };
}
