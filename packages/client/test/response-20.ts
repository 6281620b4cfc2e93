/** Responses of ISO 15118-20 for a car, or ones with something wrong with them. */
import type { KeyObject } from 'node:crypto';
import { encode, iso15118_20Common } from '@plugpool/exi';
import {
  type Certificate,
  type CertificateInstallationRes20Fields,
  type CurveName,
  type Signer,
  sealContractKey,
  signCertificateInstallationRes20,
} from '@plugpool/iso15118';
import { type Issued, issue, sent, type TestPki } from './pki.ts';

/** What an eMSP and the CPS know of a car. */
export interface KnownVehicle {
  readonly pcid: string;
  readonly certificate: Certificate;
  /** Of a car with an Ed448 certificate. */
  readonly x448PublicKey?: KeyObject;
}

export interface Changes20 {
  readonly emaid?: string;
  readonly remaining?: number;
  readonly contract?: Issued;
  readonly cpsLeaf?: Issued;
  /** Who signs, when it is not the CPS in the message. */
  readonly signer?: Signer;
  /** What the envelope is bound to, when it is not car and contract. */
  readonly binding?: { readonly pcid?: string; readonly contractSki?: Uint8Array };
  /** Replaces fields of the message; it is signed as it then is. */
  readonly fields?: Partial<CertificateInstallationRes20Fields>;
  /** Not signed: the Finished of EVSEProcessing becomes this. */
  readonly processing?: 'Ongoing';
}

export async function respond20(
  pki: TestPki,
  vehicle: KnownVehicle,
  sessionId: Uint8Array,
  changes: Changes20 = {},
): Promise<Uint8Array> {
  const { emaid = 'DEPPLC12345678', cpsLeaf = pki.cpsLeaf, remaining = 0, processing } = changes;
  const { curve } = vehicle.certificate.publicKey;
  const contract = changes.contract ?? (await issue({ profile: 'contract', commonName: emaid, issuer: pki.mo.subCa2 }));
  const binding = {
    pcid: vehicle.pcid,
    contractSki: contract.certificate.subjectKeyIdentifier,
    ...changes.binding,
  };
  const { document, exi } = await signCertificateInstallationRes20({
    sessionId,
    timestamp: Date.now(),
    cpsChain: { certificate: cpsLeaf.certificate, ...sent(pki.cps) },
    contractChain: { certificate: contract.certificate, ...sent(pki.mo) },
    curve,
    ...sealed(curve, vehicle, contract, binding),
    remainingContractCertificateChains: remaining,
    ...changes.fields,
    signer: changes.signer ?? cpsLeaf.signer,
  });
  const { CertificateInstallationRes: response } = document;
  if (processing === undefined || response === undefined) return exi;
  return encode(iso15118_20Common, { CertificateInstallationRes: { ...response, EVSEProcessing: processing } });
}

function sealed(
  curve: CurveName,
  { certificate, x448PublicKey }: KnownVehicle,
  contract: Issued,
  binding: { readonly pcid: string; readonly contractSki: Uint8Array | undefined },
) {
  if (x448PublicKey === undefined) {
    const vehiclePublicKey = certificate.publicKey.point;
    return sealContractKey({ curve, vehiclePublicKey, contractKey: contract.keys.privateKey, ...binding });
  }
  const vehiclePublicKey = x448PublicKey.export({ format: 'der', type: 'spki' }).subarray(-56);
  return sealContractKey({ curve, vehiclePublicKey, contractKey: opaqueKey, ...binding });
}

/** What an X448 envelope holds in these tests. */
export const opaqueKey: Uint8Array = new Uint8Array(56).fill(9);
