import type { Certificate, Edition, Emaid, Fingerprint, Pcid } from '@plugpool/iso15118/pki';
import type { GuestVehicle } from '../pcp/vehicle.ts';
import type { IssuedRecord } from '../pki/issued.ts';

/** Contract data as an eMSP with its own PKI brings it: the private key is sealed for one vehicle already. */
export interface ContractData {
  readonly edition: Edition;
  readonly emaid: Emaid;
  /** Without it the data is signed and not stored. */
  readonly pcid?: Pcid;
  readonly certificate: Certificate;
  readonly subCa2?: Certificate;
  readonly subCa1: Certificate;
  /** IV ‖ ciphertext [V2G2-815]. */
  readonly encryptedPrivateKey: Uint8Array;
  /** Uncompressed ephemeral point [V2G2-819]. */
  readonly dhPublicKey: Uint8Array;
  /** The V2G root under which the CPS shall sign. */
  readonly cpsRoot?: Fingerprint;
  readonly metaData?: string;
}

/** A wish for a contract whose key pair and certificate this ecosystem makes. */
export interface ContractOrder {
  readonly edition: Edition;
  readonly emaid: Emaid;
  /** The EMAID as it shall stand in the contract certificate: upper case, no separators. */
  readonly commonName: string;
  readonly pcid: Pcid;
  /** Epoch milliseconds. */
  readonly begins: number;
  readonly ends: number;
  readonly cpsRoot?: Fingerprint;
  /** The root that the contract certificate shall descend from. */
  readonly moRoot?: Fingerprint;
  readonly metaData?: string;
}

/** What the CPS signed, ready for the contract pool or for the eMSP. */
export interface SignedContractData {
  readonly edition: Edition;
  readonly emaid: Emaid;
  /** The EMAID as the contract certificate's CN shows it. */
  readonly shownEmaid: string;
  readonly pcid?: Pcid;
  /** The PCID as the vehicle certificate's CN shows it. */
  readonly shownPcid?: string;
  readonly contractCertificate: Certificate;
  /** The CertificateInstallationRes as EXI, with session id 00. */
  readonly installationRes: Uint8Array;
  /** The V2G root above the CPS signer. */
  readonly cpsRoot: Certificate;
  readonly metaData?: string;
}

export type StorableContractData = SignedContractData & { readonly pcid: Pcid };

export interface ContractToStore {
  readonly data: StorableContractData;
  /** The vehicle certificate that the contract key was sealed for here. */
  readonly sealedFor?: Fingerprint;
  /** The vehicle, if it is that of another ecosystem: it is taken in with its contract. */
  readonly guest?: GuestVehicle | undefined;
  /** Of the contract certificate, if a CA of ours signed it just now. */
  readonly issued?: IssuedRecord;
}

/**
 * Resolves when the contract is on disk, with all that belongs to it. Throws `emaid-taken`; `vehicle-not-available`, also
 * when another certificate is published than the key was sealed for. Nothing of it is stored then.
 */
export type StoreContract = (contract: ContractToStore) => Promise<void>;
