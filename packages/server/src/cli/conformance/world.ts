import { randomText } from '@plugpool/client';
/**
 * What several checks stand on: roots, a published vehicle, contracts. It is made when the first check asks for it, by
 * calls that are no check's own; when that fails, the checks that need it are skipped and say why.
 */
import {
  algorithms,
  type Certificate,
  type CurveName,
  type Edition,
  sealContractKey,
  signCertificateInstallationReq,
  signCertificateInstallationReq20,
  softwareSigner,
} from '@plugpool/iso15118';
import type { ConformanceDialect, ContractToSign } from './dialect.ts';
import { certificateIn, enrol, type OwnLeaf } from './own-keys.ts';
import { expectStatus, type Probe } from './probe.ts';
import { CheckFailed, CheckSkipped } from './verdict.ts';

export interface Vehicle extends OwnLeaf {
  readonly pcid: string;
}

export interface BroughtKeys {
  readonly vehicle?: Vehicle;
  readonly contract?: OwnLeaf & { readonly emaid: string };
}

export interface Contracts {
  readonly first: ContractToSign;
  readonly other?: ContractToSign;
}

export interface WorldOptions {
  readonly dialect: ConformanceDialect;
  readonly curve: CurveName;
  /** Calls of the set-up. */
  readonly probe: Probe;
  readonly wmi: string;
  readonly providerId: string;
  readonly brought: BroughtKeys;
  /** Whether there are credentials, and so calls without token are refused. */
  readonly asksForTokens: boolean;
}

export class World {
  readonly dialect: ConformanceDialect;
  readonly edition: Edition;
  readonly curve: CurveName;
  readonly setUp: Probe;
  readonly asksForTokens: boolean;
  private readonly options: WorldOptions;
  private readonly made = new Map<string, Promise<unknown>>();

  constructor(options: WorldOptions) {
    this.options = options;
    this.dialect = options.dialect;
    this.curve = options.curve;
    this.edition = algorithms[options.curve].edition;
    this.setUp = options.probe;
    this.asksForTokens = options.asksForTokens;
  }

  /** V2G roots of the curve at hand. */
  roots(): Promise<readonly Certificate[]> {
    return this.once('roots', async () => {
      const { roots, rootsIn } = this.dialect;
      const answer = expectStatus(await this.setUp(roots, 'cpo'), 200);
      const all = rootsIn(answer.json).map(({ certificate }) => certificateIn(certificate, answer.name));
      return all.filter(({ publicKey }) => publicKey.curve === this.curve);
    });
  }

  /** A vehicle that is published, and has no contracts but those of `contracts`. */
  vehicle(): Promise<Vehicle> {
    return this.once('published vehicle', async () => {
      const vehicle = await this.newVehicle();
      await this.publish(vehicle);
      return vehicle;
    });
  }

  /** One that is not in the pool. */
  async stranger(): Promise<Vehicle> {
    if (this.options.brought.vehicle === undefined) return await this.newVehicle();
    throw new CheckSkipped('the vehicle that was brought along is in the pool, and this needs one that is not');
  }

  /** Not yet published, unless it is the one that was brought along. */
  async newVehicle(): Promise<Vehicle> {
    const { vehicle } = this.options.brought;
    if (vehicle !== undefined) return vehicle;
    const pcid = this.newPcid();
    return { ...(await enrol(this.dialect, this.setUp, 'oem', pcid, this.curve)), pcid };
  }

  async publish(vehicle: Vehicle): Promise<void> {
    const { dialect, edition } = this;
    expectStatus(await this.setUp(dialect.publish(vehicle, edition), 'oem'), dialect.published);
  }

  /** The default contract of that vehicle, and another one; one alone where the certificates were brought along. */
  contracts(): Promise<Contracts> {
    return this.once('contract in the pool', async () => {
      const vehicle = await this.vehicle();
      const first = await this.store(await this.newContract(vehicle));
      if (this.options.brought.contract !== undefined) return { first };
      return { first, other: await this.store(await this.newContract(vehicle)) };
    });
  }

  /** Sealed for the vehicle, not yet signed. */
  async newContract(vehicle: Vehicle): Promise<ContractToSign> {
    const { contract } = this.options.brought;
    const emaid = contract?.emaid ?? this.newEmaid();
    const leaf = contract ?? (await enrol(this.dialect, this.setUp, 'mo', emaid, this.curve));
    const { encryptedPrivateKey, dhPublicKey } = sealContractKey({
      curve: this.curve,
      vehiclePublicKey: vehicle.certificate.publicKey.point,
      contractKey: leaf.key.privateKey,
      pcid: vehicle.pcid,
      contractSki: leaf.certificate.subjectKeyIdentifier,
    });
    return { emaid, pcid: vehicle.pcid, chain: leaf, encryptedPrivateKey, dhPublicKey };
  }

  async store(contract: ContractToSign): Promise<ContractToSign> {
    const { dialect, edition } = this;
    expectStatus(await this.setUp(dialect.sign(contract, edition), 'emsp'), dialect.signed);
    return contract;
  }

  /** The vehicle's signed CertificateInstallationReq. */
  async request(vehicle: Vehicle, sessionId: Uint8Array): Promise<Uint8Array> {
    const roots = await this.roots();
    const signer = softwareSigner(vehicle.key.privateKey);
    const { exi } =
      this.edition === 'ISO15118-2'
        ? await signCertificateInstallationReq({
            sessionId,
            provisioningCertificate: vehicle.certificate,
            roots,
            signer,
          })
        : await signCertificateInstallationReq20({
            sessionId,
            timestamp: Date.now(),
            provisioningChain: vehicle,
            roots,
            maximumContractCertificateChains: 2,
            signer,
          });
    return exi;
  }

  newPcid(): string {
    return this.options.wmi + randomText(15);
  }

  newEmaid(): string {
    return `${this.options.providerId}C${randomText(8)}`;
  }

  private async once<T>(what: string, make: () => Promise<T>): Promise<T> {
    const known = this.made.get(what);
    const making = (known ?? make()) as Promise<T>;
    if (known === undefined) this.made.set(what, making);
    try {
      return await making;
    } catch (cause) {
      if (cause instanceof CheckFailed) throw new CheckSkipped(`there is no ${what}: ${cause.message}`, { cause });
      throw cause;
    }
  }
}
