/** The signature and what it covers (RFC 3275 §4.1 to §4.5, §5). SignedInfo is what gets signed. */

import { base64Binary } from '../../primitives/binary.ts';
import { xsAnyUri, xsBase64Binary, xsId, xsString } from '../../schema/built-in-types.ts';
import { complexType, mixedType, simpleContent } from '../../schema/complex-type.ts';
import { anyElement, optional, repeat, unbounded } from '../../schema/particles.ts';
import { unqualified } from '../../schema/unqualified.ts';
import { CanonicalizationMethod, DigestMethod, SignatureMethod, Transforms } from './algorithms.ts';
import { KeyInfo } from './key-info.ts';
import { ds } from './namespace.ts';

export const DigestValueType = base64Binary();

export const DigestValue = ds.element('DigestValue', DigestValueType);

export const ReferenceType = complexType(
  optional(unqualified.attribute('Id', xsId)),
  optional(unqualified.attribute('Type', xsAnyUri)),
  optional(unqualified.attribute('URI', xsAnyUri)),
  optional(Transforms),
  DigestMethod,
  DigestValue,
);

export const Reference = ds.element('Reference', ReferenceType);

export const SignedInfoType = complexType(
  optional(unqualified.attribute('Id', xsId)),
  CanonicalizationMethod,
  SignatureMethod,
  repeat(Reference, 1, unbounded),
);

export const SignedInfo = ds.element('SignedInfo', SignedInfoType);

export const SignatureValueType = simpleContent(xsBase64Binary, optional(unqualified.attribute('Id', xsId)));

export const SignatureValue = ds.element('SignatureValue', SignatureValueType);

export const ObjectType = mixedType(
  optional(unqualified.attribute('Encoding', xsAnyUri)),
  optional(unqualified.attribute('Id', xsId)),
  optional(unqualified.attribute('MimeType', xsString)),
  repeat(anyElement, 0, unbounded),
);

export const ObjectElement = ds.element('Object', ObjectType);

export const SignatureType = complexType(
  optional(unqualified.attribute('Id', xsId)),
  SignedInfo,
  SignatureValue,
  optional(KeyInfo),
  repeat(ObjectElement, 0, unbounded),
);

export const Signature = ds.element('Signature', SignatureType);

export const ManifestType = complexType(optional(unqualified.attribute('Id', xsId)), repeat(Reference, 1, unbounded));

export const Manifest = ds.element('Manifest', ManifestType);

export const SignaturePropertyType = mixedType(
  optional(unqualified.attribute('Id', xsId)),
  unqualified.attribute('Target', xsAnyUri),
  repeat(anyElement, 1, unbounded),
);

export const SignatureProperty = ds.element('SignatureProperty', SignaturePropertyType);

export const SignaturePropertiesType = complexType(
  optional(unqualified.attribute('Id', xsId)),
  repeat(SignatureProperty, 1, unbounded),
);

export const SignatureProperties = ds.element('SignatureProperties', SignaturePropertiesType);
