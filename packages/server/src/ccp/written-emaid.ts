import { type Emaid, IdentifierError, parseEmaid } from '@plugpool/iso15118/pki';

/** The EMAID that a message writes; `undefined` for what is none, which names no contract. */
export function writtenEmaid(text: string): Emaid | undefined {
  try {
    return parseEmaid(text);
  } catch (error) {
    if (error instanceof IdentifierError) return undefined;
    throw error;
  }
}
