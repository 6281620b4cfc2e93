import type { Certificate, Edition } from '@plugpool/iso15118';
import type { CallOptions } from './call-options.ts';
import type { CertificateChain, SentCertificate } from './certificate-chain.ts';
import { type Dialect, inDialect, type Run } from './dialect.ts';
import type { EstTarget } from './enrolment.ts';

/** What every party may read. */
export interface Anyone<C extends SentCertificate = Certificate> {
  roots(options?: CallOptions & { readonly type?: RootType }): Promise<RootCertificate<C>[]>;
  root(id: string, options?: CallOptions): Promise<RootCertificate<C>>;
  /** The ecosystem's roots as one signed list. The OPNC has no such operation: a `CallError` `not-in-dialect`. */
  trustList(options?: CallOptions): Promise<TrustList<C>>;
  cpsCertificates(options?: CallOptions): Promise<CpsCertificate<C>[]>;
  /** The CAs that issue to a role (EST cacerts, RFC 7030 §4.1): sub CA 2, sub CA 1, root. */
  caCertificates(target: EstTarget, options?: CallOptions): Promise<C[]>;
}

/** What the OPCP calls `MO` is `eMSP` here. */
export type RootType = 'eMSP' | 'V2G' | 'OEM' | 'PE';

export interface RootCertificate<C extends SentCertificate = Certificate> {
  readonly id: string;
  readonly certificate: C;
  /** `RootType`s; an ecosystem may know more. */
  readonly types: readonly string[];
  /** Trust lists that the root is on; the OPCP does not tell. */
  readonly ctlList: readonly string[];
}

/** As it came: whoever trusts it verifies its signature and its signer first. */
export interface TrustList<C extends SentCertificate = Certificate> {
  readonly signer: C;
  /** Epoch milliseconds. */
  readonly signedAt: number;
  /** The signed list; ours is a JWS in its flattened JSON form (RFC 7515 §7.2.2). */
  readonly list: Readonly<Record<string, unknown>>;
}

export interface RootToAdd {
  readonly certificate: SentCertificate;
  /** The OPCP knows one type of a root: only the first is sent there. */
  readonly types: readonly [RootType, ...RootType[]];
  readonly ctlList?: readonly string[];
}

export interface CpsCertificate<C extends SentCertificate = Certificate> extends CertificateChain<C> {
  readonly edition: Edition | undefined;
  readonly v2gRootFingerprint: string;
  readonly v2gRootName: string;
}

export function anyone<C extends SentCertificate>(dialect: Dialect<C>, run: Run<C>): Anyone<C> {
  return {
    roots: ({ type, ...options } = {}) => run(dialect.roots, type, options),
    root: (id, options) => run(dialect.root, id, options),
    trustList: async (options) => await run(inDialect(dialect.trustList, 'certificate trust list'), undefined, options),
    cpsCertificates: (options) => run(dialect.cpsCertificates, undefined, options),
    caCertificates: (target, options) => run(dialect.caCertificates, target, options),
  };
}
