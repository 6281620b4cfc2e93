/** The CertificateInstallationRes that tells a car why it gets no contract. */
import { type CertificateInstallationRes, encode, iso15118_2 } from '@plugpool/exi';

/** A mandatory binary of a failure holds one zero octet, a mandatory text `0`, as cars in the field know it. */
const ZERO = Uint8Array.of(0);
const NONE = '0';

/** EXI of a failure response for ISO 15118-2 with the car's own session id. */
export function failureRes(
  sessionId: Uint8Array,
  responseCode: CertificateInstallationRes['ResponseCode'],
  text: string,
): Uint8Array {
  // The text can quote the car, and a cut through the middle of a character would leave what no message can hold.
  const FaultMsg = text.slice(0, 64).toWellFormed();
  return encode(iso15118_2, {
    V2G_Message: {
      Header: { SessionID: sessionId, Notification: { FaultCode: 'UnknownError', FaultMsg } },
      Body: {
        CertificateInstallationRes: {
          ResponseCode: responseCode,
          SAProvisioningCertificateChain: { Certificate: ZERO },
          ContractSignatureCertChain: { Certificate: ZERO },
          ContractSignatureEncryptedPrivateKey: { Id: NONE, value: ZERO },
          DHpublickey: { Id: NONE, value: ZERO },
          eMAID: { Id: NONE, value: NONE },
        },
      },
    },
  });
}
