/** What can be told of: the types of events, and the events themselves as rooms record them. */
import {
  algorithms,
  type Certificate,
  type CurveName,
  commonNameOf,
  type Edition,
  type Emaid,
  formatName,
  type Pcid,
  providerIdOf,
  readCertificate,
  wmiOf,
} from '@plugpool/iso15118/pki';
import { currentSpan, type Span } from '../kernel/tracing.ts';

const rootEventTypes = ['root.cert.added', 'root.cert.expired', 'root.cert.revoked'] as const;

const contractEventTypes = [
  'mo.prov.cert.updated',
  'mo.prov.cert.deleted',
  'mo.prov.cert.factory.reset',
  'mo.contract.delivered.to.oem',
  'mo.contract.created.sent.to.oem',
  'mo.contract.updated.sent.to.oem',
  'mo.contract.deleted.sent.to.oem',
  'mo.contract.rejected.by.oem',
  'mo.contract.queued.to.oem',
  'oem.contract.created',
  'oem.contract.updated',
  'oem.contract.deleted',
] as const;

export type RootEventType = (typeof rootEventTypes)[number];
export type ContractEventType = (typeof contractEventTypes)[number];
/** Goes to the one endpoint that asked for it. */
export type TestEventType = 'webhook.test';
/** In OPCP's spelling, which the tables have. */
export type EventType = RootEventType | ContractEventType | TestEventType;

/** What an endpoint can enable. */
export const eventTypes: readonly EventType[] = [...rootEventTypes, ...contractEventTypes];

export interface NewEvent {
  readonly type: EventType;
  /** What it is about: events about one object are delivered in the order of their recording. */
  readonly object: string;
  readonly edition?: Edition;
  /** Whom it concerns, on events about contracts. */
  readonly contract?: { readonly emaid: Emaid; readonly pcid: Pcid };
  readonly payload: Readonly<Record<string, string>>;
  /** The request that it comes from, where others may write it down: for the traces of its deliveries. */
  readonly origin?: Span | undefined;
}

/** A contract as events tell of it. */
export interface ToldContract {
  readonly emaid: Emaid;
  readonly pcid: Pcid;
  /** As the certificates show them. */
  readonly shownEmaid: string;
  readonly shownPcid: string;
  readonly edition: Edition;
  /** DER. */
  readonly contractCertificate: Uint8Array;
  readonly cpsRootFingerprint: string;
  /** The distinguished name, as `formatName` writes it. */
  readonly cpsRootName: string;
}

export function contractEvent(type: ContractEventType, contract: ToldContract): NewEvent {
  const { emaid, pcid, edition, contractCertificate, cpsRootName } = contract;
  const commonName = commonNameIn(cpsRootName);
  return {
    type,
    object: emaid,
    edition,
    contract: { emaid, pcid },
    origin: currentSpan(),
    payload: {
      emaid: contract.shownEmaid,
      pcid: contract.shownPcid,
      contractCert: Buffer.from(contractCertificate).toString('base64'),
      cpsSignerRootFingerprint: contract.cpsRootFingerprint,
      ...(commonName !== undefined && { cpsSignerRootCommonName: commonName }),
      signatureAlgorithm: curveOf(contractCertificate, edition),
    },
  };
}

/** One for each type of the root: the payload has room for one. */
export function rootEvents(
  type: RootEventType,
  root: { readonly id: string; readonly certificate: Certificate },
  rootTypes: readonly string[],
): NewEvent[] {
  const { subject, serialHex, publicKey, fingerprint } = root.certificate;
  return rootTypes.map((rootType) => ({
    type,
    object: root.id,
    edition: algorithms[publicKey.curve].edition,
    payload: {
      rootCertificateId: root.id,
      distinguishedName: formatName(subject),
      commonName: commonNameOf(subject) ?? '',
      rootType,
      rootSerialNumber: serialHex,
      signatureAlgorithm: publicKey.curve,
      fingerprintSHA256: fingerprint,
    },
  }));
}

/** ISO 15118-2 has one curve, so that a certificate need not be read when a car waits for it. */
function curveOf(contractCertificate: Uint8Array, edition: Edition): CurveName {
  return edition === 'ISO15118-2' ? 'secp256r1' : readCertificate(contractCertificate).publicKey.curve;
}

/** `formatName` puts the common name first, and a backslash before what is not meant as a separator. */
function commonNameIn(name: string): string | undefined {
  const [, value] = /^CN=((?:[^,\\]|\\.)*)/.exec(name) ?? [];
  return value?.replaceAll(/\\(.)/g, '$1');
}

export function providerAndWmi({ emaid, pcid }: { readonly emaid: Emaid; readonly pcid: Pcid }) {
  return { providerId: providerIdOf(emaid), wmi: wmiOf(pcid) };
}
