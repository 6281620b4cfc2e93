import type { Edition } from '@plugpool/iso15118';
import type { LifeDialect } from './actors.ts';

/** `both`: one car, one PCID, a certificate and contracts of each. */
export const lifeEditions = ['ISO15118-2', 'ISO15118-20', 'both'] as const;
export type LifeEdition = (typeof lifeEditions)[number];

export function editionsOf(edition: LifeEdition): readonly Edition[] {
  return edition === 'both' ? ['ISO15118-2', 'ISO15118-20'] : [edition];
}

/** ISO 15118-2 gives a car one contract, ISO 15118-20 several; all but the first are generated, where that can be asked. */
export function hasSeveralContracts(edition: LifeEdition, dialect: LifeDialect): boolean {
  return edition !== 'ISO15118-2' && dialect !== 'quickstart';
}
