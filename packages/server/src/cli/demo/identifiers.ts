import { randomText } from '../random-text.ts';

export interface Identifiers {
  readonly pcid: string;
  /** The first is the contract of ISO 15118-2; ISO 15118-20 has all of them. */
  readonly emaids: readonly [string, ...string[]];
}

/** Fresh and random, so that the life can be played again and again on one server. */
export function randomIdentifiers(several: boolean): Identifiers {
  const own = `DEPPLC${randomText(8)}`;
  // Of another eMSP, the last one in the longer form that ISO 15118-20 knows.
  const others = [`NLPPMC${randomText(8)}`, `NLPPMC${randomText(16)}`];
  return { pcid: `WPP${randomText(14)}`, emaids: several ? [own, ...others] : [own] };
}
