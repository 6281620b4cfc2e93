/** The PKI on its database, as the server has it. */
import type { KeyStore } from '../../keys/key-store.ts';
import type { PublicKeyInfrastructure } from '../../pki/public-key-infrastructure.ts';
import { type OpenActions, openActions } from '../actions/open-actions.ts';
import type { Io } from '../io.ts';

export const pkiOptions = { 'public-url': { type: 'string' } } as const;

export interface OpenPki extends OpenActions {
  readonly pki: PublicKeyInfrastructure;
  readonly keys: KeyStore;
}

/** @throws UsageError, CommandFailure */
export async function openPki(values: Parameters<typeof openActions>[0], io: Io): Promise<OpenPki> {
  const opened = await openActions(values, io);
  try {
    return { ...opened, ...(await opened.withKeys()) };
  } catch (cause) {
    await opened.close();
    throw cause;
  }
}
