import { contextConstructed, contextPrimitive } from '../der/tags.ts';
import {
  boolean,
  type DerNode,
  encodeDer,
  encodeShortLivedDer,
  namedBits,
  nullValue,
  octetString,
  oid,
  raw,
  sequence,
  tagged,
  unsignedInteger,
} from '../der/writer.ts';
import { digestOf } from '../digest.ts';
import { type KeyUsage, keyUsages, type PublicKey } from './certificate.ts';

export const extensionOids = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
} as const;

/** Purposes for `extKeyUsage`. */
export const extendedKeyUsages = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
} as const;

/** One extension to be written into a certificate or request. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** DER of the value, as it stands inside the OCTET STRING. */
  readonly value: Uint8Array;
  /** DER of the whole, where it was made before for many certificates. */
  readonly der?: Uint8Array;
}

/** Critical, as RFC 5280 §4.2.1.9 wants it for CAs and the profiles for all. */
export function basicConstraints(ca: boolean, pathLength?: number): Extension {
  const fields = ca ? [boolean(true), ...(pathLength === undefined ? [] : [unsignedInteger(pathLength)])] : [];
  return extension(extensionOids.basicConstraints, true, sequence(...fields));
}

export function keyUsage(...usages: readonly KeyUsage[]): Extension {
  return extension(extensionOids.keyUsage, true, namedBits(usages.map((usage) => keyUsages.indexOf(usage))));
}

/** `ski` of RFC 5280: give `keyIdentifierOf(publicKey)`. */
export function ski(keyIdentifier: Uint8Array): Extension {
  return extension(extensionOids.subjectKeyIdentifier, false, octetString(raw(keyIdentifier)));
}

/** `aki` of RFC 5280: give the issuer's subject key identifier as its certificate has it. */
export function aki(keyIdentifier: Uint8Array): Extension {
  return extension(
    extensionOids.authorityKeyIdentifier,
    false,
    sequence(tagged(contextPrimitive(0), raw(keyIdentifier))),
  );
}

/** Authority information access: where OCSP answers and where the issuer's certificate is. */
export function aia(urls: { readonly ocsp?: string; readonly caIssuers?: string }): Extension {
  const descriptions = [
    ...(urls.ocsp === undefined ? [] : [sequence(oid('1.3.6.1.5.5.7.48.1'), uri(urls.ocsp))]),
    ...(urls.caIssuers === undefined ? [] : [sequence(oid('1.3.6.1.5.5.7.48.2'), uri(urls.caIssuers))]),
  ];
  return extension(extensionOids.authorityInfoAccess, false, sequence(...descriptions));
}

export function crlDistributionPoints(...urls: readonly string[]): Extension {
  const points = urls.map((url) => sequence(tagged(contextConstructed(0), tagged(contextConstructed(0), uri(url)))));
  return extension(extensionOids.crlDistributionPoints, false, sequence(...points));
}

export function certificatePolicies(...policies: readonly string[]): Extension {
  return extension(
    extensionOids.certificatePolicies,
    false,
    sequence(...policies.map((policy) => sequence(oid(policy)))),
  );
}

export function extKeyUsage(...purposes: readonly string[]): Extension {
  return extension(extensionOids.extendedKeyUsage, false, sequence(...purposes.map((purpose) => oid(purpose))));
}

/** id-pkix-ocsp-nocheck: the responder's certificate is trusted until it ends (RFC 6960 §4.2.2.2.1). */
export function ocspNoCheck(): Extension {
  return extension(extensionOids.ocspNoCheck, false, nullValue());
}

/**
 * Key identifier of 8 octets as the field has it (RFC 5280 §4.2.1.2, method 2): the bits 0100, then the last 60 bits of
 * the SHA-1 of the public key.
 */
export function keyIdentifierOf(publicKey: Pick<PublicKey, 'point'>): Uint8Array {
  const identifier = digestOf('sha1', publicKey.point).slice(12);
  identifier[0] = 0x40 | ((identifier[0] ?? 0) & 0x0f);
  return identifier;
}

/** SEQUENCE OF Extension. */
export function extensionList(extensions: readonly Extension[]): DerNode {
  return sequence(...extensions.map((each) => (each.der === undefined ? extensionNode(each) : raw(each.der))));
}

/** The same extension, for many certificates: it is kept, so its octets have memory of their own. */
export function madeBefore(given: Extension): Extension {
  return { ...given, value: Uint8Array.from(given.value), der: encodeDer(extensionNode(given)) };
}

function extensionNode({ oid: type, critical, value }: Extension): DerNode {
  return sequence(oid(type), ...(critical ? [boolean(true)] : []), octetString(raw(value)));
}

function extension(type: string, critical: boolean, value: DerNode): Extension {
  return { oid: type, critical, value: encodeShortLivedDer(value) };
}

function uri(url: string): DerNode {
  if (!/^[!-~]+$/.test(url)) {
    throw new RangeError('a URL in a certificate must be printable ASCII without blanks');
  }
  return tagged(contextPrimitive(6), raw(Buffer.from(url, 'latin1')));
}
