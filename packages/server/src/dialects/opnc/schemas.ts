/** The request shapes of the OPNC. Unknown fields are let through; certificates are checked where they are read. */
import { Type } from 'typebox';
import { EMAID_PATTERNS } from '../../kernel/patterns.ts';
import { Fingerprint, generateBody, MetaData, Namespace, Pcid } from '../request-shapes.ts';

const Emaid = Type.String({ pattern: EMAID_PATTERNS.opnc, minLength: 14, maxLength: 36 });

export const EmaidPath = Type.Object({ emaid: Emaid });
export const EmaidAndPcidPath = Type.Object({ emaid: Emaid, pcid: Pcid });

export const RootsQuery = Type.Object({
  pkiType: Type.Optional(Type.String({ pattern: '^([eE][mM][sS][pP]|[mM][oO]|[vV]2[gG]|[oO][eE][mM]|[pP][eE])$' })),
});

const RootTypeName = Type.String({ pattern: '^(eMSP|MO|V2G|OEM|PE)$' });

export const RootCertificateBody = Type.Object({
  caCertificate: Type.String(),
  rootType: Type.Optional(RootTypeName),
  rootTypeList: Type.Optional(Type.Array(RootTypeName, { minItems: 1, maxItems: 5 })),
  rootCtlList: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 })),
});

export const ProvisioningCertificateBody = Type.Object({
  provisioningCertificateChain: Type.Object({
    certificate: Type.String(),
    subCa1Certificate: Type.Optional(Type.String()),
    subCA1Certificate: Type.Optional(Type.String()),
    subCa2Certificate: Type.Optional(Type.String()),
    subCA2Certificate: Type.Optional(Type.String()),
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
      certificate: Type.String(),
      subCa1Certificate: Type.String(),
      subCa2Certificate: Type.Optional(Type.String()),
    }),
    contractSignatureEncryptedPrivateKey: Type.String({ minLength: 1 }),
    dHpublickey: Type.String({ minLength: 1 }),
  }),
  xsdMsgDefNamespace: Namespace,
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
});

export const GenerateBody = generateBody(Emaid);

export const RevokeCertificateBody = Type.Object({
  certificate: Type.String(),
  revocationReason: Type.String(),
});

export const AddSignedContractDataBody = Type.Object({
  certificateInstallationRes: Type.String(),
  emaid: Emaid,
  pcid: Pcid,
  xsdMsgDefNamespace: Namespace,
  metaData: Type.Optional(MetaData),
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
});
