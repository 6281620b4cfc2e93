/** The roots of a peer beside ours. Nothing is taken over by itself: an operator chooses. */
import { createPublicKey } from 'node:crypto';
import type { RoleClients } from '@plugpool/client';
import { type Certificate, CertificateError, readCertificate } from '@plugpool/iso15118/pki';
import type { FlattenedVerifyGetKey } from 'jose';
import { chainEndsAt } from '../kernel/certificate-chain.ts';
import { DomainError, refuse } from '../kernel/domain-error.ts';
import { ROOT_TYPES, type RootCertificate, type RootType } from '../rcp/root-certificate.ts';
import { callFailureIn } from './call-failure.ts';

/** A root of the peer: unknown here, trusted here for less, or trusted here for all that the peer says. */
export type RootDifference = 'unknown' | 'other-types' | 'same';

export interface PeerRoot {
  readonly certificate: Certificate;
  /** What the peer trusts it for. */
  readonly types: readonly RootType[];
  readonly ctlList: readonly string[];
  readonly difference: RootDifference;
  /** Whether it is on the peer's signed list; undefined when there is none that can be believed. */
  readonly onTrustList?: boolean;
}

export interface PeerRoots {
  readonly roots: readonly PeerRoot[];
  /** Roots of ours that the peer has not. */
  readonly ours: readonly RootCertificate[];
  /** Absent when the peer has none. */
  readonly trustList?: { readonly signedAt: number; readonly problem?: string };
}

export interface PeerRootsNeeds {
  readonly clients: RoleClients;
  readonly ours: readonly RootCertificate[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly deadlineMs: number;
}

const MOST_ROOTS = 10_000;

/** Throws `peer-unanswered`. */
export async function peerRoots({ clients, ours, now, deadlineMs }: PeerRootsNeeds): Promise<PeerRoots> {
  const { anyone } = clients;
  const listed = await answered(anyone.roots({ signal: AbortSignal.timeout(deadlineMs) }));
  if (listed.length > MOST_ROOTS) throw refuse('peer-unanswered', `it has ${listed.length} roots`);
  const list = await trustListOf(clients, { ours, now, deadlineMs });
  // The OPCP has one entry for each type of a root.
  const byFingerprint = Map.groupBy(listed, ({ certificate }) => certificate.fingerprint);
  const roots = [...byFingerprint].flatMap(([fingerprint, entries]): PeerRoot[] => {
    const names = entries.flatMap(({ types }) => types).map((name) => (name === 'eMSP' ? 'MO' : name));
    const types = ROOT_TYPES.filter((type) => names.includes(type));
    const [first] = entries;
    if (first === undefined || types.length === 0) return [];
    const here = ours.find(({ certificate }) => certificate.fingerprint === fingerprint);
    const isSame = here !== undefined && types.every((type) => here.types.includes(type));
    return [
      {
        ...{ certificate: first.certificate, types },
        ctlList: [...new Set(entries.flatMap(({ ctlList }) => ctlList))],
        difference: here === undefined ? 'unknown' : isSame ? 'same' : 'other-types',
        ...(list?.fingerprints && { onTrustList: list.fingerprints.has(fingerprint) }),
      },
    ];
  });
  return {
    roots,
    ours: ours.filter(({ certificate }) => !byFingerprint.has(certificate.fingerprint)),
    ...(list && {
      trustList: { signedAt: list.signedAt, ...(list.problem !== undefined && { problem: list.problem }) },
    }),
  };
}

interface ReadTrustList {
  readonly signedAt: number;
  /** Of the roots on it; absent when it cannot be believed, and `problem` says why. */
  readonly fingerprints?: ReadonlySet<string>;
  readonly problem?: string;
}

/** Only the OPCP has one, and an ecosystem may have nobody to sign it. */
async function trustListOf(
  { anyone }: RoleClients,
  { ours, now, deadlineMs }: Omit<PeerRootsNeeds, 'clients'>,
): Promise<ReadTrustList | undefined> {
  const { errors } = await import('jose');
  try {
    const { signedAt, list } = await anyone.trustList({ signal: AbortSignal.timeout(deadlineMs) });
    try {
      return { signedAt, fingerprints: await believedRoots(list, ours, now) };
    } catch (error) {
      const isWrong = [errors.JOSEError, DomainError, CertificateError, TypeError, SyntaxError, RangeError];
      if (!(error instanceof Error) || !isWrong.some((kind) => error instanceof kind)) throw error;
      return { signedAt, problem: error.message };
    }
  } catch (error) {
    if ((await callFailureIn(error)) === undefined) throw error;
    return undefined;
  }
}

/** A flattened JWS (RFC 7515 §7.2.2) of a signer whose chain ends at a V2G root of ours. */
async function believedRoots(
  list: Readonly<Record<string, unknown>>,
  ours: readonly RootCertificate[],
  at: number,
): Promise<ReadonlySet<string>> {
  const [payload, protectedHeader, signature] = [list['payload'], list['protected'], list['signature']].map(String);
  const jws = { payload: payload ?? '', protected: protectedHeader ?? '', signature: signature ?? '' };
  const keyOf: FlattenedVerifyGetKey = (header) => {
    const [leaf, ...subCas] = (header?.x5c ?? []).map((text) => readCertificate(Buffer.from(text, 'base64')));
    const [first, second] = subCas;
    if (leaf === undefined || first === undefined) throw new TypeError('the list does not come with its signer');
    const subCa = second === undefined ? { subCa1: first } : { subCa2: first, subCa1: second };
    const roots = ours.filter(({ types }) => types.includes('V2G')).map(({ certificate }) => certificate);
    chainEndsAt({ leaf, ...subCa, roots, at, edition: 'ISO15118-2' }, chainFields, 'V2G');
    return createPublicKey({ key: Buffer.from(leaf.publicKey.spki), format: 'der', type: 'spki' });
  };
  const { flattenedVerify } = await import('jose');
  const verified = await flattenedVerify(jws, keyOf, { algorithms: ['ES256'] });
  const content: unknown = JSON.parse(Buffer.from(verified.payload).toString('utf8'));
  const { rootCertificates }: { rootCertificates?: unknown } = Object(content);
  if (!Array.isArray(rootCertificates)) throw new TypeError('the list is in another form than ours');
  return new Set(
    rootCertificates.map((entry: unknown) => {
      const { caCertificate }: { caCertificate?: unknown } = Object(entry);
      return readCertificate(Buffer.from(String(caCertificate), 'base64')).fingerprint;
    }),
  );
}

const chainFields = { leaf: 'trust list signer', subCa2: 'its sub CA 2', subCa1: 'its sub CA 1' };

/** Throws `peer-unanswered` for whatever keeps the peer from answering. */
export async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const failure = await callFailureIn(error);
    throw failure === undefined ? error : refuse('peer-unanswered', failure.message);
  }
}
