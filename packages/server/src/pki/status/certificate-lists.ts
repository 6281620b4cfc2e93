/**
 * Certificate revocation lists (RFC 5280 §5), one for each authority: made when somebody asks and the last one is too
 * old or misses a revocation. Its number is taken by compare-and-swap, so it stands for one content in all replicas.
 */
import { keyIdentifierOf, type RevokedCertificate, writeCrl } from '@plugpool/iso15118/pki';
import type { Clock } from '../../kernel/clock.ts';
import type { KeyStore } from '../../keys/key-store.ts';
import type { Store } from '../../store/store.ts';
import type { Authority } from '../authorities.ts';
import { reasonOf } from '../revocation.ts';
import {
  countRevoked,
  type RevokedRow,
  replaceCrl,
  selectCrl,
  selectCrlState,
  selectRevoked,
} from './status-queries.ts';

export interface CertificateList {
  readonly der: Uint8Array;
  readonly number: number;
  /** Epoch milliseconds, whole seconds. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

export interface CertificateLists {
  /** What the authority has revoked, as the database says now. */
  of(authority: Authority): Promise<CertificateList>;
}

export interface CertificateListParts {
  readonly store: Store;
  readonly keys: KeyStore;
  readonly clock: Clock;
}

const HOUR_MS = 3_600_000;
const LIFETIME_MS = 24 * HOUR_MS;
/** Before its end, so that nobody is handed one that is about to end. */
const RENEWED_BEFORE_MS = 12 * HOUR_MS;
const TRIES = 5;

export function certificateLists({ store, keys, clock }: CertificateListParts): CertificateLists {
  const known = new Map<string, CertificateList>();
  const turns = new Map<string, Promise<unknown>>();

  /** The stored list when it is young enough and has every revocation. */
  async function current({ name }: Authority): Promise<{ list?: CertificateList; number: number }> {
    const state = await selectCrlState(store.db, name);
    if (state === undefined) return { number: 0 };
    const { number, this_update: thisUpdate, next_update: nextUpdate, revocations } = state;
    const now = clock.now();
    const isYoung = thisUpdate <= now && now < nextUpdate - RENEWED_BEFORE_MS;
    if (!isYoung || (await countRevoked(store.db, name)) !== revocations) return { number };
    const inMemory = known.get(name);
    if (inMemory?.number === number) return { list: inMemory, number };
    const der = await selectCrl(store.db, name, number);
    // Replaced since the line above: the next look finds the newer one.
    return der === undefined ? { number } : { list: { der, number, thisUpdate, nextUpdate }, number };
  }

  async function renewed(authority: Authority): Promise<CertificateList> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const { list, number } = await current(authority);
      if (list !== undefined) return list;
      // Read after the number: a list with a higher number never knows less than one with a lower number.
      const revoked = await selectRevoked(store.db, authority.name);
      const made = await make(authority, number + 1, revoked);
      const row = {
        authority_name: authority.name,
        number: made.number,
        crl: made.der,
        this_update: made.thisUpdate,
        next_update: made.nextUpdate,
        revocations: revoked.length,
      };
      if (await store.transaction((tx) => replaceCrl(tx, row))) return made;
    }
    throw new Error(`other processes took ${TRIES} numbers of the CRL of ${authority.name} in a row`);
  }

  async function make(authority: Authority, number: number, rows: readonly RevokedRow[]): Promise<CertificateList> {
    const thisUpdate = wholeSeconds(clock.now());
    const nextUpdate = thisUpdate + LIFETIME_MS;
    const signer = await keys.signer(authority.privateKeyId);
    const revoked = rows.filter((row) => isListed(row, thisUpdate)).map(entryOf);
    const der = await writeCrl(
      {
        issuer: authority.certificate.subject,
        // A CA that this version issued has one; what was imported may not.
        authorityKeyIdentifier: authority.certificate.subjectKeyIdentifier ?? keyIdentifierOf(signer.publicKey),
        number,
        thisUpdate,
        nextUpdate,
        revoked,
      },
      signer,
    );
    return { der, number, thisUpdate, nextUpdate };
  }

  /** One at a time makes a list; whoever waited finds it made. */
  function inTurn(authority: Authority): Promise<CertificateList> {
    const before = turns.get(authority.name) ?? Promise.resolve();
    const turn = before.then(
      () => renewed(authority),
      () => renewed(authority),
    );
    turns.set(authority.name, turn);
    return turn;
  }

  return {
    async of(authority) {
      const list = (await current(authority)).list ?? (await inTurn(authority));
      known.set(authority.name, list);
      return list;
    },
  };
}

/** RFC 5280 §3.3: it stays until a list was made after its certificate's end. */
function isListed({ not_after }: RevokedRow, now: number): boolean {
  return not_after + LIFETIME_MS > now;
}

function entryOf(row: RevokedRow): RevokedCertificate {
  return { serialNumber: Buffer.from(row.serial_hex, 'hex'), revokedAt: row.revoked_at ?? 0, reason: reasonOf(row) };
}

function wholeSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000;
}
