import type { Certificate, Edition } from '@plugpool/iso15118';
import type { CallOptions, ChangeOptions } from './call-options.ts';
import type { CertificateChain, SentCertificate } from './certificate-chain.ts';
import type { ContractEntry, SignedContractData } from './contracts.ts';
import type { DataToAdd } from './cps.ts';
import type { Dialect, Run } from './dialect.ts';
import { type Enrol, enrolIn } from './enrolment.ts';
import { type VehicleReader, vehicleReader } from './vehicles.ts';

/** The backend of an e-mobility service provider. */
export interface Emsp<C extends SentCertificate = Certificate> extends VehicleReader<C> {
  /** For a contract certificate: the common name of the request is the EMAID. */
  readonly enrol: Enrol<C>;
  /** Has the CPS sign contract data that the eMSP made itself; with a PCID it is stored as well. */
  signContractData(data: ContractData, options?: ChangeOptions): Promise<SignedContractData>;
  /** Has the ecosystem make key pair, contract certificate and envelope, sign and store them. */
  generateAndSign(order: ContractOrder, options?: ChangeOptions): Promise<void>;
  /** Puts data that a CPS elsewhere signed into the pool. */
  addSignedContractData(data: DataToAdd, options?: ChangeOptions): Promise<void>;
  contractsByEmaid(
    emaid: string,
    options?: CallOptions & { readonly edition?: Edition; readonly cpsRootFingerprint?: string },
  ): Promise<ContractEntry<C>[]>;
  withdraw(emaid: string, options?: ChangeOptions & { readonly skipRevocation?: boolean }): Promise<void>;
}

export interface ContractData {
  readonly edition: Edition;
  readonly emaid: string;
  readonly pcid?: string;
  readonly contractChain: CertificateChain<SentCertificate>;
  /** IV ‖ ciphertext, for this one vehicle. */
  readonly encryptedPrivateKey: Uint8Array;
  readonly dhPublicKey: Uint8Array;
  readonly cpsRootFingerprint?: string;
}

export interface ContractOrder {
  readonly edition: Edition;
  readonly emaid: string;
  readonly pcid: string;
  /** Epoch milliseconds. */
  readonly begins: number;
  readonly ends: number;
  readonly cpsRootFingerprint?: string;
  readonly moRootFingerprint?: string;
  readonly metaData?: string;
}

export function emsp<C extends SentCertificate>(dialect: Dialect<C>, run: Run<C>): Emsp<C> {
  return {
    ...vehicleReader(dialect, run),
    enrol: enrolIn('emsp', dialect, run),
    signContractData: (data, options) => run(dialect.signContractData, data, options),
    generateAndSign: (order, options) => run(dialect.generateAndSign, order, options),
    addSignedContractData: (data, options) => run(dialect.addSignedContractData, data, options),
    contractsByEmaid: (emaid, { edition, cpsRootFingerprint, ...options } = {}) =>
      run(dialect.contractsByEmaid, { id: emaid, edition, cpsRootFingerprint }, options),
    withdraw: (emaid, { skipRevocation = false, ...options } = {}) =>
      run(dialect.withdraw, { emaid, skipRevocation }, options),
  };
}
