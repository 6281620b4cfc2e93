/** Delegated OCSP responders (RFC 6960 §4.2.2.2): for each authority a key and a certificate that may only do this. */
import {
  type Certificate,
  certificateProfiles,
  der,
  type Extension,
  extendedKeyUsages,
  extKeyUsage,
  isSignedBy,
  keyIdentifierOf,
  makeName,
  profileExtensions,
  randomSerialNumber,
  readCertificate,
  type Signer,
  writeCertificate,
} from '@plugpool/iso15118/pki';
import type { Clock } from '../../kernel/clock.ts';
import type { KeyStore } from '../../keys/key-store.ts';
import type { Store } from '../../store/store.ts';
import type { Authority } from '../authorities.ts';
import { recordIssued, recordOf } from '../issued.ts';
import { statusOf } from '../revocation.ts';
import { ownOrganization } from '../subject.ts';
import { insertResponder, selectLatestResponder } from './status-queries.ts';

export interface OcspResponder {
  readonly certificate: Certificate;
  readonly signer: Signer;
}

export interface OcspResponders {
  /**
   * Who signs answers about what the authority issued: made when it is first asked for, renewed a month before it
   * expires, or within a minute of its own revocation; the same one in every replica. `undefined` for an authority that is itself not valid now.
   */
  of(authority: Authority): Promise<OcspResponder | undefined>;
}

export interface OcspResponderParts {
  readonly store: Store;
  readonly keys: KeyStore;
  readonly clock: Clock;
}

const DAY_MS = 86_400_000;
/** Nobody can revoke it (`id-pkix-ocsp-nocheck`), so it does not live long. */
const LIFETIME_MS = 90 * DAY_MS;
const RENEWED_BEFORE_MS = 30 * DAY_MS;
/** How old what is in memory may be before the database is asked whether the operator has revoked it. */
const RECHECK_MS = 60_000;

const responderProfile = { ca: false, keyUsage: certificateProfiles.cps.keyUsage } as const;

/** RFC 6960 §4.2.2.2.1: its own status is not to be asked for. */
const noCheck: Extension = {
  oid: '1.3.6.1.5.5.7.48.1.5',
  critical: false,
  value: der.encodeDer(der.nullValue()),
};

export function ocspResponders({ store, keys, clock }: OcspResponderParts): OcspResponders {
  const current = new Map<string, Promise<OcspResponder>>();
  const inUse = new Map<string, OcspResponder & { readonly readAt: number }>();

  async function stored(authority: Authority): Promise<(OcspResponder & { generation: number }) | undefined> {
    const row = await selectLatestResponder(store.db, authority.name);
    if (row === undefined) return undefined;
    const { certificate, private_key_id, generation } = row;
    return { certificate: readCertificate(certificate), signer: await keys.signer(private_key_id), generation };
  }

  async function isRevoked({ certificate: { fingerprint } }: OcspResponder): Promise<boolean> {
    return typeof (await statusOf(store.db, [fingerprint])).get(fingerprint) === 'object';
  }

  async function renewed(authority: Authority): Promise<OcspResponder> {
    const last = await stored(authority);
    if (last !== undefined && !isDue(last.certificate, authority, clock.now()) && !(await isRevoked(last))) return last;
    const generation = (last?.generation ?? 0) + 1;
    try {
      return await make(authority, generation);
    } catch (error) {
      const others = store.isUniqueViolation(error) ? await stored(authority) : undefined;
      if (others === undefined || others.generation < generation) throw error;
      return others;
    }
  }

  async function make(authority: Authority, generation: number): Promise<OcspResponder> {
    const key = keys.create(authority.certificate.publicKey.curve);
    const now = clock.now();
    const certificate = await issueResponder(authority, await keys.signer(authority.privateKeyId), key.signer, now);
    await store.transaction(async (tx) => {
      await key.record(tx);
      await recordIssued(tx, [recordOf(authority.name, certificate, now)]);
      await insertResponder(tx, {
        authority_name: authority.name,
        generation,
        certificate: certificate.der,
        private_key_id: key.id,
        created_at: now,
      });
    });
    return { certificate, signer: key.signer };
  }

  return {
    async of(authority) {
      const now = clock.now();
      if (now < authority.certificate.notBefore || now > authority.certificate.notAfter) return undefined;
      const known = inUse.get(authority.name);
      const age = now - (known?.readAt ?? Number.NEGATIVE_INFINITY);
      if (known !== undefined && age >= 0 && age < RECHECK_MS) return known;
      const renewing = current.get(authority.name) ?? renewed(authority);
      current.set(authority.name, renewing);
      try {
        const responder = await renewing;
        inUse.set(authority.name, { ...responder, readAt: now });
        return responder;
      } finally {
        current.delete(authority.name);
      }
    },
  };
}

/** One that ends with its authority cannot be replaced by one that lives longer. */
function isDue({ notBefore, notAfter }: Certificate, authority: Authority, now: number): boolean {
  return now < notBefore || (now > notAfter - RENEWED_BEFORE_MS && notAfter < authority.certificate.notAfter);
}

async function issueResponder(
  authority: Authority,
  issuer: Signer,
  subject: Signer,
  now: number,
): Promise<Certificate> {
  const { certificate: ca, name } = authority;
  const der = await writeCertificate(
    {
      serialNumber: randomSerialNumber(),
      issuer: ca.subject,
      subject: makeName([
        { type: 'C', value: ownOrganization.country },
        { type: 'O', value: ownOrganization.organization },
        { type: 'CN', value: `OCSP responder ${name}` },
      ]),
      // Clocks differ.
      notBefore: Math.max(now - DAY_MS, ca.notBefore),
      notAfter: Math.min(now + LIFETIME_MS, ca.notAfter),
      spki: subject.publicKey.spki,
      extensions: [
        ...profileExtensions(responderProfile, {
          subjectKey: subject.publicKey,
          issuerKeyIdentifier: ca.subjectKeyIdentifier ?? keyIdentifierOf(ca.publicKey),
        }),
        extKeyUsage(extendedKeyUsages.ocspSigning),
        noCheck,
      ],
    },
    issuer,
  );
  const certificate = readCertificate(der);
  if (!isSignedBy(certificate, ca)) throw new Error(`the key of ${name} does not belong to its certificate`);
  return certificate;
}
