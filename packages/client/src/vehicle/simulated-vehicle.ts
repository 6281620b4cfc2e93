/**
 * A car as far as Plug & Charge goes: its keys, what it asks for, and what it accepts. It speaks ISO 15118-2, -20, or
 * both: then it has a provisioning certificate of each under one PCID.
 */
import { type KeyObject, randomBytes } from 'node:crypto';
import {
  algorithms,
  type Certificate,
  type Edition,
  generateKeyPair,
  type KeyPair,
  signCertificateInstallationReq,
  signCertificateInstallationReq20,
} from '@plugpool/iso15118';
import { type ContractKey, contractKeyIn } from './contract-key.ts';
import { verifyInstallationRes } from './installation-response.ts';
import { verifyInstallationRes20 } from './installation-response-20.ts';
import { InstallationSession } from './installation-session.ts';
import { Provisioning, type ProvisioningChain } from './provisioning.ts';
import { VehicleRefusal } from './vehicle-refusal.ts';
import type { ResponseCircumstances, VerifiedResponse } from './verified-response.ts';

export interface SimulatedVehicleOptions {
  /** Provisioning certificate identifier: 17 or 18 alphanumerics. */
  readonly pcid: string;
  /** Trust anchors that are built into the car; its requests name those of their edition, at most 20. */
  readonly v2gRoots: readonly Certificate[];
  /** One for each edition that the car speaks; one on secp256r1 is made when not given. */
  readonly keyPairs?: readonly KeyPair[];
  /** What a car with an Ed448 certificate agrees keys with; without it no envelope for X448 opens. */
  readonly x448PrivateKey?: KeyObject;
  readonly random?: (octets: number) => Uint8Array;
}

export interface WantedContracts {
  /** The car's first when not given. */
  readonly edition?: Edition;
  /** 0 to 255, 1 when not given. ISO 15118-2 gives one contract and knows no such wishes. */
  readonly maximumContractCertificateChains?: number;
  /** At most 8, the most wanted first. */
  readonly prioritizedEmaids?: readonly string[];
}

export interface ContractRequest {
  readonly edition: Edition;
  /** CertificateInstallationReq. */
  readonly exi: Uint8Array;
  /** 8 octets, which every answer has to repeat. */
  readonly sessionId: Uint8Array;
}

/** A contract that the car can charge with: everything about it was checked, and its key proven where that can be. */
export interface InstalledContract extends Omit<VerifiedResponse, 'encryptedPrivateKey' | 'dhPublicKey'> {
  readonly edition: Edition;
  readonly key: ContractKey;
  /** How many more contracts there are by the response; 0 in ISO 15118-2. */
  readonly remaining: number;
}

export class SimulatedVehicle {
  readonly pcid: string;
  readonly v2gRoots: readonly Certificate[];
  private readonly provisionings: readonly Provisioning[];
  private readonly x448PrivateKey: KeyObject | undefined;
  private readonly random: (octets: number) => Uint8Array;
  private session: InstallationSession | undefined;

  /** @throws RangeError for two keys of one edition */
  constructor({ pcid, v2gRoots, keyPairs, x448PrivateKey, random = randomBytes }: SimulatedVehicleOptions) {
    this.pcid = pcid;
    this.v2gRoots = v2gRoots;
    this.provisionings = (keyPairs ?? [generateKeyPair('secp256r1')]).map((pair) => new Provisioning(pcid, pair));
    if (new Set(this.editions).size < this.editions.length) throw new RangeError('a car has one key for each edition');
    this.x448PrivateKey = x448PrivateKey;
    this.random = random;
  }

  /** Those that the car speaks. */
  get editions(): readonly Edition[] {
    return this.provisionings.map(({ edition }) => edition);
  }

  /** PKCS #10 request for the provisioning certificate of an edition, the car's first when not given; DER. */
  certificateRequest(organization = 'Simulated vehicle', edition?: Edition): Promise<Uint8Array> {
    return this.provisioning(edition).certificateRequest(organization);
  }

  /** Takes the certificate for the key of its edition. @throws VehicleRefusal `foreign-certificate` */
  installProvisioning(chain: ProvisioningChain): void {
    const { edition } = algorithms[chain.certificate.publicKey.curve];
    if (!this.editions.includes(edition)) {
      throw new VehicleRefusal('foreign-certificate', `the car has no key of ${edition}`);
    }
    this.provisioning(edition).install(chain);
  }

  /** Of the car's first edition. @throws VehicleRefusal `not-ready` */
  get provisioningChain(): ProvisioningChain {
    return this.provisioningChainOf();
  }

  /** @throws VehicleRefusal `not-ready` */
  provisioningChainOf(edition?: Edition): ProvisioningChain {
    return this.provisioning(edition).chain;
  }

  /**
   * Asks for contracts in a new session.
   * @throws VehicleRefusal `not-ready` without a provisioning certificate or a V2G root of the edition
   */
  async requestContract(wanted: WantedContracts = {}): Promise<ContractRequest> {
    const { edition, chain, signer } = this.provisioning(wanted.edition);
    const sessionId = Uint8Array.from(this.random(8));
    const roots = this.rootsOf(edition);
    if (roots.length === 0) throw new VehicleRefusal('not-ready', `the car has no V2G root of ${edition}`);
    const { maximumContractCertificateChains = 1, prioritizedEmaids = [] } = wanted;
    const { exi } =
      edition === 'ISO15118-2'
        ? await signCertificateInstallationReq({
            sessionId,
            provisioningCertificate: chain.certificate,
            roots,
            signer,
          })
        : await signCertificateInstallationReq20({
            sessionId,
            timestamp: Date.now(),
            provisioningChain: chain,
            roots,
            maximumContractCertificateChains,
            prioritizedEmaids,
            signer,
          });
    this.session = new InstallationSession(edition, sessionId, maximumContractCertificateChains);
    return { edition, exi, sessionId };
  }

  /**
   * Takes a CertificateInstallationRes that answers the last request; where several do, one after the other.
   * @param options.at epoch milliseconds, now when not given
   * @throws VehicleRefusal for the first check that fails
   */
  installContract(exi: Uint8Array, { at = Date.now() }: { readonly at?: number } = {}): InstalledContract {
    const { session } = this;
    if (session === undefined) throw new VehicleRefusal('not-ready', 'the car has not asked for a contract');
    const { edition, sessionId } = session;
    const circumstances = { sessionId, v2gRoots: this.rootsOf(edition), at };
    if (edition === 'ISO15118-2') return this.installedFrom(exi, circumstances);
    const installed = this.installedFrom20(exi, circumstances, session);
    session.took(installed.remaining);
    return installed;
  }

  /**
   * Takes a CertificateInstallationRes that came through the manufacturer's own channel, in no session.
   * @param options.edition the car's first when not given
   */
  installProvidedContract(
    exi: Uint8Array,
    { at = Date.now(), edition }: { readonly at?: number; readonly edition?: Edition } = {},
  ): InstalledContract {
    const { edition: spoken } = this.provisioning(edition);
    const circumstances = { sessionId: undefined, v2gRoots: this.rootsOf(spoken), at };
    return spoken === 'ISO15118-2' ? this.installedFrom(exi, circumstances) : this.installedFrom20(exi, circumstances);
  }

  private installedFrom(exi: Uint8Array, circumstances: ResponseCircumstances): InstalledContract {
    const { encryptedPrivateKey, dhPublicKey, ...response } = verifyInstallationRes(exi, circumstances);
    const { keyPair } = this.provisioning('ISO15118-2');
    checkCurve(response.contractCertificate, keyPair);
    const key = contractKeyIn({
      edition: 'ISO15118-2',
      curve: keyPair.curve,
      encryptedPrivateKey,
      dhPublicKey,
      vehiclePrivateKey: keyPair.privateKey,
      contractPublicKey: response.contractCertificate.publicKey.point,
    });
    return { edition: 'ISO15118-2', ...response, key, remaining: 0 };
  }

  private installedFrom20(
    exi: Uint8Array,
    circumstances: ResponseCircumstances,
    session?: InstallationSession,
  ): InstalledContract {
    const { encryptedPrivateKey, dhPublicKey, ecdhCurve, ...response } = verifyInstallationRes20(exi, circumstances);
    session?.checkNext(response.remaining);
    const { keyPair } = this.provisioning('ISO15118-20');
    checkCurve(response.contractCertificate, keyPair);
    const own = keyPair.curve === 'ed448' ? 'X448' : 'SECP521';
    if (ecdhCurve !== own) {
      throw new VehicleRefusal('envelope', `the key is sealed on ${ecdhCurve}, the car agrees keys on ${own}`);
    }
    const vehiclePrivateKey = own === 'X448' ? this.x448PrivateKey : keyPair.privateKey;
    if (vehiclePrivateKey === undefined) {
      throw new VehicleRefusal('not-ready', 'the car has no X448 key to open the envelope with');
    }
    const key = contractKeyIn({
      edition: 'ISO15118-20',
      curve: keyPair.curve,
      encryptedPrivateKey,
      dhPublicKey,
      vehiclePrivateKey,
      contractPublicKey: response.contractCertificate.publicKey.point,
      pcid: this.pcid,
      contractSki: response.contractCertificate.subjectKeyIdentifier,
    });
    return { edition: 'ISO15118-20', ...response, key };
  }

  private provisioning(edition?: Edition): Provisioning {
    const found = this.provisionings.find((each) => edition === undefined || each.edition === edition);
    if (found !== undefined) return found;
    throw new VehicleRefusal('not-ready', `the car does not speak ${edition ?? 'ISO 15118'}`);
  }

  /** An edition has curves of its own, so a root of one is none of the other. */
  private rootsOf(edition: Edition): readonly Certificate[] {
    return this.v2gRoots.filter(({ publicKey }) => algorithms[publicKey.curve].edition === edition);
  }
}

/** An envelope has room for keys of its own curve. */
function checkCurve(contract: Certificate, { curve }: KeyPair): void {
  if (contract.publicKey.curve === curve) return;
  const text = `a contract key on ${contract.publicKey.curve}, for a car on ${curve}`;
  throw new VehicleRefusal('envelope', text);
}
