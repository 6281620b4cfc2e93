import {
  type CertificateInstallationRes,
  decode,
  ExiError,
  encode,
  type Iso15118_2Document,
  iso15118_2,
  type V2gMessage,
  withSessionId,
} from '@plugpool/exi';
import { verifyMessageSignature } from '@plugpool/iso15118';
import {
  type InstallationMessages,
  NONE,
  type RefusalReason,
  UnreadableMessage,
  ZERO,
} from './installation-messages.ts';

const codes: Readonly<Record<RefusalReason, CertificateInstallationRes['ResponseCode']>> = {
  'vehicle-unknown': 'FAILED_NoCertificateAvailable',
  'no-contract': 'FAILED_NoCertificateAvailable',
  'none-usable': 'FAILED_NoCertificateAvailable',
  signature: 'FAILED_SignatureError',
  chain: 'FAILED_CertChainError',
  expired: 'FAILED_CertificateExpired',
  'not-yet-valid': 'FAILED_CertChainError',
  revoked: 'FAILED_CertificateRevoked',
  request: 'FAILED',
};

const signedByCps = [
  'ContractSignatureCertChain',
  'ContractSignatureEncryptedPrivateKey',
  'DHpublickey',
  'eMAID',
] as const;

export const iso2InstallationMessages: InstallationMessages = {
  edition: 'ISO15118-2',

  readRequest(exi) {
    const { document, message } = read(exi);
    const { Header, Body } = message;
    if (!('CertificateInstallationReq' in Body)) throw unexpected(Body, 'CertificateInstallationReq');
    const { OEMProvisioningCert, ListOfRootCertificateIDs } = Body.CertificateInstallationReq;
    return {
      sessionId: Header.SessionID,
      certificate: OEMProvisioningCert,
      certificateField: 'OEMProvisioningCert',
      rootIds: ListOfRootCertificateIDs.RootCertificateID,
      wish: undefined,
      // [V2G2-895]: the request itself is signed.
      verify: (certificate) =>
        verifyMessageSignature(document, certificate, { required: ['CertificateInstallationReq'] }),
    };
  },

  readResponse(exi) {
    const { document, message } = read(exi);
    if (!('CertificateInstallationRes' in message.Body)) {
      throw unexpected(message.Body, 'CertificateInstallationRes');
    }
    const { CertificateInstallationRes: res } = message.Body;
    return {
      sessionId: message.Header.SessionID,
      responseCode: res.ResponseCode,
      contractChain: res.ContractSignatureCertChain,
      cpsChain: res.SAProvisioningCertificateChain,
      encryptedPrivateKey: res.ContractSignatureEncryptedPrivateKey.value,
      dhPublicKey: res.DHpublickey.value,
      emaid: res.eMAID.value,
      sealedAs: undefined,
      exi: encode(iso15118_2, document),
      verify: (cps) => verifyMessageSignature(document, cps, { required: signedByCps }),
    };
  },

  deliver(stored, { sessionId }) {
    return withSessionId(stored, sessionId);
  },

  failure(reason, text, { sessionId }) {
    // The text can quote the car, and a cut through the middle of a character would leave what no message can hold.
    const FaultMsg = text.slice(0, 64).toWellFormed();
    return encode(iso15118_2, {
      V2G_Message: {
        Header: { SessionID: sessionId, Notification: { FaultCode: 'UnknownError', FaultMsg } },
        Body: {
          CertificateInstallationRes: {
            ResponseCode: codes[reason],
            SAProvisioningCertificateChain: { Certificate: ZERO },
            ContractSignatureCertChain: { Certificate: ZERO },
            ContractSignatureEncryptedPrivateKey: { Id: NONE, value: ZERO },
            DHpublickey: { Id: NONE, value: ZERO },
            eMAID: { Id: NONE, value: NONE },
          },
        },
      },
    });
  },
};

function read(exi: Uint8Array): { document: Iso15118_2Document; message: V2gMessage } {
  try {
    const document = decode(iso15118_2, exi);
    if (!('V2G_Message' in document)) throw new UnreadableMessage('is not a V2G_Message');
    return { document, message: document.V2G_Message };
  } catch (error) {
    if (error instanceof ExiError) throw new UnreadableMessage(error.message);
    throw error;
  }
}

function unexpected(body: object, expected: string): UnreadableMessage {
  return new UnreadableMessage(`holds ${Object.keys(body)[0] ?? 'no message'} where a ${expected} is expected`);
}
