/** A CertificateInstallationRes of ISO 15118-20: one contract, and how many more there are. */
import {
  type CertificateInstallationRes20,
  decode,
  ExiError,
  type Iso15118_20CommonDocument,
  iso15118_20Common,
} from '@plugpool/exi';
import { type Certificate, commonNameOf, verifyMessageSignature } from '@plugpool/iso15118';
import { receivedChain, trustedRoot } from './received-chain.ts';
import { VehicleRefusal } from './vehicle-refusal.ts';
import { checkSession, type ResponseCircumstances, type VerifiedResponse } from './verified-response.ts';

const edition = 'ISO15118-20';

export interface VerifiedResponse20 extends VerifiedResponse {
  /** The curve of the key agreement that the message names. */
  readonly ecdhCurve: 'SECP521' | 'X448';
  readonly remaining: number;
}

/**
 * Checks a response as a car does, in the order in which it can know things: message, session, response code, signer,
 * signature, contract chain, form of the sealed key. A key that is sealed for a TPM is refused: this car has none.
 * @throws VehicleRefusal
 */
export function verifyInstallationRes20(exi: Uint8Array, circumstances: ResponseCircumstances): VerifiedResponse20 {
  const document = decoded(exi);
  const response = responseIn(document);
  checkSession(response.Header.SessionID, circumstances.sessionId);
  if (!response.ResponseCode.startsWith('OK')) {
    throw new VehicleRefusal('response-code', `the answer is ${response.ResponseCode}`);
  }
  if (response.EVSEProcessing !== 'Finished') {
    throw new VehicleRefusal('not-finished', `the answer is not ready yet: ${response.EVSEProcessing}`);
  }
  const cps = receivedChain(response.CPSCertificateChain, 'CPS', edition);
  const cpsRoot = trustedRoot(cps, circumstances);
  const { valid, problems } = verifyMessageSignature(document, cps.leaf);
  if (!valid) throw new VehicleRefusal('signature', problems.map(({ text }) => text).join('; '));
  const { ContractCertificateChain, ECDHCurve, DHPublicKey, ...keys } = response.SignedInstallationData;
  const contract = receivedChain(ContractCertificateChain, 'contract', edition);
  return {
    emaid: emaidOf(contract.leaf),
    contractCertificate: contract.leaf,
    contractSubCertificates: contract.subCertificates,
    ecdhCurve: ECDHCurve,
    encryptedPrivateKey: sealedKeyFor(ECDHCurve, keys),
    dhPublicKey: DHPublicKey,
    cpsCertificate: cps.leaf,
    cpsSubCertificates: cps.subCertificates,
    cpsRoot,
    remaining: response.RemainingContractCertificateChains,
  };
}

function decoded(exi: Uint8Array): Iso15118_20CommonDocument {
  try {
    return decode(iso15118_20Common, exi);
  } catch (cause) {
    if (cause instanceof ExiError) throw new VehicleRefusal('exi-invalid', cause.message, { cause });
    throw cause;
  }
}

function responseIn(document: Iso15118_20CommonDocument): CertificateInstallationRes20 {
  if ('CertificateInstallationRes' in document && document.CertificateInstallationRes !== undefined) {
    return document.CertificateInstallationRes;
  }
  throw new VehicleRefusal('unexpected-message', 'the message is no CertificateInstallationRes');
}

/** The message itself names no EMAID. */
function emaidOf(contract: Certificate): string {
  const commonName = commonNameOf(contract.subject);
  if (commonName !== undefined) return commonName;
  throw new VehicleRefusal('emaid-mismatch', 'the contract certificate names no EMAID');
}

type SignedInstallationData = CertificateInstallationRes20['SignedInstallationData'];
type SealedKeys = Pick<
  SignedInstallationData,
  'SECP521_EncryptedPrivateKey' | 'X448_EncryptedPrivateKey' | 'TPM_EncryptedPrivateKey'
>;

function sealedKeyFor(curve: SignedInstallationData['ECDHCurve'], keys: SealedKeys): Uint8Array {
  if (keys.TPM_EncryptedPrivateKey !== undefined) {
    const text = 'the contract key is sealed for a TPM (TPM_EncryptedPrivateKey), and this car has none';
    throw new VehicleRefusal('tpm-key', text);
  }
  const sealed = curve === 'SECP521' ? keys.SECP521_EncryptedPrivateKey : keys.X448_EncryptedPrivateKey;
  if (sealed !== undefined) return sealed;
  throw new VehicleRefusal('envelope', `ECDHCurve is ${curve}, and the encrypted private key is of the other curve`);
}
