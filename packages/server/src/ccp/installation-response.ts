/** The stored CertificateInstallationRes, made ready for the one who asked, and read when it comes from outside. */
import { type CertificateInstallationRes, type DocumentOf, decode, encode, iso15118_2 } from '@plugpool/exi';

type Message = DocumentOf<typeof iso15118_2>;

/** The same response with another session id; the header is outside of what is signed. */
export function withSessionId(exi: Uint8Array, sessionId: Uint8Array): Uint8Array {
  const document = decode(iso15118_2, exi);
  if (!('V2G_Message' in document)) throw new Error('what is stored is not a V2G_Message');
  const { Header, Body } = document.V2G_Message;
  return encode(iso15118_2, { V2G_Message: { Header: { ...Header, SessionID: sessionId }, Body } });
}

/** The response inside a message, or undefined when the message is another one. */
export function installationResIn(document: Message): CertificateInstallationRes | undefined {
  if (!('V2G_Message' in document)) return undefined;
  const { Body } = document.V2G_Message;
  return 'CertificateInstallationRes' in Body ? Body.CertificateInstallationRes : undefined;
}
