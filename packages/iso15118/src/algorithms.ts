/**
 * Everything known of the curves and editions of ISO 15118 Plug & Charge, in one table. Callers take an entry and
 * never switch on a name. Sources: ISO 15118-2 Annex F, ISO 15118-20 Annex B, RFC 5480, RFC 8410, RFC 9231.
 */

export type Edition = 'ISO15118-2' | 'ISO15118-20';
export type CurveName = 'secp256r1' | 'secp521r1' | 'ed448';

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
  /** Digest of XML signature references in the messages of the edition. */
  readonly digest: 'sha256' | 'sha512';
  /** Sizes in octets. */
  readonly scalarSize: number;
  readonly pointSize: number;
  /** Raw signature: r‖s, or the 114 octets of RFC 8032. */
  readonly signatureSize: number;
  /** Group order, big-endian; Ed448 keys are opaque octets and have no range to check. */
  readonly order: Uint8Array | undefined;
  /** Name of the curve for node:crypto's ECDH; Ed448 does no key agreement itself (X448 does). */
  readonly ecdhName: 'prime256v1' | 'secp521r1' | undefined;
  readonly digestUri: string;
  readonly signatureUri: string;
  /** Largest certificate in an EXI message of the edition, in octets of DER. */
  readonly maxCertificateSize: number;
}

export const ecPublicKeyOid = '1.2.840.10045.2.1';
export const canonicalExiUri = 'http://www.w3.org/TR/canonical-exi/';

export const algorithms: Readonly<Record<CurveName, Algorithm>> = {
  secp256r1: {
    curve: 'secp256r1',
    edition: 'ISO15118-2',
    keyOid: ecPublicKeyOid,
    curveOid: '1.2.840.10045.3.1.7',
    signatureOid: '1.2.840.10045.4.3.2',
    signatureName: 'ecdsa-with-SHA256',
    signatureHash: 'sha256',
    digest: 'sha256',
    scalarSize: 32,
    pointSize: 65,
    signatureSize: 64,
    order: octets('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
    ecdhName: 'prime256v1',
    digestUri: 'http://www.w3.org/2001/04/xmlenc#sha256',
    signatureUri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
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
    digest: 'sha512',
    scalarSize: 66,
    pointSize: 133,
    signatureSize: 132,
    order: octets(`01${'ff'.repeat(32)}fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`),
    ecdhName: 'secp521r1',
    digestUri: 'http://www.w3.org/2001/04/xmlenc#sha512',
    signatureUri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512',
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
    digest: 'sha512',
    scalarSize: 57,
    pointSize: 57,
    signatureSize: 114,
    order: undefined,
    ecdhName: undefined,
    digestUri: 'http://www.w3.org/2001/04/xmlenc#sha512',
    signatureUri: 'http://www.w3.org/2021/04/xmldsig-more#eddsa-ed448',
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
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
