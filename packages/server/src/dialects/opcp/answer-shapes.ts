/** What OPCP 1.0 answers, as schemas; the functions that write the answers have their types from here. */
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

const Curve = Type.Union([Type.Literal('secp256r1'), Type.Literal('secp521r1'), Type.Literal('ed448')]);

export const RootCert = Type.Object(
  {
    rootCertificateId: Uuid,
    distinguishedName: Name,
    rootType: Type.Union([Type.Literal('V2G'), Type.Literal('OEM'), Type.Literal('MO'), Type.Literal('PE')]),
    caCertificate: Certificate,
    commonName: Type.Optional(Type.String()),
    rootAuthorityKeyIdentifier: Type.Optional(Type.String({ contentEncoding: 'base64' })),
    rootAuthorityKeyIdentifierHex: Type.Optional(KeyIdentifier),
    rootIssuerSerialNumber: Type.String(),
    validFrom: Time,
    validTo: Time,
    organizationName: Type.Optional(Type.String()),
    fingerprint: FingerprintOut,
    fingerprintSha1: Type.String({ pattern: '^[0-9a-f]{40}$' }),
    xsdMsgDefNamespace: NamespaceOut,
    signatureAlgorithm: Curve,
  },
  { title: 'RootCertificate' },
);
export const RootCertList = Type.Object({
  RootCertificateCollection: Type.Object({ rootCertificates: Type.Array(RootCert) }),
});
export const OneRootCert = Type.Object({ RootResponse: RootCert });

/** The reference calls its form a starting point; CTL is a flattened JSON Web Signature (RFC 7515 §7.2.2). */
export const TrustList = Type.Object(
  {
    signerCertificate: Certificate,
    timeStamp: Time,
    CTL: Type.Object({
      payload: Type.String({ contentEncoding: 'base64url', description: 'JSON: timeStamp and rootCertificates.' }),
      protected: Type.String({ contentEncoding: 'base64url', description: 'JSON: alg ES256, and the chain as x5c.' }),
      signature: Type.String({ contentEncoding: 'base64url' }),
    }),
  },
  { title: 'CertificateTrustList' },
);

export const ProvisioningCertificateData = Type.Object(
  {
    subCA1Certificate: Certificate,
    subCA2Certificate: Type.Optional(Certificate),
    vehicleCertificate: Certificate,
    xsdMsgDefNamespace: NamespaceOut,
    rootIssuerDistinguishedName: Name,
    rootIssuerSerialNumber: Type.String(),
    rootAuthorityKeyIdentifier: KeyIdentifier,
    v2gRootAuthorityKeyIdentifiers: Type.Optional(Type.Array(KeyIdentifier)),
    fingerprint: FingerprintOut,
    previousPcid: Type.Optional(PcidOut),
  },
  { title: 'ProvisioningCertificateData' },
);
export const OneProvisioningCertificate = Type.Object({ OEMMessage: ProvisioningCertificateData });

export const CpsSignerData = Type.Object(
  {
    cpsDistinguishedName: Name,
    cpsCertificate: Certificate,
    validFrom: Time,
    validTo: Time,
    organizationName: Type.String(),
    cpsV2GRootCertificateFingerprint: FingerprintOut,
    cpsRootDistinguishedName: Name,
    cpsSubCa1Certificate: Certificate,
    cpsSubCa2Certificate: Certificate,
    xsdMsgDefNamespace: NamespaceOut,
  },
  { title: 'CpsSigner' },
);
export const CpsSignerList = Type.Object({ cpsCertificates: Type.Array(CpsSignerData) });

export const SignedData = Type.Object(
  {
    pcid: Type.Union([PcidOut, Type.Null()], { description: 'Null when none was given; then nothing is stored.' }),
    emaid: EmaidOut,
    xsdMsgDefNamespace: NamespaceOut,
    signedData: Type.String({ contentEncoding: 'base64', description: 'CertificateInstallationRes as XML.' }),
    metaData: Type.Optional(Type.String()),
    cpsV2GRootCertificateFingerprint: FingerprintOut,
    cpsRootDistinguishedName: Name,
  },
  { title: 'SignedData' },
);

export const NoFields = Type.Object({}, { title: 'NoFields' });

export const XmlContract = Type.Object(
  {
    pcid: PcidOut,
    emaid: EmaidOut,
    xsdMsgDefNamespace: NamespaceOut,
    contractCertificate: Certificate,
    defaultContract: Type.Boolean(),
    certValidFrom: Time,
    certValidTo: Time,
    cpsRootCertificateDN: Name,
    cpsV2GRootCertificateFingerprint: FingerprintOut,
  },
  { title: 'XmlContract' },
);
export const XmlContractList = Type.Object({ XMLContracts: Type.Array(XmlContract) });

/** A failure has the message for the car and nothing beside it. */
export const Installation = Type.Object(
  {
    CCPResponse: Type.Object({
      emaidContent: Type.Array(
        Type.Object({
          messageDef: Type.Object({
            certificateInstallationRes: Exi,
            emaid: Type.Optional(EmaidOut),
            metaData: Type.Optional(Type.String()),
            cpsV2GRootCertificateFingerprint: Type.Optional(FingerprintOut),
          }),
        }),
      ),
    }),
  },
  { title: 'Installation' },
);

export const ProvidedContractData = Type.Object(
  {
    certificateInstallationRes: Exi,
    xsdMsgDefNamespace: NamespaceOut,
    cpsV2GRootCertificateFingerprint: FingerprintOut,
  },
  { title: 'ProvidedContractData' },
);
