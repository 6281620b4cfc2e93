import { type Edition, editionOfNamespace } from '@plugpool/iso15118';
import type { JsonAnswer } from '../http/json-answer.ts';

/** A CertificateInstallationRes and what the pool says about it. */
export interface SignedContractData {
  /** EXI. */
  readonly installationRes: Uint8Array;
  readonly edition: Edition | undefined;
  /** Missing in an EXI answer that tells the car of a failure. */
  readonly emaid: string | undefined;
  readonly pcid: string | undefined;
  readonly cpsRootFingerprint: string | undefined;
  readonly cpsRootName: string | undefined;
  readonly metaData: string | undefined;
}

export function fromOpncSignedContractData(data: JsonAnswer): SignedContractData {
  const text = (key: string) => data.optional(key, (field) => field.text());
  return {
    installationRes: data.at('certificateInstallationRes').octets(),
    edition: editionOfNamespace(text('xsdMsgDefNamespace') ?? ''),
    emaid: text('emaid'),
    pcid: text('pcid'),
    cpsRootFingerprint: text('cpsV2GRootCertificateFingerprint'),
    cpsRootName: text('cpsRootDistinguishedName'),
    metaData: text('metaData'),
  };
}
