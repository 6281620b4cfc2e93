import type { Edition } from '@plugpool/iso15118/pki';

/** All that a column of editions may hold: an index that begins with it is used when all of them are named. */
export const storedEditions: readonly Edition[] = ['ISO15118-2', 'ISO15118-20'];

/** The edition that a column holds; nothing but the two is ever written there. */
export function storedEdition(text: string): Edition {
  return text === 'ISO15118-20' ? 'ISO15118-20' : 'ISO15118-2';
}
