/** Install by request: a car signed for a contract, and gets the one that is meant for it. */
import {
  CertificateError,
  type Edition,
  type Fingerprint,
  type Holder,
  IdentifierError,
  type Pcid,
  parsePcid,
  readCertificate,
  readHolder,
} from '@plugpool/iso15118/pki';
import type { CertificateLink } from '../kernel/certificate-chain.ts';
import { DomainError, refuse } from '../kernel/domain-error.ts';
import { traced } from '../kernel/tracing.ts';
import type { CertificateOfVehicle } from '../pcp/vehicle.ts';
import type { OwnStatus } from '../pki/own-status.ts';
import type { ContractWish, InstallationRequest, RefusalReason } from './messages/installation-messages.ts';
import { messagesOf, readMessage } from './messages/messages-of-edition.ts';
import { dataForRoots } from './root-choice.ts';
import type { ContractFilter, HandedOutContract, InstallableContract, StoredContract } from './stored-contract.ts';
import { writtenEmaid } from './written-emaid.ts';

export interface InstallByRequest {
  /** EXI as the car sent it. */
  readonly exi: Uint8Array;
  readonly edition: Edition;
  /** ISO 15118-2 knows one contract a request; the quick start dialect hands out all. A car of -20 says what it wants. */
  readonly contracts: 'default' | 'all';
}

export type InstallationOutcome<C extends HandedOutContract = HandedOutContract> =
  | { readonly ok: true; readonly contracts: readonly DeliveredContract<C>[] }
  /** `reason` and the EXI answer for the car are absent when its request could not be read. */
  | {
      readonly ok: false;
      readonly error: DomainError;
      readonly reason?: RefusalReason;
      readonly failureRes?: Uint8Array;
    };

export interface DeliveredContract<C extends HandedOutContract = HandedOutContract> {
  readonly contract: C;
  /** CertificateInstallationRes as EXI with the car's session id. */
  readonly installationRes: Uint8Array;
}

export interface InstallByRequestNeeds {
  readonly now: () => number;
  /** The certificate that is published for the vehicle. */
  readonly certificateOfVehicle: (pcid: Pcid, edition: Edition) => Promise<CertificateOfVehicle | undefined>;
  readonly contractsOf: (pcid: Pcid, wanted: ContractFilter) => Promise<readonly InstallableContract[]>;
  readonly linksOfVehicle: (pcid: Pcid, edition: Edition) => Promise<readonly CertificateLink[]>;
  readonly linksOfContract: (contract: StoredContract) => Promise<readonly CertificateLink[]>;
  /** Those of the certificates that must not be used. `links` is asked only for those that are not our own. */
  readonly unfitAmong: (
    asked: readonly {
      readonly fingerprint: Fingerprint;
      readonly links: () => Promise<readonly CertificateLink[]>;
    }[],
    own: ReadonlyMap<Fingerprint, Exclude<OwnStatus, undefined>>,
  ) => Promise<ReadonlyMap<Fingerprint, { readonly kind: 'revoked' | 'unknown'; readonly why: string }>>;
}

const FIELD = 'certificateInstallationReq';

/** A refusal with the reason that the car understands. */
class InstallationRefused extends Error {
  readonly reason: RefusalReason;
  readonly error: DomainError;

  constructor(reason: RefusalReason, error: DomainError) {
    super(error.message);
    this.reason = reason;
    this.error = error;
  }
}

/** Never throws for what the car did wrong: the outcome says what to answer in either form. */
export async function installByRequest(
  { exi, edition, contracts }: InstallByRequest,
  needs: InstallByRequestNeeds,
): Promise<InstallationOutcome<StoredContract>> {
  const messages = await messagesOf(edition);
  let request: InstallationRequest | undefined;
  try {
    request = await readMessage(edition, FIELD, (reader) => reader.readRequest(exi));
    const { sessionId, rootIds, wish } = request;
    const vehicle = vehicleThatAsks(request, edition);
    const defaultOnly = wish === undefined && contracts === 'default';
    // Both at once: what is told of the vehicle's contracts is used only when everything else is right.
    const [published, stored] = await Promise.all([
      needs.certificateOfVehicle(vehicle.pcid, edition),
      needs.contractsOf(vehicle.pcid, { edition, ...(defaultOnly && { defaultOnly }) }),
    ]);
    checkVehicle(vehicle, published?.fingerprint, needs.now());
    checkSignature(request, vehicle.holder);
    const usable = await usableContracts({ ...vehicle, ownStatus: published?.ownStatus }, stored, needs);
    if (usable.length === 0) throw notFound(stored.length === 0 ? 'no-contract' : 'none-usable');
    const chosen = inWantedOrder(dataForRoots(usable, rootIds), wish);
    const now = needs.now();
    return {
      ok: true,
      contracts: chosen.map((contract, index) => {
        const remaining = chosen.length - 1 - index;
        return { contract, installationRes: messages.deliver(contract.installationRes, { sessionId, now, remaining }) };
      }),
    };
  } catch (error) {
    if (error instanceof InstallationRefused && request !== undefined) {
      const to = { sessionId: request.sessionId, now: needs.now() };
      const { reason } = error;
      return { ok: false, error: error.error, reason, failureRes: messages.failure(reason, error.message, to) };
    }
    if (error instanceof DomainError) return { ok: false, error };
    throw error;
  }
}

interface AskingVehicle {
  readonly pcid: Pcid;
  readonly edition: Edition;
  /** Of its certificate, which is not read in full before it turns out to be another than the published one. */
  readonly holder: Holder;
  readonly certificate: Uint8Array;
  readonly refused: (reason: RefusalReason, why: string) => InstallationRefused;
}

/** The vehicle whose certificate is in the request. */
function vehicleThatAsks(request: InstallationRequest, edition: Edition): AskingVehicle {
  const refused = (reason: RefusalReason, why: string) =>
    new InstallationRefused(reason, refuse('certificate-refused', `${FIELD}.${request.certificateField}`, why));
  const { certificate } = request;
  const holder = readWith(readHolder, certificate, refused);
  return { pcid: pcidOf(holder, certificate, refused), edition, holder, certificate, refused };
}

/** It has to be the very certificate that is in the pool, which was read and checked when it was published. */
function checkVehicle(vehicle: AskingVehicle, published: Fingerprint | undefined, now: number): void {
  const { holder, certificate, refused } = vehicle;
  if (published !== holder.fingerprint) {
    readWith(readCertificate, certificate, refused);
    if (published === undefined) throw notFound('vehicle-unknown');
    throw refused('chain', 'is not the certificate that is published for this PCID');
  }
  if (holder.notAfter < now) throw refused('expired', 'is expired');
  if (holder.notBefore > now) throw refused('not-yet-valid', 'is not yet valid');
}

function readWith<T>(read: (der: Uint8Array) => T, der: Uint8Array, refused: AskingVehicle['refused']): T {
  try {
    return read(der);
  } catch (error) {
    if (error instanceof CertificateError) throw refused('chain', error.message);
    throw error;
  }
}

function pcidOf({ commonName = '' }: Holder, certificate: Uint8Array, refused: AskingVehicle['refused']): Pcid {
  try {
    return parsePcid(commonName);
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    readWith(readCertificate, certificate, refused);
    throw notFound('vehicle-unknown');
  }
}

/** What the car has to sign is signed with the key of its provisioning certificate. */
function checkSignature(request: InstallationRequest, holder: Holder): void {
  const attributes = { 'plugpool.curve': holder.publicKey.curve };
  const verdict = traced('crypto verify signature', { attributes }, () => request.verify(holder));
  if (verdict.valid) return;
  const why = verdict.problems.map((problem) => problem.text).join('; ');
  throw new InstallationRefused(
    'signature',
    refuse('signature-invalid', FIELD, why === '' ? 'the signature does not verify' : why),
  );
}

/** Those that are valid now and not revoked; the vehicle's own certificate is looked at in the same go. */
async function usableContracts(
  vehicle: AskingVehicle & { readonly ownStatus: OwnStatus },
  stored: readonly InstallableContract[],
  needs: InstallByRequestNeeds,
): Promise<InstallableContract[]> {
  const now = needs.now();
  const valid = stored.filter(({ validFrom, validTo }) => validFrom <= now && now <= validTo);
  const { ownStatus, holder } = vehicle;
  const { fingerprint } = holder;
  const asked = [
    { fingerprint, ownStatus, links: () => needs.linksOfVehicle(vehicle.pcid, vehicle.edition) },
    ...valid.map((contract) => ({
      fingerprint: contract.contractFingerprint,
      ownStatus: contract.ownStatus,
      links: () => needs.linksOfContract(contract),
    })),
  ];
  const own = asked.flatMap((each) =>
    each.ownStatus === undefined ? [] : [[each.fingerprint, each.ownStatus] as const],
  );
  const unfit = await needs.unfitAmong(asked, new Map(own));
  const refused = unfit.get(fingerprint);
  if (refused !== undefined) throw vehicle.refused(refused.kind === 'revoked' ? 'revoked' : 'chain', refused.why);
  return valid.filter((contract) => !unfit.has(contract.contractFingerprint));
}

/** As many as the car wants: what it prioritised in its order, then the default, then the others by age. */
function inWantedOrder(contracts: readonly StoredContract[], wish: ContractWish | undefined): StoredContract[] {
  if (wish === undefined) return [...contracts];
  if (wish.most === 0) {
    const error = refuse(
      'field-invalid',
      `${FIELD}.MaximumContractCertificateChains`,
      'is 0, so no contract is wanted',
    );
    throw new InstallationRefused('request', error);
  }
  const prioritized = wish.prioritizedEmaids.map(writtenEmaid);
  const rank = ({ emaid }: StoredContract) => {
    const at = prioritized.indexOf(emaid);
    return at < 0 ? prioritized.length : at;
  };
  return contracts.toSorted((a, b) => rank(a) - rank(b)).slice(0, wish.most);
}

function notFound(reason: RefusalReason): InstallationRefused {
  return new InstallationRefused(reason, refuse('contract-or-vehicle-not-found'));
}
