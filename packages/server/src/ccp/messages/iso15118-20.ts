import {
  type CertificateInstallationRes20,
  decode,
  ExiError,
  encode,
  type Iso15118_20CommonDocument,
  iso15118_20Common,
} from '@plugpool/exi';
import { verifyMessageSignature } from '@plugpool/iso15118';
import {
  type InstallationMessages,
  NONE,
  type RefusalReason,
  UnreadableMessage,
  ZERO,
} from './installation-messages.ts';

const codes: Readonly<Record<RefusalReason, CertificateInstallationRes20['ResponseCode']>> = {
  'vehicle-unknown': 'WARNING_NoContractMatchingPCIDFound',
  'no-contract': 'WARNING_NoContractMatchingPCIDFound',
  'none-usable': 'WARNING_NoCertificateAvailable',
  signature: 'FAILED_SignatureError',
  chain: 'WARNING_CertificateValidationError',
  expired: 'WARNING_CertificateExpired',
  'not-yet-valid': 'WARNING_CertificateNotYetValid',
  revoked: 'WARNING_CertificateRevoked',
  request: 'FAILED',
};

export const iso20InstallationMessages: InstallationMessages = {
  edition: 'ISO15118-20',

  readRequest(exi) {
    const document = read(exi);
    if (!('CertificateInstallationReq' in document)) throw unexpected(document, 'CertificateInstallationReq');
    const { CertificateInstallationReq: req } = document;
    return {
      sessionId: req.Header.SessionID,
      certificate: req.OEMProvisioningCertificateChain.Certificate,
      certificateField: 'OEMProvisioningCertificateChain.Certificate',
      rootIds: req.ListOfRootCertificateIDs.RootCertificateID,
      wish: {
        most: req.MaximumContractCertificateChains,
        prioritizedEmaids: req.PrioritizedEMAIDs?.EMAID ?? [],
      },
      verify: (certificate) =>
        verifyMessageSignature(document, certificate, { required: ['OEMProvisioningCertificateChain'] }),
    };
  },

  readResponse(exi) {
    const document = read(exi);
    if (!('CertificateInstallationRes' in document)) throw unexpected(document, 'CertificateInstallationRes');
    const { CertificateInstallationRes: res } = document;
    const { ContractCertificateChain, DHPublicKey, ECDHCurve, ...key } = res.SignedInstallationData;
    const { form, encryptedPrivateKey } = keyIn(key);
    return {
      sessionId: res.Header.SessionID,
      responseCode: res.ResponseCode,
      contractChain: ContractCertificateChain,
      cpsChain: res.CPSCertificateChain,
      encryptedPrivateKey,
      dhPublicKey: DHPublicKey,
      emaid: undefined,
      sealedAs: { form, ecdhCurve: ECDHCurve },
      exi: encode(iso15118_20Common, document),
      verify: (cps) => verifyMessageSignature(document, cps, { required: ['SignedInstallationData'] }),
    };
  },

  deliver(stored, { sessionId, now, remaining }) {
    const document = read(stored);
    if (!('CertificateInstallationRes' in document)) throw new Error('what is stored is no CertificateInstallationRes');
    const { CertificateInstallationRes: res } = document;
    return encode(iso15118_20Common, {
      CertificateInstallationRes: {
        ...res,
        Header: { ...res.Header, SessionID: sessionId, TimeStamp: secondsOf(now) },
        // Whatever somebody else's CPS wrote: with `Ongoing` the car would ask again in place of taking the contract.
        EVSEProcessing: 'Finished',
        RemainingContractCertificateChains: remaining,
      },
    });
  },

  /** The messages of ISO 15118-20 have no room for a text. */
  failure(reason, _text, { sessionId, now }) {
    return encode(iso15118_20Common, {
      CertificateInstallationRes: {
        Header: { SessionID: sessionId, TimeStamp: secondsOf(now) },
        ResponseCode: codes[reason],
        EVSEProcessing: 'Finished',
        CPSCertificateChain: { Certificate: ZERO },
        SignedInstallationData: {
          Id: NONE,
          ContractCertificateChain: { Certificate: ZERO, SubCertificates: { Certificate: [ZERO] } },
          ECDHCurve: 'SECP521',
          DHPublicKey: ZERO,
          SECP521_EncryptedPrivateKey: ZERO,
        },
        RemainingContractCertificateChains: 0,
      },
    });
  },
};

interface KeyElements {
  readonly SECP521_EncryptedPrivateKey?: Uint8Array;
  readonly X448_EncryptedPrivateKey?: Uint8Array;
  readonly TPM_EncryptedPrivateKey?: Uint8Array;
}

/** Of the three the schema has exactly one; a key for a TPM goes with either curve. */
function keyIn({ SECP521_EncryptedPrivateKey, X448_EncryptedPrivateKey, TPM_EncryptedPrivateKey }: KeyElements) {
  if (SECP521_EncryptedPrivateKey !== undefined) {
    return { form: 'SECP521', encryptedPrivateKey: SECP521_EncryptedPrivateKey } as const;
  }
  if (X448_EncryptedPrivateKey !== undefined) {
    return { form: 'X448', encryptedPrivateKey: X448_EncryptedPrivateKey } as const;
  }
  return { form: 'TPM', encryptedPrivateKey: TPM_EncryptedPrivateKey ?? new Uint8Array(0) } as const;
}

/** Time stamps of headers are seconds since 1970. */
function secondsOf(now: number): bigint {
  return BigInt(Math.floor(now / 1000));
}

function read(exi: Uint8Array): Iso15118_20CommonDocument {
  try {
    return decode(iso15118_20Common, exi);
  } catch (error) {
    if (error instanceof ExiError) throw new UnreadableMessage(error.message);
    throw error;
  }
}

function unexpected(document: object, expected: string): UnreadableMessage {
  return new UnreadableMessage(`holds ${Object.keys(document)[0] ?? 'no message'} where a ${expected} is expected`);
}
