/** What operators do on the database itself, as the server does it: the same rules, the same approvals. */
import { type PartyRegister, partyRegister } from '../../access/party-register.ts';
import { type Approvals, approvals } from '../../approvals/approvals.ts';
import { eventLog } from '../../events/event-log.ts';
import { SettingsError } from '../../given-options.ts';
import { systemClock } from '../../kernel/clock.ts';
import { type KeyStore, keyStore, SealedKeyError } from '../../keys/key-store.ts';
import { loadMasterSecret, MasterSecretError } from '../../keys/master-secret.ts';
import { type PublicKeyInfrastructure, publicKeyInfrastructure } from '../../pki/public-key-infrastructure.ts';
import { type RootCertificatePool, rootCertificatePool } from '../../rcp/root-certificate-pool.ts';
import { readSettings, type Settings } from '../../settings.ts';
import { openStore, type Store } from '../../store/store.ts';
import { CommandFailure, UsageError } from '../command.ts';
import { opening } from '../database.ts';
import type { Io } from '../io.ts';

export interface OpenActions {
  readonly store: Store;
  readonly rcp: RootCertificatePool;
  readonly parties: PartyRegister;
  readonly approvals: Approvals;
  readonly settings: Settings;
  /** Opened when they are needed first, with the master secret. */
  readonly withKeys: () => Promise<{ readonly keys: KeyStore; readonly pki: PublicKeyInfrastructure }>;
  close(): Promise<void>;
}

interface OpeningValues {
  readonly data?: string | undefined;
  readonly 'database-url'?: string | undefined;
  readonly 'public-url'?: string | undefined;
  readonly approvals?: string | undefined;
}

/** @throws UsageError, CommandFailure */
export async function openActions(values: OpeningValues, io: Io): Promise<OpenActions> {
  const settings = settingsOf(values, io);
  const { location } = settings;
  const clock = systemClock;
  const store = await opening(location, () => openStore(location));
  let opened: ReturnType<typeof openKeys> | undefined;
  const withKeys = () => {
    opened ??= openKeys(settings, store);
    return opened;
  };
  const rcp = rootCertificatePool({ store, clock, record: eventLog({ store, clock }) });
  const parties = partyRegister({ store, clock });
  const pki = async () => (await withKeys()).pki;
  const secrets = async () => (await withKeys()).keys.secrets;
  return {
    ...{ store, rcp, parties, settings, withKeys },
    approvals: approvals({ store, clock, rcp, parties, pki, secrets, settings: settings.approvals }),
    async close() {
      await (await opened?.catch(() => undefined))?.keys.close();
      await store.close();
    },
  };
}

async function openKeys({ dataDirectory, masterSecret: fromEnvironment, ...settings }: Settings, store: Store) {
  try {
    const masterSecret = await loadMasterSecret({ fromEnvironment, dataDirectory });
    const keys = keyStore({ store, masterSecret, clock: systemClock, locations: settings.keyLocations });
    return { keys, pki: publicKeyInfrastructure({ store, keys, clock: systemClock, publicUrl: settings.publicUrl }) };
  } catch (cause) {
    if (cause instanceof MasterSecretError || cause instanceof SealedKeyError || cause instanceof RangeError) {
      throw new CommandFailure(cause.message, { cause });
    }
    throw cause;
  }
}

function settingsOf(values: OpeningValues, io: Io): Settings {
  const argv = (['data', 'database-url', 'public-url', 'approvals'] as const).flatMap((name) => {
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
