import type { Edition } from '@plugpool/iso15118';

/** The edition that a column holds; nothing but the two is ever written there. */
export function storedEdition(text: string): Edition {
  return text === 'ISO15118-20' ? 'ISO15118-20' : 'ISO15118-2';
}
