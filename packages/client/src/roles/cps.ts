import type { Certificate, Edition } from '@plugpool/iso15118';
import type { ChangeOptions } from './call-options.ts';
import type { SentCertificate } from './certificate-chain.ts';
import type { Dialect, Run } from './dialect.ts';
import { type Enrol, enrolIn } from './enrolment.ts';

/** A certificate provisioning service of its own. */
export interface Cps<C extends SentCertificate = Certificate> {
  /** For a signer's certificate. */
  readonly enrol: Enrol<C>;
  /** Puts what this service signed into the pool. */
  addSignedContractData(data: DataToAdd, options?: ChangeOptions): Promise<void>;
}

export interface DataToAdd {
  readonly edition: Edition;
  readonly emaid: string;
  readonly pcid: string;
  /** CertificateInstallationRes as EXI. */
  readonly installationRes: Uint8Array;
  readonly cpsRootFingerprint?: string;
  readonly metaData?: string;
}

export function cps<C extends SentCertificate>(dialect: Dialect<C>, run: Run<C>): Cps<C> {
  return {
    enrol: enrolIn('cps', dialect, run),
    addSignedContractData: (data, options) => run(dialect.addSignedContractData, data, options),
  };
}
