import type { Edition, Emaid, Fingerprint, Pcid } from '@plugpool/iso15118/pki';
import type { OwnStatus } from '../pki/own-status.ts';

/** One entry of the pool: signed contract data under one CPS root, with the contract it belongs to. */
export interface StoredContract {
  readonly emaid: Emaid;
  /** The EMAID as the contract certificate's CN shows it. */
  readonly shownEmaid: string;
  readonly pcid: Pcid;
  /** The PCID as the vehicle certificate's CN shows it. */
  readonly shownPcid: string;
  readonly edition: Edition;
  readonly isDefault: boolean;
  /** DER. */
  readonly contractCertificate: Uint8Array;
  readonly contractFingerprint: Fingerprint;
  /** Validity of the contract certificate, epoch milliseconds. */
  readonly validFrom: number;
  readonly validTo: number;
  readonly cpsRootFingerprint: Fingerprint;
  readonly cpsRootName: string;
  /** Lower-case hex. */
  readonly cpsRootSerial: string;
  /** CertificateInstallationRes as EXI, with session id 00. */
  readonly installationRes: Uint8Array;
  readonly metaData?: string;
}

/** With how its certificate stands if it is one of our own. */
export interface InstallableContract extends StoredContract {
  readonly ownStatus: OwnStatus;
}

/** An entry without what only the car can read, which is most of its octets. */
export type ListedContract = Omit<StoredContract, 'installationRes'>;

/** What is told of a contract when it is handed out, be it of this pool or of another's. */
export type HandedOutContract = Pick<
  StoredContract,
  'emaid' | 'shownEmaid' | 'shownPcid' | 'edition' | 'cpsRootFingerprint' | 'cpsRootName' | 'metaData'
>;

/** An entry by its contract certificate, and until when that is valid. */
export interface StoredCertificate {
  readonly id: string;
  readonly emaid: Emaid;
  readonly edition: Edition;
  readonly fingerprint: Fingerprint;
  /** Epoch milliseconds. */
  readonly validTo: number;
}

/** Narrows a reading of the pool. */
export interface ContractFilter {
  readonly edition: Edition;
  readonly cpsRoot?: Fingerprint;
  /** Only the default contract of the vehicle. */
  readonly defaultOnly?: boolean;
}
