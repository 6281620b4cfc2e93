/** How both dialects write what the field's values are: base64, namespaces, instants. */
import { type Edition, editionOfNamespace, namespaceOfEdition } from '@plugpool/iso15118';
import type { Call } from '../http/http-caller.ts';
import type { JsonAnswer } from '../http/json-answer.ts';
import { jsonBody } from '../http/json-body.ts';
import { toBase64, toHex } from '../http/octets.ts';
import type { SentCertificate } from './certificate-chain.ts';
import type { InstallRequest } from './cpo.ts';
import type { ContractsOf, Received } from './dialect.ts';
import type { ContractOrder } from './emsp.ts';
import type { ProvideWanted } from './oem.ts';

export function certificateText(certificate: SentCertificate): string;
export function certificateText(certificate: SentCertificate | undefined): string | undefined;
export function certificateText(certificate: SentCertificate | undefined): string | undefined {
  return certificate && toBase64(certificate.der);
}

export function namespaceText(edition: Edition | undefined): string | undefined {
  return edition && namespaceOfEdition(edition);
}

/** Hexadecimal with colons. */
export function keyIdentifierTexts(identifiers: readonly Uint8Array[] | undefined): string[] | undefined {
  return identifiers?.map((octets) => toHex(octets, ':'));
}

export function editionIn<C>(data: JsonAnswer<C>): Edition | undefined {
  return data.optional('xsdMsgDefNamespace', (field) => editionOfNamespace(field.text()));
}

export function textIn<C>(data: JsonAnswer<C>, key: string): string | undefined {
  return data.optional(key, (field) => field.text());
}

export function textsIn<C>(data: JsonAnswer<C>, key: string): string[] | undefined {
  return data.optional(key, (field) => field.list((entry) => entry.text()));
}

/** Of an enrolment. */
export function firstCertificate<C>({ certificates, bad }: Received<C>): C {
  const [issued] = certificates();
  if (issued === undefined) throw bad('the answer holds no certificate');
  return issued;
}

/** Alike in both dialects. */
export function orderBody(order: ContractOrder): NonNullable<Call['body']> {
  return jsonBody({
    contractBegins: instant(order.begins),
    contractEnds: instant(order.ends),
    emaid: order.emaid,
    pcid: order.pcid,
    xsdMsgDefNamespace: namespaceText(order.edition),
    cpsV2GRootCertificateFingerprint: order.cpsRootFingerprint,
    moRootCertificateFingerprint: order.moRootFingerprint,
    metaData: order.metaData,
  });
}

/** Alike in both dialects. */
export function installation({ edition, installationReq, alwaysReturnExi }: InstallRequest) {
  return {
    headers: alwaysReturnExi === undefined ? {} : { alwaysReturnEXI: String(alwaysReturnExi) },
    body: jsonBody({
      certificateInstallationReq: toBase64(installationReq),
      xsdMsgDefNamespace: namespaceText(edition),
    }),
  };
}

/** Alike in both dialects. */
export function contractQuery({ edition, cpsRootFingerprint }: Omit<ContractsOf, 'id'>) {
  return { xsdMsgDefNamespace: namespaceText(edition), cpsV2GRootCertificateFingerprint: cpsRootFingerprint };
}

/** Alike in both dialects. */
export function provideQuery({ sessionId, ...wanted }: ProvideWanted) {
  return { sessionID: sessionId && toHex(sessionId), ...contractQuery(wanted) };
}

/** Seconds are as fine as certificates have it. */
function instant(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
