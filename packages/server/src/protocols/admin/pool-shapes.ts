/** Vehicles, contracts, their certificates and their histories as operators get them. */
import { type Certificate, formatName } from '@plugpool/iso15118/pki';
import type { Static } from 'typebox';
import type { ListedContract } from '../../ccp/contract-listing.ts';
import type { Delivery } from '../../events/delivery/delivery.ts';
import type { HistoryEntry } from '../../history/history.ts';
import { Type } from '../../http/schema-builders.ts';
import type { WithRevocation } from '../../listing/certificate-listing.ts';
import type { ListedVehicle } from '../../pcp/vehicle-listing.ts';
import type { IssuedCertificates } from '../../pki/issued-certificates.ts';

const Instant = Type.String({ format: 'date-time' });
export const EditionShape = Type.Enum(['ISO15118-2', 'ISO15118-20']);

export const VehicleShape = Type.Object(
  {
    pcid: Type.String({ description: 'Upper case.' }),
    shownPcid: Type.String({ description: 'As the certificate has it.' }),
    edition: EditionShape,
    fingerprint: Type.String(),
    validTo: Instant,
    publishedAt: Instant,
    revokedAt: Type.Optional(Instant),
  },
  { title: 'Vehicle' },
);

export const ContractShape = Type.Object(
  {
    emaid: Type.String({ description: 'Without separators and check digit.' }),
    shownEmaid: Type.String({ description: 'As the certificate has it.' }),
    pcid: Type.String(),
    shownPcid: Type.String(),
    edition: EditionShape,
    isDefault: Type.Boolean(),
    fingerprint: Type.String({ description: 'Of the contract certificate.' }),
    cpsRootFingerprint: Type.String(),
    cpsRootName: Type.String(),
    validFrom: Instant,
    validTo: Instant,
    storedAt: Instant,
    revokedAt: Type.Optional(Instant),
  },
  { title: 'Contract' },
);

export const CertificateShape = Type.Object(
  {
    fingerprint: Type.String(),
    subject: Type.String(),
    issuer: Type.String(),
    serialNumber: Type.String(),
    validFrom: Instant,
    validTo: Instant,
    curve: Type.String(),
    certificate: Type.String({ description: 'Base64 of the DER.' }),
    issuedHere: Type.Boolean({ description: 'By a CA of this ecosystem, which can revoke it.' }),
    revoked: Type.Optional(Type.Object({ at: Instant, reason: Type.String() })),
  },
  { title: 'Certificate' },
);

export const ChainShape = Type.Array(CertificateShape, {
  description: 'Leaf first; ends with the root as long as that is in the Root Certificate Pool.',
});

const DeliveryOfEvent = Type.Object({
  id: Type.String(),
  url: Type.String(),
  state: Type.String(),
  attempts: Type.Integer(),
  lastAttemptAt: Type.Optional(Instant),
  nextAttemptAt: Type.Optional(Instant),
  lastStatus: Type.Optional(Type.Integer()),
  lastAnswer: Type.Optional(Type.String()),
});

export const HistoryShape = Type.Object(
  {
    id: Type.String(),
    at: Instant,
    kind: Type.Enum(['change', 'event'], { description: 'A row of the audit log, or an event of the webhooks.' }),
    what: Type.String({ description: 'The operation, or the type of the event in the spelling of OPCP.' }),
    object: Type.Optional(Type.String()),
    actor: Type.Optional(Type.String()),
    traceId: Type.Optional(Type.String()),
    deliveries: Type.Optional(Type.Array(DeliveryOfEvent)),
  },
  { title: 'HistoryEntry' },
);

export const HistoryPage = Type.Object({ items: Type.Array(HistoryShape), next: Type.Optional(Type.String()) });

export function vehicleAnswer(vehicle: WithRevocation<ListedVehicle>): Static<typeof VehicleShape> {
  const { validTo, publishedAt, revokedAt, ...rest } = vehicle;
  return {
    ...rest,
    validTo: instant(validTo),
    publishedAt: instant(publishedAt),
    ...(revokedAt !== undefined && { revokedAt: instant(revokedAt) }),
  };
}

export function contractAnswer(contract: WithRevocation<ListedContract>): Static<typeof ContractShape> {
  const { id: _, validFrom, validTo, storedAt, revokedAt, ...rest } = contract;
  return {
    ...rest,
    validFrom: instant(validFrom),
    validTo: instant(validTo),
    storedAt: instant(storedAt),
    ...(revokedAt !== undefined && { revokedAt: instant(revokedAt) }),
  };
}

/** Each with what our own CAs know of it. */
export async function chainAnswer(
  chain: readonly Certificate[],
  issued: IssuedCertificates,
): Promise<Static<typeof ChainShape>> {
  const statuses = await issued.statusOf(chain.map(({ fingerprint }) => fingerprint));
  return chain.map((certificate) => {
    const status = statuses.get(certificate.fingerprint) ?? 'unknown';
    const { fingerprint, serialHex, notBefore, notAfter, publicKey, der } = certificate;
    return {
      fingerprint,
      subject: formatName(certificate.subject),
      issuer: formatName(certificate.issuer),
      serialNumber: serialHex,
      validFrom: instant(notBefore),
      validTo: instant(notAfter),
      curve: publicKey.curve,
      certificate: Buffer.from(der).toString('base64'),
      issuedHere: status !== 'unknown',
      ...(typeof status !== 'string' && { revoked: { at: instant(status.revokedAt), reason: status.reason } }),
    };
  });
}

export function historyAnswer(entry: HistoryEntry): Static<typeof HistoryShape> {
  if (entry.kind === 'event') {
    const { id, type, occurredAt, deliveries } = entry.event;
    return { id, at: instant(occurredAt), kind: 'event', what: type, deliveries: deliveries.map(deliveryOfEvent) };
  }
  const { id, at, operation, object, actor, traceId } = entry.change;
  return { id, at, kind: 'change', what: operation, object, actor, ...(traceId !== null && { traceId }) };
}

function deliveryOfEvent(delivery: Delivery): Static<typeof DeliveryOfEvent> {
  const { id, url, state, attempts, lastAttemptAt, nextAttemptAt, lastStatus, lastAnswer } = delivery;
  return {
    ...{ id, url, state, attempts },
    ...(lastAttemptAt !== undefined && { lastAttemptAt: instant(lastAttemptAt) }),
    ...(nextAttemptAt !== undefined && { nextAttemptAt: instant(nextAttemptAt) }),
    ...(lastStatus !== undefined && { lastStatus }),
    ...(lastAnswer !== undefined && { lastAnswer }),
  };
}

export function instant(at: number): string {
  return new Date(at).toISOString();
}
