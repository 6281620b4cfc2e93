/** What a certificate says, against what its profile wants: asked of every certificate before it is signed. */
import {
  algorithms,
  attributeOf,
  attributeTypeOf,
  type Certificate,
  keyIdentifierOf,
  namesEqual,
} from '@plugpool/iso15118/pki';
import type { Profile } from './profiles.ts';

type Check = (certificate: Certificate, profile: Profile, issuer: Certificate) => boolean;

const LARGEST_SERIAL_OCTETS = 20;

/** Each rule holds for a certificate that may be signed. The name is what the error says when it does not. */
const rules: Readonly<Record<string, Check>> = {
  'the serial number is positive and at most 20 octets long (RFC 5280 §4.1.2.2)': ({ serialNumber, serialHex }) =>
    (serialNumber[0] ?? 0x80) < 0x80 && serialNumber.length <= LARGEST_SERIAL_OCTETS && serialHex !== '00',
  "the issuer is the authority's subject": ({ issuer: name }, _profile, issuer) => namesEqual(name, issuer.subject),
  'the subject has the attributes of the profile': subjectFits,
  'the key is on the curve of the profile': ({ publicKey }, { curve }) => publicKey.curve === curve,
  'the signature is made with the algorithm of the curve': ({ signatureAlgorithm }, { curve }) =>
    signatureAlgorithm.oid === algorithms[curve].signatureOid,
  "the validity lies inside the issuer's": ({ notBefore, notAfter }, _profile, issuer) =>
    issuer.notBefore <= notBefore && notBefore < notAfter && notAfter <= issuer.notAfter,
  'the basic constraints are those of the profile': ({ basicConstraints }, { extensions }) =>
    basicConstraints?.ca === extensions.ca && basicConstraints.pathLength === extensions.pathLength,
  'the key usage is that of the profile': ({ keyUsage }, { extensions }) =>
    keyUsage?.size === extensions.keyUsage.length && extensions.keyUsage.every((usage) => keyUsage.has(usage)),
  'the subject key identifier is that of its key': ({ subjectKeyIdentifier, publicKey }) =>
    sameOctets(subjectKeyIdentifier, keyIdentifierOf(publicKey)),
  "the authority key identifier is the issuer's": ({ authorityKeyIdentifier }, _profile, issuer) =>
    sameOctets(authorityKeyIdentifier, issuer.subjectKeyIdentifier),
  'it says where its status is told exactly if the profile wants that': (certificate, { statusLocations }) =>
    [certificate.ocspUrls, certificate.caIssuerUrls, certificate.crlUrls].every(
      (urls) => urls.length === (statusLocations ? 1 : 0),
    ),
  'nothing is critical that readers do not know': ({ unknownCriticalExtensions }) =>
    unknownCriticalExtensions.length === 0,
};

/**
 * The rules that a certificate breaks; none when it may be signed.
 * @param issuer the certificate itself when it is a root
 */
export function deviationsFrom(profile: Profile, certificate: Certificate, issuer: Certificate): string[] {
  return ruleEntries
    .filter(([, holds]) => !holds(certificate, profile, issuer))
    .map(([rule]) => `it does not hold that ${rule}`);
}

const ruleEntries = Object.entries(rules);

function subjectFits({ subject }: Certificate, { subject: types, domainComponent }: Profile): boolean {
  const { attributes } = subject;
  return (
    attributes.length === types.length &&
    attributes.every((each, index) => each.rdn === index && attributeTypeOf(each) === types[index]) &&
    (!types.includes('DC') || attributeOf(subject, 'DC') === domainComponent)
  );
}

function sameOctets(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}
