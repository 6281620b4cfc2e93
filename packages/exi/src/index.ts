export { decode, encode } from './codec/document.ts';
export type { DecodeOptions } from './codec/stream.ts';
export { ExiError, type ExiErrorCode } from './errors.ts';
export {
  decodeFragment,
  type ElementName,
  encodeFragment,
  type Fragment,
  type FragmentOptions,
  withFragment,
} from './fragment/fragment.ts';
export { inspectDocument, inspectFragment } from './inspect/inspect.ts';
export type { Inspection, InspectNode } from './inspect/node.ts';
export { inspectionText } from './inspect/text.ts';
export { fromJson, fromJsonFragment, toJson, toJsonFragment } from './json/json.ts';
export { defaultLimits, type Limits } from './limits.ts';
export type * from './message-types/documents.ts';
export type * from './message-types/iso15118-2.ts';
export type * from './message-types/iso15118-20.ts';
export type * from './message-types/xmldsig.ts';
export { appProtocol } from './messages/app-protocol/set.ts';
export { withSessionId } from './messages/iso15118-2/session-id.ts';
export { iso15118_2 } from './messages/iso15118-2/set.ts';
export { iso15118_20Common } from './messages/iso15118-20-common/set.ts';
export { xmldsig } from './messages/xmldsig/set.ts';
export type { JsonValue } from './primitives/simple-type.ts';
export type { Infer } from './schema/particles.ts';
export type { DocumentOf, ElementOf, SchemaSet } from './schema/schema-set.ts';
export { peelV2gtp, readV2gtpHeader, V2GTP_HEADER_SIZE, type V2gtpHeader, type V2gtpMessage } from './v2gtp.ts';
export { type XmlAttribute, type XmlDocumentBuilder, xmlDocumentBuilder } from './xml/build.ts';
export { toXml } from './xml/write.ts';
