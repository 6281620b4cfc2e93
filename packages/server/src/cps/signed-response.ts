/** Contract data as the message that a car gets, signed by the CPS. */
import {
  type Edition,
  normaliseEmaid,
  type SentChain,
  signCertificateInstallationRes,
  signCertificateInstallationRes20,
} from '@plugpool/iso15118';
import type { CpsSigner } from '../pki/public-key-infrastructure.ts';
import type { ContractData } from './contract-data.ts';

/** The car's own session id is put in on delivery; until then the mandatory field holds zeros, one of them in -2. */
const NO_SESSION = new Uint8Array(8);

interface Signing {
  readonly signer: CpsSigner;
  /** Epoch milliseconds. */
  readonly now: number;
}

type SignResponse = (data: ContractData, commonName: string, signing: Signing) => Promise<Uint8Array>;

export const signedResponse: Readonly<Record<Edition, SignResponse>> = {
  async 'ISO15118-2'(data, commonName, { signer: cps }) {
    const { exi } = await signCertificateInstallationRes({
      sessionId: NO_SESSION.subarray(0, 1),
      provisioningChain: chainOf(cps),
      contractChain: chainOf(data),
      encryptedPrivateKey: data.encryptedPrivateKey,
      dhPublicKey: data.dhPublicKey,
      // The message has room for 15 characters, so separators stay behind.
      emaid: normaliseEmaid(commonName),
      signer: cps.signer,
    });
    return exi;
  },

  async 'ISO15118-20'(data, _commonName, { signer: cps, now }) {
    const { exi } = await signCertificateInstallationRes20({
      sessionId: NO_SESSION,
      timestamp: now,
      cpsChain: chainOf(cps),
      contractChain: chainOf(data),
      curve: data.certificate.publicKey.curve,
      encryptedPrivateKey: data.encryptedPrivateKey,
      dhPublicKey: data.dhPublicKey,
      remainingContractCertificateChains: 0,
      signer: cps.signer,
    });
    return exi;
  },
};

function chainOf({ certificate, subCa2, subCa1 }: SentChain): SentChain {
  return { certificate, ...(subCa2 && { subCa2 }), subCa1 };
}
