/**
 * The door for who handles no messages: certificates and their status, identifiers, and envelopes of contract keys. Nothing
 * behind it needs the EXI codec, so that whoever comes in here does not load it.
 */
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
  attributeTypeOf,
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
