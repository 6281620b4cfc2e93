/** Reads what a car sent: the EXI bytes of a CertificateInstallationReq for ISO 15118-2. */
import { type CertificateInstallationReq, type DocumentOf, decode, ExiError, iso15118_2 } from '@plugpool/exi';
import { refuseAt } from '../kernel/domain-error.ts';

export interface InstallationRequest {
  readonly document: DocumentOf<typeof iso15118_2>;
  readonly sessionId: Uint8Array;
  readonly request: CertificateInstallationReq;
}

/** Throws `exi-invalid` with the bit and the place in the schema. */
export function readInstallationRequest(exi: Uint8Array): InstallationRequest {
  const document = decoded(exi);
  if (!('V2G_Message' in document)) throw invalid('is not a V2G_Message');
  const { Header, Body } = document.V2G_Message;
  if (!('CertificateInstallationReq' in Body)) {
    throw invalid(`holds ${Object.keys(Body)[0] ?? 'no message'} where a CertificateInstallationReq is expected`);
  }
  return { document, sessionId: Header.SessionID, request: Body.CertificateInstallationReq };
}

function decoded(exi: Uint8Array): DocumentOf<typeof iso15118_2> {
  try {
    return decode(iso15118_2, exi);
  } catch (error) {
    if (error instanceof ExiError) throw invalid(error.message);
    throw error;
  }
}

function invalid(why: string) {
  return refuseAt('exi-invalid', [`certificateInstallationReq : ${why}`]);
}
