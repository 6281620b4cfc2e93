/**
 * Where the key of a signature is told (RFC 3275 §4.4). ISO 15118 messages do not use it, except for the type of issuer
 * and serial number, with which both editions name root certificates.
 */

import { base64Binary } from '../../primitives/binary.ts';
import { xsAnyUri, xsBase64Binary, xsId, xsInteger, xsString } from '../../schema/built-in-types.ts';
import { complexType, mixedType } from '../../schema/complex-type.ts';
import { anyElement, choice, optional, repeat, sequence, unbounded } from '../../schema/particles.ts';
import { unqualified } from '../../schema/unqualified.ts';
import { Transforms } from './algorithms.ts';
import { ds } from './namespace.ts';

export const CryptoBinary = base64Binary();

export const DSAKeyValueType = complexType(
  optional(sequence(ds.element('P', CryptoBinary), ds.element('Q', CryptoBinary))),
  optional(ds.element('G', CryptoBinary)),
  ds.element('Y', CryptoBinary),
  optional(ds.element('J', CryptoBinary)),
  optional(sequence(ds.element('Seed', CryptoBinary), ds.element('PgenCounter', CryptoBinary))),
);

export const DSAKeyValue = ds.element('DSAKeyValue', DSAKeyValueType);

export const RSAKeyValueType = complexType(ds.element('Modulus', CryptoBinary), ds.element('Exponent', CryptoBinary));

export const RSAKeyValue = ds.element('RSAKeyValue', RSAKeyValueType);

export const KeyValueType = mixedType(choice(DSAKeyValue, RSAKeyValue, anyElement));

export const KeyValue = ds.element('KeyValue', KeyValueType);

export const KeyName = ds.element('KeyName', xsString);

export const MgmtData = ds.element('MgmtData', xsString);

export const RetrievalMethodType = complexType(
  optional(unqualified.attribute('Type', xsAnyUri)),
  optional(unqualified.attribute('URI', xsAnyUri)),
  optional(Transforms),
);

export const RetrievalMethod = ds.element('RetrievalMethod', RetrievalMethodType);

export const X509IssuerSerialType = complexType(
  ds.element('X509IssuerName', xsString),
  ds.element('X509SerialNumber', xsInteger),
);

export const X509DataType = complexType(
  repeat(
    choice(
      ds.element('X509IssuerSerial', X509IssuerSerialType),
      ds.element('X509SKI', xsBase64Binary),
      ds.element('X509SubjectName', xsString),
      ds.element('X509Certificate', xsBase64Binary),
      ds.element('X509CRL', xsBase64Binary),
      anyElement,
    ),
    1,
    unbounded,
  ),
);

export const X509Data = ds.element('X509Data', X509DataType);

export const PGPDataType = complexType(
  choice(
    sequence(
      ds.element('PGPKeyID', xsBase64Binary),
      optional(ds.element('PGPKeyPacket', xsBase64Binary)),
      repeat(anyElement, 0, unbounded),
    ),
    sequence(ds.element('PGPKeyPacket', xsBase64Binary), repeat(anyElement, 0, unbounded)),
  ),
);

export const PGPData = ds.element('PGPData', PGPDataType);

export const SPKIDataType = complexType(
  repeat(sequence(ds.element('SPKISexp', xsBase64Binary), optional(anyElement)), 1, unbounded),
);

export const SPKIData = ds.element('SPKIData', SPKIDataType);

export const KeyInfoType = mixedType(
  optional(unqualified.attribute('Id', xsId)),
  repeat(choice(KeyName, KeyValue, RetrievalMethod, X509Data, PGPData, SPKIData, MgmtData, anyElement), 1, unbounded),
);

export const KeyInfo = ds.element('KeyInfo', KeyInfoType);
