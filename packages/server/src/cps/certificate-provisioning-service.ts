/** Certificate Provisioning Service: vouches towards the car for contract data, and makes it where an eMSP wants that. */
import {
  type Certificate,
  commonNameOf,
  type Edition,
  generateScalarAndPoint,
  type Pcid,
  sealContractKey,
} from '@plugpool/iso15118/pki';
import type { CertificateLink } from '../kernel/certificate-chain.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError, refuse } from '../kernel/domain-error.ts';
import { onFirstUse } from '../kernel/first-use.ts';
import { traced } from '../kernel/tracing.ts';
import type { ProvisionedVehicle, VehicleForContract } from '../pcp/vehicle.ts';
import type { CpsSigner, PublicKeyInfrastructure } from '../pki/public-key-infrastructure.ts';
import type { ContractData, ContractOrder, SignedContractData, StoreContract } from './contract-data.ts';
import { checkContractData, checkCurveOfVehicle, checkEmaidFits } from './contract-data-checks.ts';
import { chooseSigner } from './cps-signer.ts';

export interface CertificateProvisioningService {
  /** Checks and signs; stores when a PCID is given. Throws the domain errors of the checks and of the pool. */
  sign(data: ContractData): Promise<SignedContractData>;
  /** Makes the key pair, the certificate and the envelope, signs and stores. The private key is forgotten. */
  generate(order: ContractOrder): Promise<SignedContractData>;
  signers(): Promise<readonly CpsSigner[]>;
}

export interface CertificateProvisioningServiceNeeds {
  readonly clock: Clock;
  readonly signers: () => Promise<readonly CpsSigner[]>;
  /** Roots that a contract certificate's chain may end at. */
  readonly anchors: () => Promise<Certificate[]>;
  /** Throws `certificate-revoked`, `revocation-unknown`. */
  readonly checkRevocation: (links: readonly CertificateLink[]) => Promise<void>;
  /** Throws `vehicle-not-available`. */
  readonly vehicleForContract: (pcid: Pcid, edition: Edition) => Promise<VehicleForContract>;
  readonly issueContract: PublicKeyInfrastructure['issueContract'];
  readonly storeContract: StoreContract;
}

const messages = onFirstUse(() => import('./signed-response.ts'));

export function certificateProvisioningService(
  needs: CertificateProvisioningServiceNeeds,
): CertificateProvisioningService {
  const { clock, signers, storeContract } = needs;

  return {
    signers,

    async sign(data) {
      const { links } = checkContractData(data, { now: clock.now(), roots: await needs.anchors() });
      const { pcid, certificate } = data;
      const vehicle = pcid === undefined ? undefined : await needs.vehicleForContract(pcid, data.edition);
      if (vehicle !== undefined) checkCurveOfVehicle(certificate, vehicle.certificate);
      const signer = chooseSigner(await signers(), certificate.publicKey.curve, data.cpsRoot, vehicle);
      await needs.checkRevocation(links);
      const signed = await signContractData(data, { signer, vehicle, now: clock.now() });
      if (pcid !== undefined) {
        await storeContract({ data: { ...signed, pcid }, guest: vehicle?.guest });
      }
      return signed;
    },

    async generate(order) {
      checkEmaidFits(order.edition, order.commonName);
      checkTerm(order, clock.now());
      const vehicle = await needs.vehicleForContract(order.pcid, order.edition);
      const curve = sealableCurveOf(vehicle.certificate);
      const signer = chooseSigner(await signers(), curve, order.cpsRoot, vehicle);
      const { issued, data } = await makeContractData(order, { curve, vehicle: vehicle.certificate }, needs);
      const signed = await signContractData(data, { signer, vehicle, now: clock.now() });
      await storeContract({
        data: { ...signed, pcid: order.pcid },
        // Another certificate that is published in the meantime could not open it.
        sealedFor: vehicle.certificate.fingerprint,
        guest: vehicle.guest,
        issued: issued.record,
      });
      return signed;
    },
  };
}

type SealableCurve = 'secp256r1' | 'secp521r1';

/** An Ed448 key has 57 octets, the envelope of ISO 15118-20 for X448 holds 56, and nobody says how they meet. */
function sealableCurveOf({ publicKey: { curve } }: Pick<Certificate, 'publicKey'>): SealableCurve {
  if (curve !== 'ed448') return curve;
  throw refuse(
    'field-invalid',
    'pcid',
    'is a vehicle with an Ed448 certificate: ISO 15118-20 does not say how a contract key of 57 octets goes into ' +
      'an X448 envelope of 56, so contract data cannot be generated; an eMSP can make it and have it signed',
  );
}

function checkTerm({ begins, ends }: ContractOrder, now: number): void {
  if (ends <= now) throw refuse('contract-ends-in-past');
  if (ends <= begins) throw refuse('field-invalid', 'contractEnds', 'is not after contractBegins');
}

/** Key pair, contract certificate and envelope. The key pair lives in this function and nowhere else. */
async function makeContractData(
  order: ContractOrder,
  { curve, vehicle }: { readonly curve: SealableCurve; readonly vehicle: Pick<Certificate, 'publicKey'> },
  { issueContract }: CertificateProvisioningServiceNeeds,
): Promise<{ issued: Awaited<ReturnType<typeof issueContract>>; data: ContractData }> {
  const { edition, commonName, begins, ends, moRoot } = order;
  const attributes = { 'plugpool.curve': curve };
  const { scalar, point, spki } = traced('crypto make key pair', { attributes }, () => generateScalarAndPoint(curve));
  try {
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
      throw refuse(
        'field-invalid',
        'contractBegins',
        'and contractEnds leave no time within the validity of the MO CA',
      );
    });
    const { certificate, chain } = issued;
    const envelope = traced('crypto seal contract key', { attributes }, () =>
      sealContractKey({
        curve,
        vehiclePublicKey: vehicle.publicKey.point,
        contractKey: scalar,
        pcid: order.pcid,
        contractSki: certificate.subjectKeyIdentifier,
      }),
    );
    return { issued, data: { ...order, certificate, subCa2: chain[0], subCa1: chain[1], ...envelope } };
  } finally {
    scalar.fill(0);
  }
}

interface Signing {
  readonly signer: CpsSigner;
  readonly vehicle: ProvisionedVehicle | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

async function signContractData(data: ContractData, signing: Signing): Promise<SignedContractData> {
  const { signer, vehicle } = signing;
  const { signedResponse } = await messages();
  const commonName = commonNameOf(data.certificate.subject) ?? data.emaid;
  return {
    edition: data.edition,
    emaid: data.emaid,
    shownEmaid: commonName,
    ...(data.pcid && { pcid: data.pcid }),
    ...(vehicle && { shownPcid: vehicle.shownPcid }),
    contractCertificate: data.certificate,
    installationRes: await signedResponse[data.edition](data, commonName, signing),
    cpsRoot: signer.root,
    ...(data.metaData !== undefined && { metaData: data.metaData }),
  };
}
