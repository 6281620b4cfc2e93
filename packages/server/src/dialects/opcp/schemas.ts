/** The request shapes of OPCP 1.0. Unknown fields are let through; certificates are checked where they are read. */
import { Type } from '../../http/schema-builders.ts';
import { EMAID_PATTERNS } from '../../kernel/patterns.ts';
import {
  CertificateText,
  Fingerprint,
  generateBody,
  MetaData,
  metaDataFields,
  Namespace,
  Octets,
  Pcid,
} from '../request-shapes.ts';

const Emaid = Type.String({ pattern: EMAID_PATTERNS.opcp });

export const EmaidPath = Type.Object({ emaid: Emaid });
export const EmaidAndPcidPath = Type.Object({ emaid: Emaid, pcid: Pcid });

export const RootsQuery = Type.Object({
  rootType: Type.Optional(Type.String({ pattern: '^([mM][oO]|[vV]2[gG]|[oO][eE][mM]|[pP][eE])$' })),
});

export const RootCertificateBody = Type.Object({
  caCertificate: CertificateText,
  rootType: Type.String({ pattern: '^(MO|V2G|OEM|PE)$' }),
});

/** The reference announces `subCa1Certificate`, `subCa2Certificate` and `provisioningCertificate` as the names to come. */
export const ProvisioningCertificateBody = Type.Object({
  subCA1Certificate: Type.Optional(CertificateText),
  subCa1Certificate: Type.Optional(CertificateText),
  subCA2Certificate: Type.Optional(CertificateText),
  subCa2Certificate: Type.Optional(CertificateText),
  vehicleCertificate: Type.Optional(CertificateText),
  provisioningCertificate: Type.Optional(CertificateText),
  xsdMsgDefNamespace: Type.Optional(Namespace),
  v2gRootAuthorityKeyIdentifier: Type.Optional(Type.String()),
  v2gRootAuthorityKeyIdentifiers: Type.Optional(Type.Array(Type.String(), { maxItems: 50 })),
  previousPcid: Type.Optional(Pcid),
  rootAuthorityKeyIdentifier: Type.Optional(Type.String()),
  rootIssuerDistinguishedName: Type.Optional(Type.String()),
  rootIssuerSerialNumber: Type.Optional(Type.String()),
});

/** Contract data of the deprecated calls and of the quick start. */
const NestedContractData = Type.Object({
  emaid: Emaid,
  contractSignatureCertChain: Type.Object({
    contractSignatureCertChainCertificate: CertificateText,
    contractSignatureCertChainSubCertificates: Type.Array(CertificateText, { minItems: 1, maxItems: 2 }),
  }),
  contractSignatureEncryptedPrivateKey: Octets,
  dHpublickey: Octets,
});

export const CreateSignedContractDataBody = Type.Object({
  xsdMsgDefNamespace: Namespace,
  contractData: NestedContractData,
  pcid: Pcid,
  emaid: Type.Optional(Emaid),
  metaData: Type.Optional(MetaData),
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
});

/** The first form of the quick start's document has neither PCID nor EMAID beside the contract data. */
export const ForwardSignedContractDataBody = Type.Object({
  ...CreateSignedContractDataBody.properties,
  xsdMsgDefNamespace: Type.Optional(Namespace),
  pcid: Type.Optional(Pcid),
});

export const SignedContractDataBody = Type.Object({
  contractData: Type.Object({
    contractCertificate: Type.Optional(CertificateText),
    contractSubCa2Certificate: Type.Optional(CertificateText),
    contractSubCa1Certificate: Type.Optional(CertificateText),
    contractSignatureCertChain: Type.Optional(NestedContractData.properties.contractSignatureCertChain),
    contractSignatureEncryptedPrivateKey: Octets,
    dHpublickey: Octets,
    emaid: Type.Optional(Emaid),
  }),
  pcid: Type.Optional(Type.Union([Pcid, Type.Null()])),
  emaid: Type.Optional(Emaid),
  xsdMsgDefNamespace: Namespace,
  metaData: Type.Optional(MetaData),
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
});

export const GenerateBody = generateBody(Emaid);

export const AddSignedContractDataBody = Type.Object({
  xsdMsgDefNamespace: Namespace,
  emaid: Emaid,
  pcid: Pcid,
  signedContractDataXML: Type.String({ contentEncoding: 'base64' }),
  ...metaDataFields,
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
});
