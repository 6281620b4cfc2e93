/** Contract data in the two shapes of OPCP: flat in the current call, nested in the deprecated ones. */
import { type Certificate, type Emaid, normaliseEmaid } from '@plugpool/iso15118/pki';
import type { Static } from 'typebox';
import type { ContractData } from '../../cps/contract-data.ts';
import { emaidOf } from '../../cps/contract-data-checks.ts';
import { refuse } from '../../kernel/domain-error.ts';
import { cpsRootOf } from '../contract-requests.ts';
import { certificateField, editionField, emaidField, octetsField } from '../request-fields.ts';
import type { ForwardSignedContractDataBody, SignedContractDataBody } from './schemas.ts';

type Unplaced = Omit<ContractData, 'pcid'>;

/** Without the PCID, for whether it stores is the call's matter. */
export function fromNestedContractData(body: Static<typeof ForwardSignedContractDataBody>): Unplaced {
  const { contractData } = body;
  const { contractSignatureCertChain: chain } = contractData;
  return {
    ...envelopeOf(contractData),
    ...commonOf(body),
    emaid: agreed(contractData.emaid, body.emaid),
    ...nestedChain(chain),
  };
}

/** The EMAID is the common name of the certificate unless it is written down as well. */
export function fromFlatContractData(body: Static<typeof SignedContractDataBody>): Unplaced {
  const { contractData } = body;
  const chain = chainOf(contractData);
  const written = contractData.emaid ?? body.emaid;
  return {
    ...envelopeOf(contractData),
    ...commonOf(body),
    ...chain,
    emaid: written === undefined ? emaidOf(chain.certificate) : agreed(written, body.emaid),
  };
}

interface Chain {
  readonly certificate: Certificate;
  readonly subCa2?: Certificate;
  readonly subCa1: Certificate;
}

function chainOf(data: Static<typeof SignedContractDataBody>['contractData']): Chain {
  const { contractCertificate, contractSubCa1Certificate: subCa1, contractSubCa2Certificate: subCa2 } = data;
  if (data.contractSignatureCertChain !== undefined) return nestedChain(data.contractSignatureCertChain);
  if (contractCertificate === undefined) throw refuse('field-missing', 'contractData.contractCertificate');
  if (subCa1 === undefined) throw refuse('field-missing', 'contractData.contractSubCa1Certificate');
  return {
    certificate: certificateField(contractCertificate, 'contractData.contractCertificate'),
    ...(subCa2 && { subCa2: certificateField(subCa2, 'contractData.contractSubCa2Certificate') }),
    subCa1: certificateField(subCa1, 'contractData.contractSubCa1Certificate'),
  };
}

function nestedChain(chain: {
  readonly contractSignatureCertChainCertificate: string;
  readonly contractSignatureCertChainSubCertificates: readonly string[];
}): Chain {
  const path = 'contractData.contractSignatureCertChain.contractSignatureCertChainCertificate';
  // The leaf's base64 is checked by pattern first, as the field's text for it is the pattern.
  octetsField(chain.contractSignatureCertChainCertificate, path);
  const certificate = certificateField(chain.contractSignatureCertChainCertificate, path);
  const [first, second] = chain.contractSignatureCertChainSubCertificates.map((text) =>
    certificateField(text, 'contractSignatureCertChainSubCertificates list'),
  );
  if (first === undefined) throw refuse('field-missing', 'contractSignatureCertChainSubCertificates');
  return second === undefined ? { certificate, subCa1: first } : { certificate, subCa2: first, subCa1: second };
}

function envelopeOf(data: { readonly contractSignatureEncryptedPrivateKey: string; readonly dHpublickey: string }) {
  return {
    encryptedPrivateKey: octetsField(
      data.contractSignatureEncryptedPrivateKey,
      'contractData.contractSignatureEncryptedPrivateKey',
    ),
    dhPublicKey: octetsField(data.dHpublickey, 'contractData.dHpublickey'),
  };
}

function commonOf(body: {
  readonly xsdMsgDefNamespace?: string;
  readonly cpsV2GRootCertificateFingerprint?: string;
  readonly metaData?: string;
}) {
  return {
    edition: editionField(body.xsdMsgDefNamespace),
    ...cpsRootOf(body),
    ...(body.metaData !== undefined && { metaData: body.metaData }),
  };
}

/** Where the EMAID is written twice, both have to name the same contract. */
function agreed(written: string, again: string | undefined): Emaid {
  const emaid = emaidField(written, 'opcp');
  if (again !== undefined && emaidField(again, 'opcp') !== emaid) {
    throw refuse('field-invalid', 'emaid', `is not the EMAID of the contract data, ${normaliseEmaid(written)}`);
  }
  return emaid;
}
