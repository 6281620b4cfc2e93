export type { Algorithm, CurveName, Edition } from './algorithms.ts';
export { algorithms, editionOfNamespace, namespaceOfEdition } from './algorithms.ts';
export type { Certificate, KeyUsage, PublicKey } from './certificates/certificate.ts';
export {
  isCa,
  keyUsages,
  publicKeyObject,
  serialNumberOf,
  sha1FingerprintOf,
} from './certificates/certificate.ts';
export type { CertificateErrorKind } from './certificates/certificate-error.ts';
export { CertificateError } from './certificates/certificate-error.ts';
export { readCertsOnly, writeCertsOnly } from './certificates/certs-only.ts';
export type {
  Chain,
  ChainPosition,
  ChainProblem,
  ChainProblemKind,
  ChainResult,
  CheckedChain,
} from './certificates/chain.ts';
export { buildChain, checkChain } from './certificates/chain.ts';
export type { Deviation, DeviationCode } from './certificates/deviations.ts';
export type { CertificateDraft } from './certificates/draft.ts';
export { draftCertificate } from './certificates/draft.ts';
export type { Extension } from './certificates/extensions.ts';
export {
  aia,
  aki,
  basicConstraints,
  certificatePolicies,
  crlDistributionPoints,
  extendedKeyUsages,
  extKeyUsage,
  keyIdentifierOf,
  keyUsage,
  ocspNoCheck,
  ski,
} from './certificates/extensions.ts';
export type { Extensions } from './certificates/extensions-read.ts';
export { type Holder, readHolder } from './certificates/holder.ts';
export type { KeyPair, ScalarAndPoint } from './certificates/keys.ts';
export {
  generateKeyPair,
  generateScalarAndPoint,
  privateKeyFromScalar,
  randomSerialNumber,
} from './certificates/keys.ts';
export type { AttributeType, Name, NameAttribute } from './certificates/name.ts';
export {
  attributeOf,
  commonNameOf,
  formatName,
  formatRfc4514,
  makeName,
  namesEqual,
} from './certificates/name.ts';
export { fromPem, pemBlocks, toPem } from './certificates/pem.ts';
export type {
  CertificateProfile,
  LeafProfileName,
  ProfileDetails,
  ProfileName,
} from './certificates/profiles.ts';
export { certificateProfiles, profileExtensions } from './certificates/profiles.ts';
export { spkiOf } from './certificates/public-key.ts';
export { readCertificate } from './certificates/read.ts';
export type { CertificateRequest } from './certificates/request.ts';
export { readCertificateRequest, writeCertificateRequest } from './certificates/request.ts';
export { isSignedBy } from './certificates/signature-check.ts';
export type { Signer } from './certificates/signer.ts';
export { publicKeyOf, softwareSigner } from './certificates/signer.ts';
export type { CertificateContent } from './certificates/write.ts';
export { writeCertificate } from './certificates/write.ts';
export type { DerErrorKind } from './der/der-error.ts';
export { DerError } from './der/der-error.ts';
export type { DerElement } from './der/reader.ts';
export { DerReader, maxDerSize } from './der/reader.ts';
export { contextConstructed, contextPrimitive, tags as derTags } from './der/tags.ts';
export type { DerNode } from './der/writer.ts';
export * as der from './der/writer.ts';
export type { Envelope, EnvelopeBinding, OpenedContractKey, OpenOptions, SealOptions } from './envelope/envelope.ts';
export { openContractKey, sealContractKey } from './envelope/envelope.ts';
export type { EnvelopeErrorKind, EnvelopePart } from './envelope/envelope-error.ts';
export { EnvelopeError } from './envelope/envelope-error.ts';
export type { EnvelopeCurve, EnvelopeForm, EnvelopeScheme } from './envelope/scheme.ts';
export { checkEnvelopeShape, formOf, schemeOf } from './envelope/scheme.ts';
export type { Evseid, OperatorId, Seccid } from './identifiers/charging-point.ts';
export { operatorIdOf, parseEvseid, parseOperatorId, parseSeccid } from './identifiers/charging-point.ts';
export { emaidCheckDigit } from './identifiers/check-digit.ts';
export type { Emaid, ProviderId } from './identifiers/emaid.ts';
export { normaliseEmaid, parseEmaid, parseProviderId, providerIdOf } from './identifiers/emaid.ts';
export type { Fingerprint } from './identifiers/fingerprint.ts';
export { parseFingerprint } from './identifiers/fingerprint.ts';
export type { IdentifierKind } from './identifiers/identifier-error.ts';
export { IdentifierError } from './identifiers/identifier-error.ts';
export type { Pcid, Wmi } from './identifiers/pcid.ts';
export { parsePcid, parseWmi, wmiOf } from './identifiers/pcid.ts';
export type { InspectedContractData } from './inspection/contract-data.ts';
export { type AnnouncedLength, type ExiInput, exiInputOf, octetsOfText } from './inspection/exi-input.ts';
export { type ExiSchemaName, exiSchemaNames, exiSchemas } from './inspection/exi-schemas.ts';
export type { FoundCertificate, FoundChain } from './inspection/found-chains.ts';
export { type FragmentDigest, fragmentDigests } from './inspection/fragment-digests.ts';
export { type Inspection, type InspectionCircumstances, inspect } from './inspection/inspection.ts';
export { messageInText } from './inspection/message-in-text.ts';
export type { Problem } from './inspection/problem.ts';
export { piecesOf } from './inspection/recognition.ts';
export { dateOfSeconds, elementsOfSeconds } from './inspection/seconds.ts';
export type { InspectedSignature } from './inspection/signature.ts';
export type {
  CertificateInstallationReqFields,
  CertificateInstallationResFields,
  CertificateUpdateReqFields,
  CertificateUpdateResFields,
  SignedMessage,
} from './signature/certificate-messages.ts';
export {
  buildCertificateInstallationRes,
  signCertificateInstallationReq,
  signCertificateInstallationRes,
  signCertificateUpdateReq,
  signCertificateUpdateRes,
} from './signature/certificate-messages.ts';
export type {
  CertificateInstallationReq20Fields,
  CertificateInstallationRes20Fields,
  SignedMessage20,
} from './signature/certificate-messages-20.ts';
export {
  buildCertificateInstallationRes20,
  signCertificateInstallationReq20,
  signCertificateInstallationRes20,
} from './signature/certificate-messages-20.ts';
export type { SentChain } from './signature/sent-certificates.ts';
export { rootIdOf } from './signature/sent-certificates.ts';
export type { SignatureErrorKind } from './signature/signature-error.ts';
export { SignatureError } from './signature/signature-error.ts';
export type {
  ReferenceVerdict,
  SignatureProblem,
  SignatureProblemCode,
  SignatureVerdict,
} from './signature/verdict.ts';
export type { VerifyOptions } from './signature/verify.ts';
export { verifyMessageSignature } from './signature/verify.ts';
export type { CertId, CertIdHash, IssuerId } from './status/cert-id.ts';
export { certIdOf, issuerIdOf, sameCertId, sameIssuer } from './status/cert-id.ts';
export type { Crl, CrlLimits, CrlScope } from './status/crl.ts';
export { defaultCrlLimits, readCrl, verifyCrl } from './status/crl.ts';
export type { CrlContent, RevokedCertificate } from './status/crl-write.ts';
export { writeCrl } from './status/crl-write.ts';
export type { OcspRequest } from './status/ocsp-request.ts';
export { readOcspRequest, writeOcspRequest } from './status/ocsp-request.ts';
export type { OcspAnswer, OcspResponse } from './status/ocsp-response.ts';
export { readOcspResponse } from './status/ocsp-response.ts';
export type { OcspResponseContent, OcspResponseStatus, OcspSingleResponse } from './status/ocsp-response-write.ts';
export { ocspResponseStatuses, writeOcspErrorResponse, writeOcspResponse } from './status/ocsp-response-write.ts';
export { verifyOcspResponse } from './status/ocsp-verify.ts';
export type { RevocationReason, Revoked } from './status/revocation-reason.ts';
export { revocationReasonOf, revocationReasons } from './status/revocation-reason.ts';
export type { StatusErrorKind } from './status/status-error.ts';
export { StatusError } from './status/status-error.ts';
export { readFlatXml } from './xml/flat.ts';
export type { XmlLimits } from './xml/parse.ts';
export { defaultXmlLimits, parseXml } from './xml/parse.ts';
export type { XmlErrorKind } from './xml/xml-error.ts';
export { XmlError } from './xml/xml-error.ts';
