/**
 * The private keys of this ecosystem. The rest of the server sees signers; where a key lives (sealed in the database, or
 * in a PKCS#11 token) is configured, kept with the key, and this room's own business.
 */
import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { type CurveName, generateKeyPair, publicKeyOf, type Signer, softwareSigner } from '@plugpool/iso15118/pki';
import type { Clock } from '../kernel/clock.ts';
import { TokenError } from '../kernel/token-error.ts';
import { traced } from '../kernel/tracing.ts';
import type { Store, Tx } from '../store/store.ts';
import { type KeyLocations, placeOf } from './key-locations.ts';
import { openKey, sealKey } from './sealed-key.ts';
import { type Token, token } from './token.ts';

export { TokenError } from '../kernel/token-error.ts';
export { type KeyLocations, parseKeyRules, type TokenSettings } from './key-locations.ts';
export { SealedKeyError } from './sealed-key.ts';

/** Octets that have to be kept and used again, such as the secret of an HMAC: sealed as private keys are. */
export interface Secrets {
  /** @param name stands for the place where the sealed octets are kept; needed to open them */
  seal(name: string, secret: Uint8Array): Uint8Array;
  /** @throws SealedKeyError */
  open(name: string, sealed: Uint8Array): Uint8Array;
}

export interface KeyStore {
  readonly secrets: Secrets;
  /** Makes a key pair. It is kept once `record` has run in a transaction that was committed. */
  create(curve: CurveName): NewKey;
  /** Takes over a private key that was made elsewhere, as `create` would have made it. */
  take(privateKey: KeyObject): NewKey;
  /**
   * Makes a key pair where the configuration wants the keys of that authority to be.
   * @throws TokenError when the token cannot make it
   */
  createFor(authorityName: string, curve: CurveName): Promise<NewKey>;
  /**
   * The signer of a kept key; opened once, then held in memory. Reads the database: not inside a transaction.
   * @throws SealedKeyError when the key was sealed with another master secret or is damaged
   * @throws TokenError when it is in a token that is not there
   */
  signer(id: string): Promise<Signer>;
  /**
   * Looks whether the keys are there and open. Those in the database are forgotten again: whoever starts has more of them
   * than it will sign with, and to make signers of all takes five times as long. Reads the database: not inside a transaction.
   * @throws SealedKeyError, TokenError as `signer` does
   */
  check(ids: readonly string[]): Promise<void>;
  /** Where keys are: `database`, or `pkcs11:TOKEN`. Reads the database: not inside a transaction. */
  locationsOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Why the keys cannot be used now; empty when they can. For readiness. */
  problems(): Promise<readonly string[]>;
  /** Ends the sessions with a token. */
  close(): Promise<void>;
}

export interface NewKey {
  readonly id: string;
  readonly signer: Signer;
  record(tx: Tx): Promise<void>;
}

export interface KeyStoreParts {
  readonly store: Store;
  /** At least 32 octets, see `loadMasterSecret`. */
  readonly masterSecret: Uint8Array;
  readonly clock: Clock;
  /** All keys are in the database where it is left out. */
  readonly locations?: KeyLocations | undefined;
}

const IN_DATABASE = 'database';
const IN_TOKEN = 'pkcs11';
const NOTHING_SEALED = new Uint8Array(0);

export function keyStore({ store, masterSecret, clock, locations = { rules: [] } }: KeyStoreParts): KeyStore {
  const opened = new Map<string, Promise<Signer>>();
  const hardware = locations.token && token(locations.token);

  async function open(id: string): Promise<Signer> {
    const row = await store.db
      .selectFrom('private_key')
      .select(['sealed_pkcs8', 'location', 'reference', 'spki'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw new Error(`there is no private key ${id}`);
    const { location, reference, spki, sealed_pkcs8 } = row;
    if (location === IN_DATABASE) return tracedSigner(signerOfPkcs8(openKey(masterSecret, id, sealed_pkcs8)), location);
    if (reference === null || spki === null) throw new Error(`the private key ${id} does not say where it is`);
    const { curve, ...publicKey } = publicKeyOf(createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' }));
    return tracedSigner(await theToken(hardware).signer(reference, curve, publicKey), location);
  }

  function signer(id: string): Promise<Signer> {
    const known = opened.get(id);
    if (known !== undefined) return known;
    const opening = open(id);
    opened.set(id, opening);
    // What failed now (a database that is away) may succeed later.
    opening.catch(() => opened.delete(id));
    return opening;
  }

  async function createInToken(authorityName: string, curve: CurveName): Promise<NewKey> {
    const { reference, spki, signer } = await theToken(hardware).generate(curve, authorityName);
    const id = randomUUID();
    const row = { id, curve, location: IN_TOKEN, reference, spki, sealed_pkcs8: NOTHING_SEALED };
    return {
      id,
      signer,
      async record(tx) {
        await tx
          .insertInto('private_key')
          .values({ ...row, created_at: clock.now() })
          .execute();
      },
    };
  }

  function take(privateKey: KeyObject): NewKey {
    const id = randomUUID();
    const signer = softwareSigner(privateKey);
    const sealed_pkcs8 = seal(masterSecret, id, privateKey);
    return {
      id,
      signer,
      async record(tx) {
        const row = { id, curve: signer.curve, location: IN_DATABASE, sealed_pkcs8, created_at: clock.now() };
        await tx.insertInto('private_key').values(row).execute();
      },
    };
  }

  const create = (curve: CurveName) => take(generateKeyPair(curve).privateKey);

  return {
    secrets: {
      seal: (name, secret) => sealKey(masterSecret, name, secret),
      open: (name, sealed) => openKey(masterSecret, name, sealed),
    },
    create,
    take,
    signer,
    async createFor(authorityName, curve) {
      return placeOf(authorityName, locations) === IN_TOKEN ? await createInToken(authorityName, curve) : create(curve);
    },
    async check(ids) {
      if (ids.length === 0) return;
      const rows = await store.db
        .selectFrom('private_key')
        .select(['id', 'location', 'sealed_pkcs8'])
        .where('id', 'in', ids)
        .execute();
      const byId = new Map(rows.map((row) => [row.id, row]));
      for (const id of ids) {
        const row = byId.get(id);
        if (row?.location === IN_DATABASE) openKey(masterSecret, id, row.sealed_pkcs8).fill(0);
        else await signer(id);
      }
    },
    async locationsOf(ids) {
      if (ids.length === 0) return new Map();
      const query = store.db.selectFrom('private_key').select(['id', 'location']).where('id', 'in', ids);
      const name = (location: string) => (location === IN_TOKEN ? `pkcs11:${locations.token?.token ?? '?'}` : location);
      return new Map((await query.execute()).map(({ id, location }) => [id, name(location)]));
    },
    async problems() {
      try {
        await hardware?.check();
        return [];
      } catch (error) {
        if (error instanceof TokenError) return [error.message];
        throw error;
      }
    },
    async close() {
      await hardware?.close();
    },
  };
}

/** @param location `database` or `pkcs11` */
function tracedSigner(signer: Signer, location: string): Signer {
  const attributes = { 'plugpool.curve': signer.curve, 'plugpool.key_location': location };
  return { ...signer, sign: (data) => traced('crypto sign', { attributes }, () => signer.sign(data)) };
}

function theToken(hardware: Token | undefined): Token {
  if (hardware !== undefined) return hardware;
  throw new TokenError(
    'a key is in a PKCS#11 token, and none is configured: set pkcs11-module, pkcs11-token and the PIN',
  );
}

function seal(masterSecret: Uint8Array, id: string, privateKey: KeyObject): Uint8Array {
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  try {
    return sealKey(masterSecret, id, pkcs8);
  } finally {
    pkcs8.fill(0);
  }
}

function signerOfPkcs8(pkcs8: Uint8Array): Signer {
  try {
    return softwareSigner(createPrivateKey({ key: asBuffer(pkcs8), format: 'der', type: 'pkcs8' }));
  } finally {
    pkcs8.fill(0);
  }
}

/** The same memory, so that clearing it clears the only copy. */
function asBuffer(octets: Uint8Array): Buffer {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
}
