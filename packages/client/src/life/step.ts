import type { Edition } from '@plugpool/iso15118';

/** What one of those who take part does. */
export interface Step {
  readonly role: 'anyone' | 'OEM' | 'eMSP' | 'CPO' | 'car';
  /** Short; the row of the summary. */
  readonly name: string;
  /** What happens, behind the role as subject. */
  readonly text: string;
}

/** Runs a step and gives what it gives; who plays a life hands this in, to measure and to tell. */
export type Play = <T>(step: Step, action: () => Promise<T> | T) => Promise<T>;

/** Something is not as it must be, though every call went well. */
export class NotAsItMustBe extends Error {
  override readonly name = 'NotAsItMustBe';
}

/** Steps that are played in both editions say in which one. */
export function playedIn(edition: Edition, play: Play): Play {
  const title = edition.replace('ISO', 'ISO ');
  return ({ role, name, text }, action) => play({ role, name: `${name}, ${title}`, text: `${text}, ${title}` }, action);
}
