import { verify } from 'node:crypto';
import { algorithms } from '../algorithms.ts';
import { type Certificate, publicKeyObject } from './certificate.ts';

const largestCache = 4096;

/**
 * Outcomes by subject and issuer fingerprint. Both octet strings are fixed by their fingerprints, so an outcome stays
 * true for ever; least recently used goes first, so the sub CAs of a busy server stay and passing leafs go.
 */
const outcomes = new Map<string, boolean>();

/**
 * Does the issuer's key verify the certificate's signature? Names, validity and extensions are not looked at.
 * Asked again for the same two certificates, the answer comes from memory.
 */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const pair = `${certificate.fingerprint}${issuer.fingerprint}`;
  const outcome = outcomes.get(pair) ?? verifies(certificate, issuer);
  outcomes.delete(pair);
  outcomes.set(pair, outcome);
  if (outcomes.size > largestCache) {
    for (const oldest of outcomes.keys()) {
      outcomes.delete(oldest);
      break;
    }
  }
  return outcome;
}

function verifies(certificate: Certificate, issuer: Certificate): boolean {
  const { signatureOid, signatureHash } = algorithms[issuer.publicKey.curve];
  return (
    certificate.signatureAlgorithm.oid === signatureOid &&
    verify(signatureHash, certificate.tbs, publicKeyObject(issuer), certificate.signature)
  );
}
