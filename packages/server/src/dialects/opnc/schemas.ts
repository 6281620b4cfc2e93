/** The request shapes of the OPNC. Unknown fields are let through; certificates are checked where they are read. */
import { Type } from '../../http/schema-builders.ts';
import { EMAID_PATTERNS } from '../../kernel/patterns.ts';
import {
  CertificateText,
  ContractQuery,
  Fingerprint,
  generateBody,
  metaDataFields,
  Namespace,
  Octets,
  Pcid,
} from '../request-shapes.ts';
import { pageQuery } from './paging.ts';

const Emaid = Type.String({ pattern: EMAID_PATTERNS.opnc, minLength: 14, maxLength: 36 });

export const EmaidPath = Type.Object({ emaid: Emaid });
export const EmaidAndPcidPath = Type.Object({ emaid: Emaid, pcid: Pcid });

export const RootsQuery = Type.Object({
  pkiType: Type.Optional(Type.String({ pattern: '^([eE][mM][sS][pP]|[mM][oO]|[vV]2[gG]|[oO][eE][mM]|[pP][eE])$' })),
  ...pageQuery,
});
export const CpsCertificatesQuery = Type.Object(pageQuery);
export const ContractListQuery = Type.Object({ ...ContractQuery.properties, ...pageQuery });

const RootTypeName = Type.String({ pattern: '^(eMSP|MO|V2G|OEM|PE)$' });

export const RootCertificateBody = Type.Object({
  caCertificate: CertificateText,
  rootType: Type.Optional(RootTypeName),
  rootTypeList: Type.Optional(Type.Array(RootTypeName, { minItems: 1, maxItems: 5 })),
  rootCtlList: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 })),
});

export const ProvisioningCertificateBody = Type.Object({
  provisioningCertificateChain: Type.Object({
    certificate: CertificateText,
    subCa1Certificate: Type.Optional(CertificateText),
    subCA1Certificate: Type.Optional(CertificateText),
    subCa2Certificate: Type.Optional(CertificateText),
    subCA2Certificate: Type.Optional(CertificateText),
  }),
  xsdMsgDefNamespace: Type.Optional(Namespace),
  v2gRootAuthorityKeyIdentifiers: Type.Optional(Type.Array(Type.String(), { maxItems: 50 })),
  previousPcid: Type.Optional(Pcid),
  rootIssuerSerialNumber: Type.Optional(Type.String()),
  rootAuthorityKeyIdentifier: Type.Optional(Type.String()),
});

export const SignContractDataBody = Type.Object({
  contractCertificateBundle: Type.Object({
    pcid: Type.Optional(Pcid),
    emaid: Emaid,
    contractCertificateChain: Type.Object({
      certificate: CertificateText,
      subCa1Certificate: CertificateText,
      subCa2Certificate: Type.Optional(CertificateText),
    }),
    contractSignatureEncryptedPrivateKey: Octets,
    dHpublickey: Octets,
  }),
  xsdMsgDefNamespace: Namespace,
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
});

export const GenerateBody = generateBody(Emaid);

export const RevokeCertificateBody = Type.Object({
  certificate: CertificateText,
  revocationReason: Type.String(),
});

export const AddSignedContractDataBody = Type.Object({
  certificateInstallationRes: Type.String({ contentEncoding: 'base64' }),
  emaid: Emaid,
  pcid: Pcid,
  xsdMsgDefNamespace: Namespace,
  ...metaDataFields,
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
});
