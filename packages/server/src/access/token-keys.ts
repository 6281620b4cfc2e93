/** The keys that sign access tokens: the newest signs, those before it verify until their last token is over. */
import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Signer } from '@plugpool/iso15118/pki';
import type { Clock } from '../kernel/clock.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Store } from '../store/store.ts';
import type { TokenKeyTable } from '../store/tables.ts';

/** RFC 7517, with what a verifier needs to choose among several. */
export interface PublishedKey {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

export interface TokenKeys {
  /** The key to sign with; a successor is made when it is older than 30 days. */
  signing(): Promise<{ readonly kid: string; readonly signer: Signer }>;
  /** Undefined for a key that is not ours, or whose tokens are all over. */
  verifying(kid: string): Promise<KeyObject | undefined>;
  published(): Promise<PublishedKey[]>;
}

export interface TokenKeysParts {
  readonly store: Store;
  readonly keys: Pick<KeyStore, 'createFor' | 'signer'>;
  readonly clock: Clock;
  readonly lifetimeSeconds: number;
}

const SIGNS_FOR_MS = 30 * 86_400_000;
/** After its last token is over; clocks differ. */
const KEPT_LONGER_MS = 3_600_000;
/** How long this process knows the list without a look; a key that it does not know makes it look sooner. */
const KNOWN_FOR_MS = 60_000;
const SOONEST_LOOK_MS = 1_000;
/** The name by which the configuration of key locations knows them. */
const KEY_NAME = 'access-token';

interface Known {
  readonly rows: readonly TokenKeyTable[];
  /** Of the process's own clock, which nobody sets back. */
  readonly at: number;
}

export function tokenKeys({ store, keys, clock, lifetimeSeconds }: TokenKeysParts): TokenKeys {
  let known: Promise<Known> | undefined;
  const publicKeys = new Map<string, KeyObject>();
  const usefulMs = SIGNS_FOR_MS + lifetimeSeconds * 1000 + KEPT_LONGER_MS;

  async function look(): Promise<Known> {
    const at = performance.now();
    const rows = await store.db
      .selectFrom('token_key')
      .selectAll()
      .where('created_at', '>', clock.now() - usefulMs)
      .orderBy('created_at', 'desc')
      .orderBy('kid')
      .execute();
    return { rows, at };
  }

  async function rows(newerThanMs: number): Promise<readonly TokenKeyTable[]> {
    const before = await known?.catch(() => undefined);
    if (before !== undefined && performance.now() - before.at < newerThanMs) return before.rows;
    known = look();
    return (await known).rows;
  }

  async function make(): Promise<TokenKeyTable> {
    const { id, signer, record } = await keys.createFor(KEY_NAME, 'secp256r1');
    const kid = randomBytes(12).toString('base64url');
    const row = {
      kid,
      private_key_id: id,
      spki: Uint8Array.from(signer.publicKey.spki),
      created_at: clock.now(),
    };
    await store.transaction(async (tx) => {
      await record(tx);
      await tx.insertInto('token_key').values(row).execute();
    });
    known = undefined;
    return row;
  }

  return {
    async signing() {
      const [newest] = await rows(KNOWN_FOR_MS);
      const isFresh = newest !== undefined && clock.now() - newest.created_at < SIGNS_FOR_MS;
      const { kid, private_key_id } = isFresh ? newest : await make();
      return { kid, signer: await keys.signer(private_key_id) };
    },

    async verifying(kid) {
      const find = (among: readonly TokenKeyTable[]) => among.find((row) => row.kid === kid);
      // Another replica may have made it a moment ago.
      const row = find(await rows(KNOWN_FOR_MS)) ?? find(await rows(SOONEST_LOOK_MS));
      if (row === undefined) return undefined;
      const key = publicKeys.get(kid) ?? keyFromSpki(row.spki);
      publicKeys.set(kid, key);
      return key;
    },

    async published() {
      return (await rows(SOONEST_LOOK_MS)).map(({ kid, spki }) => {
        const { kty = '', crv = '', x = '', y = '' } = keyFromSpki(spki).export({ format: 'jwk' });
        return { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' };
      });
    },
  };
}

function keyFromSpki(spki: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
}
