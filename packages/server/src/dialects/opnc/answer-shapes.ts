/** What the OPNC answers, as schemas; the functions that write the answers have their types from here. */
import { Type } from '../../http/schema-builders.ts';
import {
  Certificate,
  EmaidOut,
  Exi,
  FingerprintOut,
  KeyIdentifier,
  Name,
  NamespaceOut,
  PcidOut,
  Time,
  Uuid,
} from '../answer-fields.ts';

const RootTypeName = Type.Union([Type.Literal('V2G'), Type.Literal('OEM'), Type.Literal('eMSP'), Type.Literal('PE')]);

export const RootCertificate = Type.Object(
  {
    rootCertificateId: Uuid,
    distinguishedName: Name,
    rootCtlList: Type.Array(Type.String()),
    rootTypeList: Type.Array(RootTypeName, { minItems: 1 }),
    rootType: RootTypeName,
    caCertificate: Certificate,
    commonName: Type.Optional(Type.String()),
    rootAuthorityKeyIdentifier: Type.Optional(Type.String({ contentEncoding: 'base64' })),
    rootIssuerSerialNumber: Type.String(),
    validFrom: Time,
    validTo: Time,
    organizationName: Type.Optional(Type.String()),
    fingerprint: FingerprintOut,
  },
  { title: 'RootCertificate' },
);

export const RootCertificateList = Type.Object({ rootCertificateCollection: Type.Array(RootCertificate) });
export const AddedRootCertificate = Type.Object({ rootCertificate: RootCertificate });
/** The reference has the name with three o; clients of either spelling find what they look for. */
export const OneRootCertificate = Type.Object({ roootCertificate: RootCertificate, rootCertificate: RootCertificate });

const CertificateChain = Type.Object(
  {
    certificate: Certificate,
    subCa2Certificate: Type.Optional(Certificate),
    subCa1Certificate: Certificate,
  },
  { title: 'CertificateChain' },
);

export const ProvisioningCertificate = Type.Object(
  {
    provisioningCertificateChain: CertificateChain,
    xsdMsgDefNamespace: NamespaceOut,
    rootIssuerSerialNumber: Type.String(),
    rootAuthorityKeyIdentifier: KeyIdentifier,
    v2gRootAuthorityKeyIdentifiers: Type.Optional(Type.Array(KeyIdentifier)),
    fingerprint: FingerprintOut,
    previousPcid: Type.Optional(PcidOut),
  },
  { title: 'ProvisioningCertificate' },
);
export const OneProvisioningCertificate = Type.Object({ provisioningCertificate: ProvisioningCertificate });

export const CpsCertificate = Type.Object(
  {
    cpsDistinguishedName: Name,
    cpsCertificateChain: CertificateChain,
    validFrom: Time,
    validTo: Time,
    organizationName: Type.String(),
    cpsV2GRootCertificateFingerprint: FingerprintOut,
    cpsV2GRootDistinguishedName: Name,
    xsdMsgDefNamespace: NamespaceOut,
  },
  { title: 'CpsCertificate' },
);
export const CpsCertificateList = Type.Object({ cpsCertificateDataCollection: Type.Array(CpsCertificate) });

export const DeliveredContract = Type.Object(
  {
    certificateInstallationRes: Exi,
    emaid: EmaidOut,
    pcid: PcidOut,
    xsdMsgDefNamespace: NamespaceOut,
    metaData: Type.Optional(Type.String()),
    cpsV2GRootCertificateFingerprint: FingerprintOut,
    cpsRootDistinguishedName: Name,
  },
  { title: 'SignedContractData' },
);
export const DeliveredContractList = Type.Object({ signedContractDataCollection: Type.Array(DeliveredContract) });

/** Without a PCID when none was given, for then nothing is stored. */
export const NewSignedContractData = Type.Object(
  { ...DeliveredContract.properties, pcid: Type.Optional(PcidOut) },
  { title: 'NewSignedContractData' },
);
export const OneSignedContractData = Type.Object({ signedContractData: NewSignedContractData });

/** What goes to the car when there is nothing to install: an EXI message with the reason, and no contract beside it. */
export const FailedInstallationList = Type.Object({
  signedContractDataCollection: Type.Array(
    Type.Object({ certificateInstallationRes: Exi, xsdMsgDefNamespace: NamespaceOut }, { title: 'FailedInstallation' }),
  ),
});

export const ContractData = Type.Object(
  {
    pcid: PcidOut,
    emaid: EmaidOut,
    xsdMsgDefNamespace: NamespaceOut,
    contractCertificate: Certificate,
    defaultContract: Type.Boolean(),
    certValidFrom: Time,
    certValidTo: Time,
    cpsV2GRootDistinguishedName: Name,
    cpsV2GRootCertificateFingerprint: FingerprintOut,
  },
  { title: 'ContractData' },
);
export const ContractDataList = Type.Object({ contractDataCollection: Type.Array(ContractData) });
