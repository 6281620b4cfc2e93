/** Certificate Provisioning Service: vouches towards the car for contract data, and makes it where an eMSP wants that. */
import {
  type Certificate,
  commonNameOf,
  type Edition,
  type Fingerprint,
  generateKeyPair,
  normaliseEmaid,
  type Pcid,
  sealContractKey,
  signCertificateInstallationRes,
} from '@plugpool/iso15118';
import type { CertificateLink } from '../kernel/certificate-chain.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError, refuse } from '../kernel/domain-error.ts';
import type { ProvisionedVehicle } from '../pcp/vehicle.ts';
import type { CpsSigner, PublicKeyInfrastructure } from '../pki/public-key-infrastructure.ts';
import type { Store, Tx } from '../store/store.ts';
import type { ContractData, ContractOrder, SignedContractData, StorableContractData } from './contract-data.ts';
import { checkContractData, checkEmaidFits } from './contract-data-checks.ts';
import { chooseSigner } from './cps-signer.ts';

export interface CertificateProvisioningService {
  /** Checks and signs; stores when a PCID is given. Throws the domain errors of the checks and of the pool. */
  sign(data: ContractData): Promise<SignedContractData>;
  /** Makes the key pair, the certificate and the envelope, signs and stores. The private key is forgotten. */
  generate(order: ContractOrder): Promise<SignedContractData>;
  signers(): Promise<readonly CpsSigner[]>;
}

export interface CertificateProvisioningServiceNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly signers: () => Promise<readonly CpsSigner[]>;
  /** Roots that a contract certificate's chain may end at. */
  readonly anchors: () => Promise<Certificate[]>;
  /** Throws `certificate-revoked`, `revocation-unknown`. */
  readonly checkRevocation: (links: readonly CertificateLink[]) => Promise<void>;
  readonly findVehicle: (pcid: Pcid, edition: Edition) => Promise<ProvisionedVehicle | undefined>;
  /** The certificate that is published for a vehicle, as the transaction sees it. */
  readonly fingerprintOfVehicle: (pcid: Pcid, edition: Edition, tx: Tx) => Promise<Fingerprint | undefined>;
  readonly issueContract: PublicKeyInfrastructure['issueContract'];
  readonly storeContract: (tx: Tx, data: StorableContractData) => Promise<void>;
}

/** The car puts its own session id in; until then the mandatory field holds one zero octet. */
const NO_SESSION = Uint8Array.of(0);

export function certificateProvisioningService(
  needs: CertificateProvisioningServiceNeeds,
): CertificateProvisioningService {
  const { store, clock, signers } = needs;

  async function vehicleOf(pcid: Pcid, edition: Edition): Promise<ProvisionedVehicle> {
    const vehicle = await needs.findVehicle(pcid, edition);
    if (vehicle === undefined) throw refuse('vehicle-not-available');
    return vehicle;
  }

  return {
    signers,

    async sign(data) {
      checkEdition(data.edition);
      const { links } = checkContractData(data, { now: clock.now(), roots: await needs.anchors() });
      const { pcid } = data;
      const vehicle = pcid === undefined ? undefined : await vehicleOf(pcid, data.edition);
      const signer = chooseSigner(await signers(), data.edition, data.cpsRoot, vehicle);
      await needs.checkRevocation(links);
      const signed = await signContractData(data, signer, vehicle);
      if (pcid !== undefined) await store.transaction((tx) => needs.storeContract(tx, { ...signed, pcid }));
      return signed;
    },

    async generate(order) {
      checkEdition(order.edition);
      checkEmaidFits(order.edition, order.commonName);
      checkTerm(order, clock.now());
      const vehicle = await vehicleOf(order.pcid, order.edition);
      const signer = chooseSigner(await signers(), order.edition, order.cpsRoot, vehicle);
      const { issued, data } = await makeContractData(order, vehicle.certificate, needs);
      const signed = await signContractData(data, signer, vehicle);
      await store.transaction(async (tx) => {
        await issued.record(tx);
        await needs.storeContract(tx, { ...signed, pcid: order.pcid });
        const current = await needs.fingerprintOfVehicle(order.pcid, order.edition, tx);
        // The key was sealed for the certificate read above; another one in the meantime could not open it.
        if (current !== vehicle.certificate.fingerprint) throw refuse('vehicle-not-available');
      });
      return signed;
    },
  };
}

function checkEdition(edition: Edition): void {
  if (edition !== 'ISO15118-2') throw refuse('edition-unavailable', edition);
}

function checkTerm({ begins, ends }: ContractOrder, now: number): void {
  if (ends <= now) throw refuse('contract-ends-in-past');
  if (ends <= begins) throw refuse('field-invalid', 'contractEnds', 'is not after contractBegins');
}

/** Key pair, contract certificate and envelope. The key pair lives in this function and nowhere else. */
async function makeContractData(
  order: ContractOrder,
  vehicle: Certificate,
  { issueContract }: CertificateProvisioningServiceNeeds,
): Promise<{ issued: Awaited<ReturnType<typeof issueContract>>; data: ContractData }> {
  const { edition, commonName, begins, ends, moRoot } = order;
  const { curve } = vehicle.publicKey;
  const { privateKey, point, spki } = generateKeyPair(curve);
  const publicKey = { curve, point, spki };
  const certificateOrder = {
    edition,
    emaidCommonName: commonName,
    publicKey,
    notBefore: begins,
    notAfter: ends,
    moRoot,
  };
  const issued = await issueContract(certificateOrder).catch((error) => {
    if (!(error instanceof DomainError) || error.kind !== 'certificate-request-refused') throw error;
    // Curve and EMAID were checked before, so the term is all that the CA can have refused.
    throw refuse('field-invalid', 'contractBegins', 'and contractEnds leave no time within the validity of the MO CA');
  });
  const { encryptedPrivateKey, dhPublicKey } = sealContractKey({
    curve,
    vehiclePublicKey: vehicle.publicKey.point,
    contractKey: privateKey,
  });
  const {
    certificate,
    chain: [subCa2, subCa1],
  } = issued;
  return { issued, data: { ...order, certificate, subCa2, subCa1, encryptedPrivateKey, dhPublicKey } };
}

async function signContractData(
  data: ContractData,
  cps: CpsSigner,
  vehicle: ProvisionedVehicle | undefined,
): Promise<SignedContractData> {
  const commonName = commonNameOf(data.certificate.subject) ?? data.emaid;
  const { exi } = await signCertificateInstallationRes({
    sessionId: NO_SESSION,
    provisioningChain: { certificate: cps.certificate, subCa2: cps.subCa2, subCa1: cps.subCa1 },
    contractChain: {
      certificate: data.certificate,
      ...(data.subCa2 && { subCa2: data.subCa2 }),
      subCa1: data.subCa1,
    },
    encryptedPrivateKey: data.encryptedPrivateKey,
    dhPublicKey: data.dhPublicKey,
    // The message has room for 15 characters, so separators stay behind.
    emaid: normaliseEmaid(commonName),
    signer: cps.signer,
  });
  return {
    edition: data.edition,
    emaid: data.emaid,
    shownEmaid: commonName,
    ...(data.pcid && { pcid: data.pcid }),
    ...(vehicle && { shownPcid: vehicle.shownPcid }),
    contractCertificate: data.certificate,
    installationRes: exi,
    cpsRoot: cps.root,
    ...(data.metaData !== undefined && { metaData: data.metaData }),
  };
}
