import { type Certificate, type Edition, editionOfNamespace } from '@plugpool/iso15118';
import type { JsonAnswer } from '../http/json-answer.ts';

/** What the contract pool tells of a contract; one for each V2G root that its data is signed under. */
export interface ContractEntry {
  readonly emaid: string;
  readonly pcid: string;
  readonly edition: Edition | undefined;
  readonly contractCertificate: Certificate;
  readonly isDefault: boolean;
  readonly cpsRootFingerprint: string | undefined;
  readonly cpsRootName: string | undefined;
}

export function fromOpncContract(data: JsonAnswer): ContractEntry {
  const text = (key: string) => data.optional(key, (field) => field.text());
  return {
    emaid: data.at('emaid').text(),
    pcid: data.at('pcid').text(),
    edition: editionOfNamespace(text('xsdMsgDefNamespace') ?? ''),
    contractCertificate: data.at('contractCertificate').certificate(),
    isDefault: data.optional('defaultContract', (field) => field.flag()) ?? false,
    cpsRootFingerprint: text('cpsV2GRootCertificateFingerprint'),
    cpsRootName: text('cpsV2GRootDistinguishedName'),
  };
}
