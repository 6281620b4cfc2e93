/** Install by request: a car signed for a contract, and gets the one that is meant for it. */
import type { CertificateInstallationReq, CertificateInstallationRes } from '@plugpool/exi';
import {
  type Certificate,
  CertificateError,
  commonNameOf,
  type Edition,
  type Fingerprint,
  IdentifierError,
  type Pcid,
  parsePcid,
  readCertificate,
  verifyMessageSignature,
} from '@plugpool/iso15118';
import type { CertificateLink } from '../kernel/certificate-chain.ts';
import { DomainError, refuse } from '../kernel/domain-error.ts';
import { failureRes } from './installation-failure.ts';
import { type InstallationRequest, readInstallationRequest } from './installation-request.ts';
import { withSessionId } from './installation-response.ts';
import { dataForRoots } from './root-choice.ts';
import type { ContractFilter, StoredContract } from './stored-contract.ts';

export interface InstallByRequest {
  /** EXI as the car sent it. */
  readonly exi: Uint8Array;
  readonly edition: Edition;
  /** ISO 15118-2 knows one contract a request; the quick start dialect hands out all, the default first. */
  readonly contracts: 'default' | 'all';
}

export type InstallationOutcome =
  | { readonly ok: true; readonly contracts: readonly DeliveredContract[] }
  /** `failureRes` is the EXI answer for the car; absent when its request could not be read. */
  | { readonly ok: false; readonly error: DomainError; readonly failureRes?: Uint8Array };

export interface DeliveredContract {
  readonly contract: StoredContract;
  /** CertificateInstallationRes as EXI with the car's session id. */
  readonly installationRes: Uint8Array;
}

export interface InstallByRequestNeeds {
  readonly now: () => number;
  /** Fingerprint of the certificate that is published for the vehicle. */
  readonly fingerprintOfVehicle: (pcid: Pcid, edition: Edition) => Promise<Fingerprint | undefined>;
  readonly contractsOf: (pcid: Pcid, wanted: ContractFilter) => Promise<StoredContract[]>;
  readonly linksOfVehicle: (pcid: Pcid, edition: Edition) => Promise<readonly CertificateLink[]>;
  /** @param installationRes as it is stored */
  readonly linksOfContract: (installationRes: Uint8Array) => Promise<readonly CertificateLink[]>;
  /** Those of the certificates that must not be used. `links` is asked only for certificates of others. */
  readonly unfitAmong: (
    asked: readonly {
      readonly fingerprint: Fingerprint;
      readonly links: () => Promise<readonly CertificateLink[]>;
    }[],
  ) => Promise<ReadonlyMap<Fingerprint, { readonly kind: 'revoked' | 'unknown'; readonly why: string }>>;
}

type ResponseCode = CertificateInstallationRes['ResponseCode'];

/** A refusal with the code that the car understands. */
class InstallationRefused extends Error {
  readonly responseCode: ResponseCode;
  readonly reason: DomainError;

  constructor(responseCode: ResponseCode, reason: DomainError) {
    super(reason.message);
    this.responseCode = responseCode;
    this.reason = reason;
  }
}

/** Never throws for what the car did wrong: the outcome says what to answer in either form. */
export async function installByRequest(
  { exi, edition, contracts }: InstallByRequest,
  needs: InstallByRequestNeeds,
): Promise<InstallationOutcome> {
  let read: InstallationRequest | undefined;
  try {
    if (edition !== 'ISO15118-2') throw refuse('edition-unavailable', edition);
    read = readInstallationRequest(exi);
    const { pcid, certificate } = await vehicleThatAsks(read.request, needs);
    checkSignature(read, certificate);
    const stored = await needs.contractsOf(pcid, { edition, ...(contracts === 'default' && { defaultOnly: true }) });
    const deliverable = await validContracts({ pcid, edition, certificate }, stored, needs);
    if (deliverable.length === 0) throw notFound();
    const { sessionId, request } = read;
    const forThisCar = dataForRoots(deliverable, request.ListOfRootCertificateIDs.RootCertificateID);
    return {
      ok: true,
      contracts: forThisCar.map((contract) => ({
        contract,
        installationRes: withSessionId(contract.installationRes, sessionId),
      })),
    };
  } catch (error) {
    if (error instanceof InstallationRefused && read !== undefined) {
      const res = failureRes(read.sessionId, error.responseCode, error.message);
      return { ok: false, error: error.reason, failureRes: res };
    }
    if (error instanceof DomainError) return { ok: false, error };
    throw error;
  }
}

/** The vehicle whose certificate is in the request; it has to be the very certificate that is in the pool. */
async function vehicleThatAsks(
  request: CertificateInstallationReq,
  needs: InstallByRequestNeeds,
): Promise<{ pcid: Pcid; certificate: Certificate }> {
  const certificate = certificateIn(request);
  const pcid = pcidIn(certificate);
  const published = await needs.fingerprintOfVehicle(pcid, 'ISO15118-2');
  if (published === undefined) throw notFound();
  if (published !== certificate.fingerprint) {
    throw refusedCertificate('FAILED_CertChainError', 'is not the certificate that is published for this PCID');
  }
  const now = needs.now();
  if (certificate.notAfter < now) throw refusedCertificate('FAILED_CertificateExpired', 'is expired');
  if (certificate.notBefore > now) throw refusedCertificate('FAILED_CertChainError', 'is not yet valid');
  return { pcid, certificate };
}

function certificateIn(request: CertificateInstallationReq): Certificate {
  try {
    return readCertificate(request.OEMProvisioningCert);
  } catch (error) {
    if (error instanceof CertificateError) throw refusedCertificate('FAILED_CertChainError', error.message);
    throw error;
  }
}

function pcidIn(certificate: Certificate): Pcid {
  try {
    return parsePcid(commonNameOf(certificate.subject) ?? '');
  } catch (error) {
    if (error instanceof IdentifierError) throw notFound();
    throw error;
  }
}

/** [V2G2-895]: the request itself is signed with the key of the provisioning certificate. */
function checkSignature({ document }: InstallationRequest, certificate: Certificate): void {
  const verdict = verifyMessageSignature(document, certificate, { required: ['CertificateInstallationReq'] });
  if (verdict.valid) return;
  const why = verdict.problems.map((problem) => problem.text).join('; ');
  throw new InstallationRefused(
    'FAILED_SignatureError',
    refuse('signature-invalid', 'certificateInstallationReq', why === '' ? 'the signature does not verify' : why),
  );
}

/** Those that are valid now and not revoked. Asks for the status of the vehicle's own certificate in the same go. */
async function validContracts(
  vehicle: { readonly pcid: Pcid; readonly edition: Edition; readonly certificate: Certificate },
  stored: readonly StoredContract[],
  needs: InstallByRequestNeeds,
): Promise<StoredContract[]> {
  const now = needs.now();
  const valid = stored.filter(({ validFrom, validTo }) => validFrom <= now && now <= validTo);
  const { fingerprint } = vehicle.certificate;
  const unfit = await needs.unfitAmong([
    { fingerprint, links: () => needs.linksOfVehicle(vehicle.pcid, vehicle.edition) },
    ...valid.map(({ contractFingerprint, installationRes }) => ({
      fingerprint: contractFingerprint,
      links: () => needs.linksOfContract(installationRes),
    })),
  ]);
  const refused = unfit.get(fingerprint);
  if (refused !== undefined) {
    const code = refused.kind === 'revoked' ? 'FAILED_CertificateRevoked' : 'FAILED_CertChainError';
    throw refusedCertificate(code, refused.why);
  }
  return valid.filter((contract) => !unfit.has(contract.contractFingerprint));
}

function notFound(): InstallationRefused {
  return new InstallationRefused('FAILED_NoCertificateAvailable', refuse('contract-or-vehicle-not-found'));
}

function refusedCertificate(responseCode: ResponseCode, why: string): InstallationRefused {
  const field = 'certificateInstallationReq.OEMProvisioningCert';
  return new InstallationRefused(responseCode, refuse('certificate-refused', field, why));
}
