/** Messages by edition, and the words for octets that are none. */
import type { Edition } from '@plugpool/iso15118/pki';
import { refuseAt } from '../../kernel/domain-error.ts';
import { onFirstUse } from '../../kernel/first-use.ts';
import { type InstallationMessages, UnreadableMessage } from './installation-messages.ts';

/** The codec behind them is a hundred modules. */
const byEdition = onFirstUse(async (): Promise<Readonly<Record<Edition, InstallationMessages>>> => {
  const { iso2InstallationMessages } = await import('./iso15118-2.ts');
  const { iso20InstallationMessages } = await import('./iso15118-20.ts');
  return { 'ISO15118-2': iso2InstallationMessages, 'ISO15118-20': iso20InstallationMessages };
});

export async function messagesOf(edition: Edition): Promise<InstallationMessages> {
  return (await byEdition())[edition];
}

/**
 * Reads a message with the edition's own reader.
 * @throws DomainError `exi-invalid` with the bit and the place in the schema, or with the edition that it is of instead
 */
export async function readMessage<T>(
  edition: Edition,
  field: string,
  read: (messages: InstallationMessages) => T,
): Promise<T> {
  const known = await byEdition();
  try {
    return read(known[edition]);
  } catch (error) {
    if (!(error instanceof UnreadableMessage)) throw error;
    const other = Object.values(known).find((messages) => messages.edition !== edition && reads(messages, read));
    const why =
      other === undefined
        ? error.message
        : `is a message of ${other.edition}, where xsdMsgDefNamespace says ${edition}`;
    throw refuseAt('exi-invalid', [`${field} : ${why}`]);
  }
}

function reads(messages: InstallationMessages, read: (messages: InstallationMessages) => unknown): boolean {
  try {
    read(messages);
    return true;
  } catch (error) {
    if (error instanceof UnreadableMessage) return false;
    throw error;
  }
}
