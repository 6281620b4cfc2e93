import type { LifeDialect } from './actors.ts';
import { hasSeveralContracts, type LifeEdition } from './editions.ts';
import { randomText } from './random-text.ts';

export interface Identifiers {
  readonly pcid: string;
  /** The first is the contract of ISO 15118-2; ISO 15118-20 has all of them. */
  readonly emaids: readonly [string, ...string[]];
}

/** Fresh and random, so that the life can be played again and again on one server. */
export function randomIdentifiers(edition: LifeEdition, dialect: LifeDialect): Identifiers {
  const pcid = `WPP${randomText(14)}`;
  const own = `DEPPLC${randomText(8)}`;
  if (!hasSeveralContracts(edition, dialect)) return { pcid, emaids: [own] };
  // Of another eMSP, the last one in the longer form that ISO 15118-20 and the OPNC know.
  const last = dialect === 'opnc' ? 16 : 8;
  return { pcid, emaids: [own, `NLPPMC${randomText(8)}`, `NLPPMC${randomText(last)}`] };
}
