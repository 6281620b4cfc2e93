/** What the contract pool and the provisioning service tell of contracts. */
import type { Certificate, Edition } from '@plugpool/iso15118';
import type { SentCertificate } from './certificate-chain.ts';

/** A CertificateInstallationRes and what the pool says about it. */
export interface SignedContractData {
  /** EXI. */
  readonly installationRes: Uint8Array;
  readonly edition: Edition | undefined;
  /** Missing in an EXI answer that tells the car of a failure. */
  readonly emaid: string | undefined;
  readonly pcid: string | undefined;
  readonly cpsRootFingerprint: string | undefined;
  readonly cpsRootName: string | undefined;
  readonly metaData: string | undefined;
}

/** One for each V2G root that a contract's data is signed under. */
export interface ContractEntry<C extends SentCertificate = Certificate> {
  readonly emaid: string;
  readonly pcid: string;
  readonly edition: Edition | undefined;
  readonly contractCertificate: C;
  readonly isDefault: boolean;
  readonly cpsRootFingerprint: string | undefined;
  readonly cpsRootName: string | undefined;
}
