/** Root Certificate Pool: the trust anchors of the ecosystem, and the only place that says which roots count. */
import { randomUUID } from 'node:crypto';
import { type Certificate, type Fingerprint, isCa, isSignedBy, namesEqual } from '@plugpool/iso15118/pki';
import { audit } from '../access/audit-log.ts';
import { rootEvents } from '../events/event.ts';
import type { RecordEvents } from '../events/event-log.ts';
import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { Db, Store, Tx } from '../store/store.ts';
import type { RootCertificate, RootType } from './root-certificate.ts';
import { deleteRoot, inOrder, selectRoot, selectRoots, upsertRoot } from './root-queries.ts';

export interface RootCertificatePoolNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly record: RecordEvents;
}

export interface NewRoot {
  readonly certificate: Certificate;
  readonly types: readonly RootType[];
  readonly ctlList?: readonly string[];
}

export interface RootCertificatePool {
  /** In the order in which they were added. */
  list(type?: RootType): Promise<RootCertificate[]>;
  /** Throws `root-not-found`. `db` is the caller's transaction, if there is one. */
  get(id: string, db?: Db): Promise<RootCertificate>;
  /** Adding a root twice gives one entry with the types of both. Throws `certificate-refused`. */
  add(tx: Tx, root: NewRoot): Promise<RootCertificate>;
  /** V2G roots of our own, in the transaction that makes them: the pools trust them from their first moment. */
  trustOwn(tx: Tx, roots: readonly Certificate[]): Promise<void>;
  /** The root that was there. Throws `root-not-found`. */
  remove(tx: Tx, id: string): Promise<RootCertificate>;
  /** Removes a root that is of no use any more; false when it had gone already. */
  cleanse(id: string, why: 'expired' | 'revoked'): Promise<boolean>;
  /** The roots that a chain may end at, for any of the given types. `db` is the caller's transaction, if there is one. */
  anchors(types: readonly RootType[], db?: Db): Promise<Certificate[]>;
  find(fingerprint: Fingerprint | string, db?: Db): Promise<RootCertificate | undefined>;
}

export function rootCertificatePool({ store, clock, record }: RootCertificatePoolNeeds): RootCertificatePool {
  async function add(tx: Tx, { certificate, types, ctlList = [] }: NewRoot): Promise<RootCertificate> {
    const now = clock.now();
    checkTrustAnchor(certificate, now);
    const before = await selectRoot(tx, { fingerprint: certificate.fingerprint });
    const added = { id: randomUUID(), certificate, types: inOrder(types), ctlList, addedAt: now };
    const root = await upsertRoot(tx, added);
    const newTypes = root.types.filter((type) => before?.types.includes(type) !== true);
    const change = { operation: 'root.add', object: certificate.fingerprint, after: contentOf(root) } as const;
    await audit(tx, now, [{ ...change, before: before && contentOf(before) }]);
    await record(tx, rootEvents('root.cert.added', root, newTypes));
    return root;
  }

  return {
    async list(type) {
      const roots = await selectRoots(store.db);
      return type === undefined ? roots : roots.filter((root) => root.types.includes(type));
    },

    async get(id, db = store.db) {
      const root = isId(id) ? await selectRoot(db, { id }) : undefined;
      if (root === undefined) throw refuse('root-not-found');
      return root;
    },

    add,

    async trustOwn(tx, roots) {
      for (const certificate of roots) await add(tx, { certificate, types: ['V2G'] });
    },

    async remove(tx, id) {
      const root = isId(id) ? await deleteRoot(tx, id) : undefined;
      if (root === undefined) throw refuse('root-not-found');
      await audit(tx, clock.now(), [
        { operation: 'root.remove', object: root.certificate.fingerprint, before: contentOf(root) },
      ]);
      await record(tx, rootEvents('root.cert.revoked', root, root.types));
      return root;
    },

    async cleanse(id, why) {
      return await store.transaction(async (tx) => {
        const root = await deleteRoot(tx, id);
        if (root === undefined) return false;
        await audit(tx, clock.now(), [
          { operation: 'root.remove', object: root.certificate.fingerprint, before: contentOf(root) },
        ]);
        await record(tx, rootEvents(`root.cert.${why}`, root, root.types));
        return true;
      });
    },

    async anchors(types, db = store.db) {
      const roots = await selectRoots(db);
      return roots.filter((root) => root.types.some((type) => types.includes(type))).map((root) => root.certificate);
    },

    find: (fingerprint, db = store.db) => selectRoot(db, { fingerprint }),
  };
}

/** What trust in a root depends on. */
function contentOf({ certificate, types, ctlList }: RootCertificate): string {
  return JSON.stringify([certificate.fingerprint, types, ctlList]);
}

/** What is no UUID names no root; PostgreSQL would fail on some of it (U+0000). */
function isId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/** A root is a CA that signed itself and is valid now. */
function checkTrustAnchor(certificate: Certificate, now: number): void {
  const refused = (why: string) => refuse('certificate-refused', 'caCertificate', why);
  if (!isCa(certificate)) throw refused('is not a CA certificate');
  if (!namesEqual(certificate.subject, certificate.issuer) || !isSignedBy(certificate, certificate)) {
    throw refused('is not self-signed, so it is no root');
  }
  if (certificate.notAfter < now) throw refused(`expired at ${new Date(certificate.notAfter).toISOString()}`);
  if (certificate.notBefore > now)
    throw refused(`is not valid before ${new Date(certificate.notBefore).toISOString()}`);
}
