/**
 * Everything known of the curves and editions of ISO 15118 Plug & Charge, in one table. Callers take an entry and
 * never switch on a name. Sources: ISO 15118-2 Annex F, ISO 15118-20 Annex B, RFC 5480, RFC 8410, RFC 9231.
 */

export type Edition = 'ISO15118-2' | 'ISO15118-20';
export type CurveName = 'secp256r1' | 'secp521r1' | 'ed448';

/** How the element behind one reference of a signature is digested. */
export interface ReferenceDigest {
  readonly uri: string;
  readonly hash: 'sha256' | 'sha512' | 'shake256';
  /** Octets that are written. */
  readonly size: number;
  /** Octets that are read at most; more than `size` only where the output of the hash has no length of its own. */
  readonly largestSize: number;
}

export interface Algorithm {
  readonly curve: CurveName;
  readonly edition: Edition;
  /** AlgorithmIdentifier of the public key: RFC 5480 §2.1.1 (EC, with the curve as parameter) or RFC 8410 §3. */
  readonly keyOid: string;
  /** The curve parameter; Ed448 has none. */
  readonly curveOid: string | undefined;
  readonly signatureOid: string;
  readonly signatureName: string;
  /** Digest named to node:crypto when signing; `null` where the scheme hashes by itself (Ed448). */
  readonly signatureHash: 'sha256' | 'sha512' | null;
  /** Digests of XML signature references in the messages of the edition: the one that is written, then others read. */
  readonly digests: readonly [ReferenceDigest, ...ReferenceDigest[]];
  /** Names of the signature method in messages: the one that is written, then others read. */
  readonly signatureUris: readonly [string, ...string[]];
  /** Sizes in octets. */
  readonly scalarSize: number;
  readonly pointSize: number;
  /** Raw signature: r‖s, or the 114 octets of RFC 8032. */
  readonly signatureSize: number;
  /** Group order, big-endian; Ed448 keys are opaque octets and have no range to check. */
  readonly order: Uint8Array | undefined;
  /** y² = x³ − 3x + b modulo the prime, for both curves of NIST (FIPS 186-4 §D.1.2); Ed448 has another form. */
  readonly equation: { readonly prime: bigint; readonly b: bigint } | undefined;
  /** Name of the curve for node:crypto's ECDH; Ed448 does no key agreement itself (X448 does). */
  readonly ecdhName: 'prime256v1' | 'secp521r1' | undefined;
  /** Largest certificate in an EXI message of the edition, in octets of DER. */
  readonly maxCertificateSize: number;
}

export const ecPublicKeyOid = '1.2.840.10045.2.1';
export const canonicalExiUri = 'http://www.w3.org/TR/canonical-exi/';

const sha256: ReferenceDigest = {
  uri: 'http://www.w3.org/2001/04/xmlenc#sha256',
  hash: 'sha256',
  size: 32,
  largestSize: 32,
};
const sha512: ReferenceDigest = {
  uri: 'http://www.w3.org/2001/04/xmlenc#sha512',
  hash: 'sha512',
  size: 64,
  largestSize: 64,
};
/** [V2G20-2476] names it without a length; 114 octets are what Ed448 itself takes of it (RFC 8032 §5.2). */
const shake256: ReferenceDigest = {
  uri: 'urn:iso:std:iso:15118:-20:Security:xmlenc#SHAKE256',
  hash: 'shake256',
  size: 64,
  largestSize: 114,
};

export const algorithms: Readonly<Record<CurveName, Algorithm>> = {
  secp256r1: {
    curve: 'secp256r1',
    edition: 'ISO15118-2',
    keyOid: ecPublicKeyOid,
    curveOid: '1.2.840.10045.3.1.7',
    signatureOid: '1.2.840.10045.4.3.2',
    signatureName: 'ecdsa-with-SHA256',
    signatureHash: 'sha256',
    scalarSize: 32,
    pointSize: 65,
    signatureSize: 64,
    order: octets('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
    equation: {
      prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
      b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    },
    ecdhName: 'prime256v1',
    digests: [sha256],
    signatureUris: ['http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'],
    maxCertificateSize: 800,
  },
  secp521r1: {
    curve: 'secp521r1',
    edition: 'ISO15118-20',
    keyOid: ecPublicKeyOid,
    curveOid: '1.3.132.0.35',
    signatureOid: '1.2.840.10045.4.3.4',
    signatureName: 'ecdsa-with-SHA512',
    signatureHash: 'sha512',
    scalarSize: 66,
    pointSize: 133,
    signatureSize: 132,
    order: octets(`01${'ff'.repeat(32)}fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`),
    equation: {
      prime: 2n ** 521n - 1n,
      b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    },
    ecdhName: 'secp521r1',
    digests: [sha512],
    signatureUris: ['http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512'],
    maxCertificateSize: 1600,
  },
  ed448: {
    curve: 'ed448',
    edition: 'ISO15118-20',
    keyOid: '1.3.101.113',
    curveOid: undefined,
    signatureOid: '1.3.101.113',
    signatureName: 'Ed448',
    signatureHash: null,
    scalarSize: 57,
    pointSize: 57,
    signatureSize: 114,
    order: undefined,
    equation: undefined,
    ecdhName: undefined,
    digests: [shake256, sha512],
    // [V2G20-2474], and the name that RFC 9231 §2.3.12 has since given to the same signatures.
    signatureUris: [
      'urn:iso:std:iso:15118:-20:Security:xmldsig#Ed448',
      'http://www.w3.org/2021/04/xmldsig-more#eddsa-ed448',
    ],
    maxCertificateSize: 1600,
  },
};

const editions: Readonly<Record<Edition, { readonly namespaces: readonly [string, ...string[]] }>> = {
  'ISO15118-2': { namespaces: ['urn:iso:15118:2:2013:MsgDef'] },
  'ISO15118-20': { namespaces: ['urn:iso:15118:20:2020:MsgDef', 'urn:iso:15118:20:2022:MsgDef'] },
};

const editionByNamespace = new Map<string, Edition>([
  ...editions['ISO15118-2'].namespaces.map((namespace): [string, Edition] => [namespace, 'ISO15118-2']),
  ...editions['ISO15118-20'].namespaces.map((namespace): [string, Edition] => [namespace, 'ISO15118-20']),
]);

/** The edition that an `xsdMsgDefNamespace` names; `undefined` for a namespace that is not ISO 15118 Plug & Charge. */
export function editionOfNamespace(namespace: string): Edition | undefined {
  return editionByNamespace.get(namespace);
}

/** The namespace written for an edition: the one both references have in their enumerations. */
export function namespaceOfEdition(edition: Edition): string {
  return editions[edition].namespaces[0];
}

const byKey = new Map(Object.values(algorithms).map((entry) => [`${entry.keyOid} ${entry.curveOid ?? ''}`, entry]));
const bySignature = new Map(Object.values(algorithms).map((entry) => [entry.signatureOid, entry]));

/** The entry for the AlgorithmIdentifier of a public key; `undefined` for RSA, other curves and everything else. */
export function algorithmOfKey(keyOid: string, curveOid: string | undefined): Algorithm | undefined {
  return byKey.get(`${keyOid} ${curveOid ?? ''}`);
}

/** The entry whose signatures carry this OID; `undefined` for every other algorithm. */
export function algorithmOfSignature(signatureOid: string): Algorithm | undefined {
  return bySignature.get(signatureOid);
}

function octets(hex: string): Uint8Array {
  // No Buffer, for clients in browsers read this table.
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
