import type { DerReader } from '../der/reader.ts';
import { contextConstructed, contextPrimitive, tags } from '../der/tags.ts';
import { type Certificate, type KeyUsage, keyUsages } from './certificate.ts';
import { CertificateError } from './certificate-error.ts';
import { extensionOids } from './extensions.ts';

export type Extensions = Pick<
  Certificate,
  | 'subjectKeyIdentifier'
  | 'authorityKeyIdentifier'
  | 'basicConstraints'
  | 'keyUsage'
  | 'extendedKeyUsage'
  | 'ocspUrls'
  | 'caIssuerUrls'
  | 'crlUrls'
  | 'certificatePolicies'
  | 'ocspNoCheck'
  | 'unknownCriticalExtensions'
>;

interface Collected {
  subjectKeyIdentifier?: Uint8Array;
  authorityKeyIdentifier?: Uint8Array;
  basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  keyUsage?: ReadonlySet<KeyUsage>;
  extendedKeyUsage: string[];
  ocspUrls: string[];
  caIssuerUrls: string[];
  crlUrls: string[];
  certificatePolicies: string[];
  ocspNoCheck?: true;
  unknownCriticalExtensions: string[];
}

const adOcsp = '1.3.6.1.5.5.7.48.1';
const adCaIssuers = '1.3.6.1.5.5.7.48.2';
const uriTag = contextPrimitive(6);

/** Each known extension with what reads the DER inside its OCTET STRING (RFC 5280 §4.2). */
const known: ReadonlyMap<string, (value: DerReader, into: Collected) => void> = new Map([
  [extensionOids.subjectKeyIdentifier, readSubjectKeyIdentifier],
  [extensionOids.authorityKeyIdentifier, readAuthorityKeyIdentifier],
  [extensionOids.basicConstraints, readBasicConstraints],
  [extensionOids.keyUsage, readKeyUsage],
  [extensionOids.extendedKeyUsage, readExtendedKeyUsage],
  [extensionOids.authorityInfoAccess, readAuthorityInfoAccess],
  [extensionOids.crlDistributionPoints, readCrlDistributionPoints],
  [extensionOids.certificatePolicies, readCertificatePolicies],
  [extensionOids.ocspNoCheck, readOcspNoCheck],
]);

/** @param list over the content of the SEQUENCE OF Extension */
export function readExtensions(list: DerReader): Extensions {
  const collected: Collected = {
    extendedKeyUsage: [],
    ocspUrls: [],
    caIssuerUrls: [],
    crlUrls: [],
    certificatePolicies: [],
    unknownCriticalExtensions: [],
  };
  const seen = new Set<string>();
  while (!list.done) {
    const start = list.position;
    const extension = list.enter(tags.sequence, 'extension');
    const oid = extension.readOid('extension');
    // An explicit FALSE is no DER, yet certificates of the field have it.
    const critical = extension.peek() === tags.boolean && extension.readBoolean('critical');
    const octets = extension.next(tags.octetString, 'extension value');
    extension.finish('extension');
    if (seen.has(oid)) {
      throw new CertificateError('duplicate-extension', `extension ${oid} occurs twice`, start);
    }
    seen.add(oid);
    const read = known.get(oid);
    if (read !== undefined) {
      const value = extension.wrapped(octets);
      read(value, collected);
      value.finish(`the value of extension ${oid}`);
    } else if (critical) {
      collected.unknownCriticalExtensions.push(oid);
    }
  }
  return collected;
}

function readSubjectKeyIdentifier(value: DerReader, into: Collected): void {
  into.subjectKeyIdentifier = value.readOctetString('subjectKeyIdentifier');
}

function readAuthorityKeyIdentifier(value: DerReader, into: Collected): void {
  const fields = value.enter(tags.sequence, 'authorityKeyIdentifier');
  if (fields.peek() === contextPrimitive(0)) {
    into.authorityKeyIdentifier = fields.readOctetString('keyIdentifier', contextPrimitive(0));
  }
  // Issuer and serial number of the authority may follow; names and keys decide, so they are only stepped over.
  for (const tag of [contextConstructed(1), contextPrimitive(2)]) {
    if (fields.peek() === tag) {
      fields.next(tag, 'authorityKeyIdentifier');
    }
  }
  fields.finish('authorityKeyIdentifier');
}

function readBasicConstraints(value: DerReader, into: Collected): void {
  const fields = value.enter(tags.sequence, 'basicConstraints');
  const ca = fields.peek() === tags.boolean && fields.readBoolean('cA');
  const pathLength = fields.done ? undefined : fields.readSmallInteger('pathLenConstraint');
  fields.finish('basicConstraints');
  into.basicConstraints = pathLength === undefined ? { ca } : { ca, pathLength };
}

function readKeyUsage(value: DerReader, into: Collected): void {
  const { octets } = value.readBitString('keyUsage');
  into.keyUsage = new Set(keyUsages.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0));
}

function readExtendedKeyUsage(value: DerReader, into: Collected): void {
  const purposes = value.enter(tags.sequence, 'extKeyUsage');
  while (!purposes.done) {
    into.extendedKeyUsage.push(purposes.readOid('extKeyUsage'));
  }
}

function readAuthorityInfoAccess(value: DerReader, into: Collected): void {
  const descriptions = value.enter(tags.sequence, 'authorityInfoAccess');
  while (!descriptions.done) {
    const description = descriptions.enter(tags.sequence, 'access description');
    const method = description.readOid('access method');
    const location = description.next(undefined, 'access location');
    description.finish('access description');
    if (location.tag === uriTag && method === adOcsp) {
      into.ocspUrls.push(ascii(description.content(location)));
    } else if (location.tag === uriTag && method === adCaIssuers) {
      into.caIssuerUrls.push(ascii(description.content(location)));
    }
  }
}

function readCrlDistributionPoints(value: DerReader, into: Collected): void {
  const points = value.enter(tags.sequence, 'cRLDistributionPoints');
  while (!points.done) {
    const fields = points.enter(tags.sequence, 'distribution point');
    if (fields.peek() === contextConstructed(0)) {
      const pointName = fields.enter(contextConstructed(0), 'distribution point name');
      if (pointName.peek() === contextConstructed(0)) {
        const fullName = pointName.enter(contextConstructed(0), 'full name');
        while (!fullName.done) {
          const generalName = fullName.next(undefined, 'general name');
          if (generalName.tag === uriTag) {
            into.crlUrls.push(ascii(fullName.content(generalName)));
          }
        }
      }
    }
  }
}

function readCertificatePolicies(value: DerReader, into: Collected): void {
  const policies = value.enter(tags.sequence, 'certificatePolicies');
  while (!policies.done) {
    into.certificatePolicies.push(policies.enter(tags.sequence, 'policy').readOid('policy identifier'));
  }
}

function readOcspNoCheck(value: DerReader, into: Collected): void {
  value.next(tags.null, 'ocspNoCheck');
  into.ocspNoCheck = true;
}

function ascii(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}
