/**
 * Answers of other ecosystems to the installation request of a car. Whatever comes from there is judged as contract
 * data that somebody brings to the pool, before a car gets it from us.
 */
import {
  type Certificate,
  CertificateError,
  commonNameOf,
  formatName,
  IdentifierError,
  type Pcid,
  parsePcid,
  readCertificate,
} from '@plugpool/iso15118/pki';
import { checkCurveOfVehicle, emaidOf } from '../cps/contract-data-checks.ts';
import type { CertificateLink } from '../kernel/certificate-chain.ts';
import { DomainError, refuse } from '../kernel/domain-error.ts';
import type { DeliveredContract, InstallByRequest } from './install-by-request.ts';
import { messagesOf, readMessage } from './messages/messages-of-edition.ts';
import { checkForeignData, contractCertificateIn } from './signed-elsewhere.ts';

/** The car behind a request, by what it says itself: it has signed that, and nobody has vouched for it yet. */
export interface AskingCar {
  readonly pcid: Pcid;
  readonly certificate: Certificate;
}

export interface ForeignAnswerNeeds {
  readonly now: () => number;
  readonly anchors: (types: readonly ('V2G' | 'MO')[]) => Promise<Certificate[]>;
  /** Throws `certificate-revoked`, `revocation-unknown`. */
  readonly checkRevocation: (links: readonly CertificateLink[]) => Promise<void>;
}

/** Undefined for a request that is not signed with the key of the certificate in it: nobody need be asked for that. */
export async function carThatAsks({
  exi,
  edition,
}: Pick<InstallByRequest, 'exi' | 'edition'>): Promise<AskingCar | undefined> {
  try {
    const request = await readMessage(edition, 'certificateInstallationReq', (messages) => messages.readRequest(exi));
    const certificate = readCertificate(request.certificate);
    const pcid = parsePcid(commonNameOf(certificate.subject) ?? '');
    return request.verify(certificate).valid ? { pcid, certificate } : undefined;
  } catch (error) {
    const isWrong = [DomainError, CertificateError, IdentifierError].some((kind) => error instanceof kind);
    if (isWrong) return undefined;
    throw error;
  }
}

const FIELD = 'certificateInstallationRes';
/** A car of ISO 15118-2 has one contract; the quick start hands out all. */
const MOST_RESPONSES = 32;

/**
 * What the car may be given. Throws a domain error at the first thing that is wrong: another session, the data itself
 * (chains, envelope, signature), a key on another curve than the vehicle's, revocation.
 */
export async function judgeForeignAnswer(
  { exi, edition, contracts }: InstallByRequest,
  responses: readonly Uint8Array[],
  needs: ForeignAnswerNeeds,
): Promise<DeliveredContract[]> {
  const request = await readMessage(edition, FIELD, (messages) => messages.readRequest(exi));
  const vehicle = readCertificate(request.certificate);
  const shownPcid = commonNameOf(vehicle.subject) ?? '';
  const most = request.wish?.most ?? (contracts === 'default' ? 1 : MOST_RESPONSES);
  if (responses.length === 0 || responses.length > most) {
    throw refuse('field-invalid', FIELD, `comes ${responses.length} times, where the car asked for up to ${most}`);
  }
  const [contractRoots, cpsRoots] = [await needs.anchors(['MO', 'V2G']), await needs.anchors(['V2G'])];
  const delivered: DeliveredContract[] = [];
  for (const [index, installationRes] of responses.entries()) {
    const res = await readMessage(edition, FIELD, (messages) => messages.readResponse(installationRes));
    if (Buffer.compare(res.sessionId, request.sessionId) !== 0) {
      throw refuse('field-invalid', FIELD, 'has the SessionID of another session');
    }
    const emaid = emaidOf(contractCertificateIn(res));
    const pcid = parsePcid(shownPcid);
    const { storable, links } = await checkForeignData(
      { edition, emaid, pcid, installationRes, field: FIELD },
      { now: needs.now(), contractRoots, cpsRoots },
    );
    checkCurveOfVehicle(storable.contractCertificate, vehicle);
    await needs.checkRevocation(links);
    if (delivered.some(({ contract }) => contract.emaid === emaid)) {
      throw refuse('field-invalid', FIELD, 'brings one contract twice');
    }
    const remaining = responses.length - 1 - index;
    delivered.push({
      contract: {
        ...{ emaid, edition, shownPcid },
        shownEmaid: storable.shownEmaid,
        cpsRootFingerprint: storable.cpsRoot.fingerprint,
        cpsRootName: formatName(storable.cpsRoot.subject),
      },
      installationRes: (await messagesOf(edition)).deliver(storable.installationRes, {
        sessionId: request.sessionId,
        now: needs.now(),
        remaining,
      }),
    });
  }
  return delivered;
}
