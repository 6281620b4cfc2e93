import type { LifeDialect } from './actors.ts';
import { hasSeveralContracts, type LifeEdition } from './editions.ts';
import { randomText } from './random-text.ts';

export interface Identifiers {
  readonly pcid: string;
  /** The first is the contract of ISO 15118-2; ISO 15118-20 has all of them. */
  readonly emaids: readonly [string, ...string[]];
}

/** Whose cars and contracts they are. */
export interface Issuers {
  readonly wmi: string;
  /** The last contracts of a car are of another eMSP, unless there is but one. */
  readonly providerIds: readonly [string, ...string[]];
}

const demoIssuers: Issuers = { wmi: 'WPP', providerIds: ['DEPPL', 'NLPPM'] };

/** Fresh and random, so that the life can be played again and again on one server. */
export function randomIdentifiers(
  edition: LifeEdition,
  dialect: LifeDialect,
  { wmi, providerIds: [own, other = own] }: Issuers = demoIssuers,
): Identifiers {
  const pcid = `${wmi}${randomText(14)}`;
  const emaid = (provider: string, length: number) => `${provider}C${randomText(length)}`;
  if (!hasSeveralContracts(edition, dialect)) return { pcid, emaids: [emaid(own, 8)] };
  // The last one in the longer form that ISO 15118-20 and the OPNC know.
  return { pcid, emaids: [emaid(own, 8), emaid(other, 8), emaid(other, dialect === 'opnc' ? 16 : 8)] };
}
