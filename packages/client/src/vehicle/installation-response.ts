/** A CertificateInstallationRes of ISO 15118-2. */
import { decode, ExiError, type Iso15118_2Document, iso15118_2, type V2gMessage } from '@plugpool/exi';
import {
  type Certificate,
  commonNameOf,
  IdentifierError,
  parseEmaid,
  verifyMessageSignature,
} from '@plugpool/iso15118';
import { receivedChain, trustedRoot } from './received-chain.ts';
import { VehicleRefusal } from './vehicle-refusal.ts';
import { checkSession, type ResponseCircumstances, type VerifiedResponse } from './verified-response.ts';

const edition = 'ISO15118-2';

/**
 * Checks a response as a car does, in the order in which it can know things: message, session, response code, signer,
 * signature, EMAID.
 * @throws VehicleRefusal
 */
export function verifyInstallationRes(exi: Uint8Array, circumstances: ResponseCircumstances): VerifiedResponse {
  const document = decoded(exi);
  const { Header, Body } = messageIn(document);
  const response = Body.CertificateInstallationRes;
  if (response === undefined) {
    throw new VehicleRefusal('unexpected-message', 'the message is no CertificateInstallationRes');
  }
  checkSession(Header.SessionID, circumstances.sessionId);
  if (!response.ResponseCode.startsWith('OK')) {
    const said = Header.Notification?.FaultMsg;
    const why = said === undefined ? '' : ` (${said})`;
    throw new VehicleRefusal('response-code', `the answer is ${response.ResponseCode}${why}`);
  }
  const cps = receivedChain(response.SAProvisioningCertificateChain, 'CPS', edition);
  const cpsRoot = trustedRoot(cps, circumstances);
  const { valid, problems } = verifyMessageSignature(document, cps.leaf);
  if (!valid) throw new VehicleRefusal('signature', problems.map(({ text }) => text).join('; '));
  const contract = receivedChain(response.ContractSignatureCertChain, 'contract', edition);
  const emaid = response.eMAID.value;
  checkEmaid(emaid, contract.leaf);
  return {
    emaid,
    contractCertificate: contract.leaf,
    contractSubCertificates: contract.subCertificates,
    encryptedPrivateKey: response.ContractSignatureEncryptedPrivateKey.value,
    dhPublicKey: response.DHpublickey.value,
    cpsCertificate: cps.leaf,
    cpsSubCertificates: cps.subCertificates,
    cpsRoot,
  };
}

function decoded(exi: Uint8Array): Iso15118_2Document {
  try {
    return decode(iso15118_2, exi);
  } catch (cause) {
    if (cause instanceof ExiError) throw new VehicleRefusal('exi-invalid', cause.message, { cause });
    throw cause;
  }
}

function messageIn(document: Iso15118_2Document): V2gMessage {
  const { V2G_Message: message } = document;
  if (message === undefined) throw new VehicleRefusal('unexpected-message', 'the document is no V2G_Message');
  return message;
}

function checkEmaid(emaid: string, contract: Certificate): void {
  const commonName = commonNameOf(contract.subject) ?? '';
  if (identityOf(emaid) === identityOf(commonName)) return;
  const text = `the message is for ${emaid}, the contract certificate for ${commonName}`;
  throw new VehicleRefusal('emaid-mismatch', text);
}

function identityOf(text: string): string {
  try {
    return parseEmaid(text);
  } catch (error) {
    if (error instanceof IdentifierError) return text;
    throw error;
  }
}
