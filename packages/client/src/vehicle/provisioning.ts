/** What a car has of one edition: a key pair, and the provisioning certificate for it. */
import {
  algorithms,
  type Certificate,
  commonNameOf,
  type Edition,
  type KeyPair,
  makeName,
  type Signer,
  softwareSigner,
  writeCertificateRequest,
} from '@plugpool/iso15118';
import { VehicleRefusal } from './vehicle-refusal.ts';

/** The provisioning certificate of the car with its sub CAs. */
export interface ProvisioningChain {
  readonly certificate: Certificate;
  readonly subCa2?: Certificate | undefined;
  readonly subCa1: Certificate;
}

export class Provisioning {
  readonly edition: Edition;
  readonly keyPair: KeyPair;
  readonly signer: Signer;
  private readonly pcid: string;
  private installed: ProvisioningChain | undefined;

  constructor(pcid: string, keyPair: KeyPair) {
    this.pcid = pcid;
    this.keyPair = keyPair;
    this.edition = algorithms[keyPair.curve].edition;
    this.signer = softwareSigner(keyPair.privateKey);
  }

  /** PKCS #10 request, DER. */
  certificateRequest(organization: string): Promise<Uint8Array> {
    const subject = makeName([
      { type: 'O', value: organization },
      { type: 'DC', value: 'OEM' },
      { type: 'CN', value: this.pcid },
    ]);
    return writeCertificateRequest({ subject, signer: this.signer });
  }

  /** @throws VehicleRefusal `foreign-certificate` */
  install(chain: ProvisioningChain): void {
    const { publicKey, subject } = chain.certificate;
    if (Buffer.compare(publicKey.point, this.keyPair.point) !== 0) {
      throw new VehicleRefusal('foreign-certificate', 'the provisioning certificate is for another key');
    }
    const commonName = commonNameOf(subject);
    if (commonName?.toUpperCase() !== this.pcid.toUpperCase()) {
      throw new VehicleRefusal('foreign-certificate', `the provisioning certificate is for ${commonName ?? 'no PCID'}`);
    }
    this.installed = chain;
  }

  /** @throws VehicleRefusal `not-ready` */
  get chain(): ProvisioningChain {
    if (this.installed !== undefined) return this.installed;
    throw new VehicleRefusal('not-ready', `the car has no provisioning certificate of ${this.edition} yet`);
  }
}
