/** Messages by edition, and the words for octets that are none. */
import type { Edition } from '@plugpool/iso15118';
import { refuseAt } from '../../kernel/domain-error.ts';
import { type InstallationMessages, UnreadableMessage } from './installation-messages.ts';
import { iso2InstallationMessages } from './iso15118-2.ts';
import { iso20InstallationMessages } from './iso15118-20.ts';

const byEdition: Readonly<Record<Edition, InstallationMessages>> = {
  'ISO15118-2': iso2InstallationMessages,
  'ISO15118-20': iso20InstallationMessages,
};

export function messagesOf(edition: Edition): InstallationMessages {
  return byEdition[edition];
}

/**
 * Reads a message with the edition's own reader.
 * @throws DomainError `exi-invalid` with the bit and the place in the schema, or with the edition that it is of instead
 */
export function readMessage<T>(edition: Edition, field: string, read: (messages: InstallationMessages) => T): T {
  try {
    return read(byEdition[edition]);
  } catch (error) {
    if (!(error instanceof UnreadableMessage)) throw error;
    const other = Object.values(byEdition).find((messages) => messages.edition !== edition && reads(messages, read));
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
