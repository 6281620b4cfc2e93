import type { Certificate, RevocationReason } from '@plugpool/iso15118';
import type { RootCertificate, RootToAdd } from './anyone.ts';
import type { CallOptions, ChangeOptions } from './call-options.ts';
import type { SentCertificate } from './certificate-chain.ts';
import { type Dialect, inDialect, type Run } from './dialect.ts';

/** Whoever runs the ecosystem; beside this, an operator may do what every role may. */
export interface Operator<C extends SentCertificate = Certificate> {
  /** Where two operators decide (202), nothing is added yet. */
  addRoot(root: RootToAdd, options?: ChangeOptions): Promise<AddedRoot<C>>;
  /** Where two operators decide (202), nothing is removed yet. */
  removeRoot(id: string, options?: ChangeOptions): Promise<RemovedRoot>;
  /** Of a certificate of the ecosystem's own CAs. The OPCP has no such operation: a `CallError` `not-in-dialect`. */
  revoke(revocation: Revocation<SentCertificate>, options?: CallOptions): Promise<void>;
}

export type AddedRoot<C extends SentCertificate = Certificate> =
  | { readonly outcome: 'added'; readonly root: RootCertificate<C> }
  | ProposedChange;

export type RemovedRoot = { readonly outcome: 'removed' } | ProposedChange;

/** What another operator has to approve before it happens. */
export interface ProposedChange {
  readonly outcome: 'proposed';
  readonly approvalId: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export interface Revocation<C extends SentCertificate = Certificate> {
  readonly certificate: C;
  readonly reason: RevocationReason;
}

export function operator<C extends SentCertificate>(dialect: Dialect<C>, run: Run<C>): Operator<C> {
  return {
    addRoot: (root, options) => run(dialect.addRoot, root, options),
    removeRoot: (id, options) => run(dialect.removeRoot, id, options),
    revoke: async (revocation, options) => await run(inDialect(dialect.revoke, 'revoke'), revocation, options),
  };
}
