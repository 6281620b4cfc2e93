/** The PKI on its database, as the server has it. */
import { eventLog } from '../../events/event-log.ts';
import { systemClock } from '../../kernel/clock.ts';
import { type KeyStore, keyStore, SealedKeyError } from '../../keys/key-store.ts';
import { loadMasterSecret, MasterSecretError } from '../../keys/master-secret.ts';
import { type PublicKeyInfrastructure, publicKeyInfrastructure } from '../../pki/public-key-infrastructure.ts';
import { type RootCertificatePool, rootCertificatePool } from '../../rcp/root-certificate-pool.ts';
import { SettingsError } from '../../serve-options.ts';
import { readSettings, type Settings } from '../../settings.ts';
import { openStore, type Store } from '../../store/store.ts';
import { CommandFailure, UsageError } from '../command.ts';
import { opening } from '../database.ts';
import type { Io } from '../io.ts';

export const pkiOptions = { 'public-url': { type: 'string' } } as const;

export interface OpenPki {
  readonly store: Store;
  readonly pki: PublicKeyInfrastructure;
  readonly keys: KeyStore;
  readonly rcp: RootCertificatePool;
  readonly settings: Settings;
  close(): Promise<void>;
}

interface PkiValues {
  readonly data?: string | undefined;
  readonly 'database-url'?: string | undefined;
  readonly 'public-url'?: string | undefined;
}

/** @throws UsageError, CommandFailure */
export async function openPki(values: PkiValues, io: Io): Promise<OpenPki> {
  const settings = settingsOf(values, io);
  const { location, dataDirectory, masterSecret: fromEnvironment, publicUrl } = settings;
  const store = await opening(location, () => openStore(location));
  try {
    const masterSecret = await loadMasterSecret({ fromEnvironment, dataDirectory });
    const keys = keyStore({ store, masterSecret, clock: systemClock, locations: settings.keyLocations });
    const pki = publicKeyInfrastructure({ store, keys, clock: systemClock, publicUrl });
    const close = async () => {
      await keys.close();
      await store.close();
    };
    return {
      store,
      keys,
      pki,
      rcp: rootCertificatePool({ store, clock: systemClock, record: eventLog({ clock: systemClock }) }),
      settings,
      close,
    };
  } catch (cause) {
    await store.close();
    if (cause instanceof MasterSecretError || cause instanceof SealedKeyError || cause instanceof RangeError) {
      throw new CommandFailure(cause.message, { cause });
    }
    throw cause;
  }
}

function settingsOf(values: PkiValues, io: Io): Settings {
  const argv = (['data', 'database-url', 'public-url'] as const).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`--${name}=${value}`];
  });
  try {
    return readSettings(argv, io.env, () => undefined);
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message);
    throw error;
  }
}
