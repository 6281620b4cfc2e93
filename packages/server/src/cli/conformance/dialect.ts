/** The dialects as a customer of an ecosystem writes them: how each asks, and where it answers what. */
import type { CurveName, Edition } from '@plugpool/iso15118';
import type { Chain } from './own-keys.ts';
import type { Ask } from './probe.ts';

export interface ContractToSign {
  readonly emaid: string;
  readonly pcid: string;
  readonly chain: Chain;
  readonly encryptedPrivateKey: Uint8Array;
  readonly dhPublicKey: Uint8Array;
}

export interface ContractToGenerate {
  readonly emaid: string;
  readonly pcid: string;
  /** ISO 8601. */
  readonly begins: string;
  readonly ends: string;
}

export interface EstTarget {
  readonly ca: 'oem' | 'mo';
  readonly edition: Edition;
  readonly curve: CurveName;
}

/** What is `undefined` the dialect does not have. */
export interface ConformanceDialect {
  readonly name: 'opnc' | 'opcp' | 'quickstart';
  readonly roots: Ask;
  rootsIn(json: unknown): readonly { readonly id: string; readonly certificate: string }[];
  root(id: string): Ask;
  readonly signers?: Ask;
  /** Leaf, sub CA 2, sub CA 1, each in base64. */
  signersIn(json: unknown): readonly (readonly string[])[];
  publish(vehicle: Chain, edition: Edition): Ask;
  readonly published: number;
  vehicle(pcid: string): Ask;
  vehicleCertificateIn(json: unknown): string;
  lookUp?(pcid: string): Ask;
  depublish(pcid: string): Ask;
  sign(contract: ContractToSign, edition: Edition): Ask;
  readonly signed: number;
  generate?(order: ContractToGenerate, edition: Edition): Ask;
  byEmaid?(emaid: string, edition: Edition): Ask;
  byPcid?(pcid: string, edition: Edition): Ask;
  /** Of a list of contracts. */
  contractsIn(json: unknown): readonly { readonly emaid: string; readonly isDefault: boolean }[];
  install(request: Uint8Array, edition: Edition): Ask;
  /** CertificateInstallationRes in base64. */
  deliveredIn(json: unknown): readonly string[];
  provide?(emaid: string, pcid: string, edition: Edition, sessionId: string): Ask;
  providedIn(json: unknown): string;
  setDefault?(emaid: string, pcid: string): Ask;
  withdraw(emaid: string): Ask;
  enrol(target: EstTarget, request: Uint8Array): Ask;
  caCertificates(target: EstTarget): Ask;
}
