import { schemaSet } from '../../schema/schema-set.ts';
import { CanonicalizationMethod, DigestMethod, SignatureMethod, Transform, Transforms } from './algorithms.ts';
import {
  DSAKeyValue,
  KeyInfo,
  KeyName,
  KeyValue,
  MgmtData,
  PGPData,
  RetrievalMethod,
  RSAKeyValue,
  SPKIData,
  X509Data,
} from './key-info.ts';
import {
  DigestValue,
  Manifest,
  ObjectElement,
  Reference,
  Signature,
  SignatureProperties,
  SignatureProperty,
  SignatureValue,
  SignedInfo,
} from './signature.ts';

/** The global elements of the XML signature schema; both message sets include them. */
export const xmldsigElements = [
  CanonicalizationMethod,
  SignatureMethod,
  DigestMethod,
  Transform,
  Transforms,
  DSAKeyValue,
  RSAKeyValue,
  KeyValue,
  KeyName,
  MgmtData,
  RetrievalMethod,
  X509Data,
  PGPData,
  SPKIData,
  KeyInfo,
  DigestValue,
  Reference,
  SignedInfo,
  SignatureValue,
  ObjectElement,
  Signature,
  Manifest,
  SignatureProperty,
  SignatureProperties,
] as const;

/** The XML signature schema alone: the grammar under which SignedInfo is signed. */
export const xmldsig = schemaSet('xmldsig', xmldsigElements);
