/** A car of ISO 15118-2 as far as Plug & Charge goes: its key, what it asks for, and what it accepts. */
import { type KeyObject, randomBytes } from 'node:crypto';
import {
  type Certificate,
  commonNameOf,
  EnvelopeError,
  generateKeyPair,
  type KeyPair,
  makeName,
  openContractKey,
  signCertificateInstallationReq,
  softwareSigner,
  writeCertificateRequest,
} from '@plugpool/iso15118';
import { type VerifiedResponse, verifyInstallationRes } from './installation-response.ts';
import { VehicleRefusal } from './vehicle-refusal.ts';

export interface SimulatedVehicleOptions {
  /** Provisioning certificate identifier: 17 or 18 alphanumerics. */
  readonly pcid: string;
  /** Trust anchors that are built into the car; named in its requests, at most 20. */
  readonly v2gRoots: readonly Certificate[];
  /** On secp256r1; made when not given. */
  readonly keyPair?: KeyPair;
  readonly random?: (octets: number) => Uint8Array;
}

/** The provisioning certificate of the car with its sub CAs. */
export interface ProvisioningChain {
  readonly certificate: Certificate;
  readonly subCa2?: Certificate | undefined;
  readonly subCa1: Certificate;
}

export interface ContractRequest {
  /** CertificateInstallationReq. */
  readonly exi: Uint8Array;
  /** 8 octets, which the answer has to repeat. */
  readonly sessionId: Uint8Array;
}

/** A contract that the car can charge with: everything about it was checked. */
export interface InstalledContract extends Omit<VerifiedResponse, 'encryptedPrivateKey' | 'dhPublicKey'> {
  /** Key of the contract certificate. */
  readonly privateKey: KeyObject;
}

export class SimulatedVehicle {
  readonly pcid: string;
  readonly v2gRoots: readonly Certificate[];
  private readonly keyPair: KeyPair;
  private readonly random: (octets: number) => Uint8Array;
  private provisioning: ProvisioningChain | undefined;
  private sessionId: Uint8Array | undefined;

  constructor({ pcid, v2gRoots, keyPair, random = randomBytes }: SimulatedVehicleOptions) {
    this.pcid = pcid;
    this.v2gRoots = v2gRoots;
    this.keyPair = keyPair ?? generateKeyPair('secp256r1');
    this.random = random;
  }

  /** PKCS #10 request for the provisioning certificate, DER. */
  certificateRequest(organization = 'Simulated vehicle'): Promise<Uint8Array> {
    const subject = makeName([
      { type: 'O', value: organization },
      { type: 'DC', value: 'OEM' },
      { type: 'CN', value: this.pcid },
    ]);
    return writeCertificateRequest({ subject, signer: softwareSigner(this.keyPair.privateKey) });
  }

  /** @throws VehicleRefusal `foreign-certificate` */
  installProvisioning(chain: ProvisioningChain): void {
    const { publicKey, subject } = chain.certificate;
    if (Buffer.compare(publicKey.point, this.keyPair.point) !== 0) {
      throw new VehicleRefusal('foreign-certificate', 'the provisioning certificate is for another key');
    }
    const commonName = commonNameOf(subject);
    if (commonName?.toUpperCase() !== this.pcid.toUpperCase()) {
      throw new VehicleRefusal('foreign-certificate', `the provisioning certificate is for ${commonName ?? 'no PCID'}`);
    }
    this.provisioning = chain;
  }

  get provisioningChain(): ProvisioningChain {
    if (this.provisioning !== undefined) return this.provisioning;
    throw new VehicleRefusal('not-ready', 'the car has no provisioning certificate yet');
  }

  /** Asks for a contract in a new session. @throws VehicleRefusal `not-ready` without a provisioning certificate */
  async requestContract(): Promise<ContractRequest> {
    const { certificate } = this.provisioningChain;
    const sessionId = Uint8Array.from(this.random(8));
    const { exi } = await signCertificateInstallationReq({
      sessionId,
      provisioningCertificate: certificate,
      roots: this.v2gRoots,
      signer: softwareSigner(this.keyPair.privateKey),
    });
    this.sessionId = sessionId;
    return { exi, sessionId };
  }

  /**
   * Takes a CertificateInstallationRes that answers the last request.
   * @param options.at epoch milliseconds, now when not given
   * @throws VehicleRefusal for the first check that fails
   */
  installContract(exi: Uint8Array, { at = Date.now() }: { readonly at?: number } = {}): InstalledContract {
    if (this.sessionId === undefined) throw new VehicleRefusal('not-ready', 'the car has not asked for a contract');
    return this.opened(verifyInstallationRes(exi, { sessionId: this.sessionId, v2gRoots: this.v2gRoots, at }));
  }

  /** Takes a CertificateInstallationRes that came through the manufacturer's own channel, in no session. */
  installProvidedContract(exi: Uint8Array, { at = Date.now() }: { readonly at?: number } = {}): InstalledContract {
    return this.opened(verifyInstallationRes(exi, { sessionId: undefined, v2gRoots: this.v2gRoots, at }));
  }

  /** Decrypts the private key, which has to be that of the contract certificate. */
  private opened({ encryptedPrivateKey, dhPublicKey, ...response }: VerifiedResponse): InstalledContract {
    const { curve, point } = response.contractCertificate.publicKey;
    if (curve !== 'secp256r1') throw new VehicleRefusal('envelope', `a contract key on ${curve} in ISO 15118-2`);
    try {
      const { scalar, privateKey } = openContractKey({
        edition: 'ISO15118-2',
        curve,
        encryptedPrivateKey,
        dhPublicKey,
        vehiclePrivateKey: this.keyPair.privateKey,
        contractPublicKey: point,
      });
      scalar.fill(0);
      if (privateKey === undefined) throw new VehicleRefusal('envelope', 'the envelope gave no key');
      return { ...response, privateKey };
    } catch (cause) {
      if (!(cause instanceof EnvelopeError)) throw cause;
      const wrongKey = cause.kind === 'key-mismatch' || cause.kind === 'scalar-out-of-range';
      throw new VehicleRefusal(wrongKey ? 'key-mismatch' : 'envelope', cause.message, { cause });
    }
  }
}
