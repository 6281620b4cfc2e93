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
export * from './pki.ts';
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
export { readFlatXml } from './xml/flat.ts';
export type { XmlLimits } from './xml/parse.ts';
export { defaultXmlLimits, parseXml } from './xml/parse.ts';
export type { XmlErrorKind } from './xml/xml-error.ts';
export { XmlError } from './xml/xml-error.ts';
