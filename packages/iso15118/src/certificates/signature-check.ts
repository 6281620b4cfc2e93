import { verify } from 'node:crypto';
import { algorithms } from '../algorithms.ts';
import { type Certificate, publicKeyObject } from './certificate.ts';

const MOST_IN_GENERATION = 2048;

/**
 * Outcomes by subject and issuer fingerprint. Both octet strings are fixed by their fingerprints, so an outcome stays
 * true for ever. What was asked for while a generation filled up lives on in the next one, so the sub CAs of a busy
 * server stay and passing leafs go. (A map from which the oldest entry is deleted each time has to look for it behind
 * those that were deleted before.)
 */
let outcomes = new Map<string, boolean>();
let before = new Map<string, boolean>();

/**
 * Does the issuer's key verify the certificate's signature? Names, validity and extensions are not looked at.
 * Asked again for the same two certificates, the answer comes from memory.
 */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const pair = `${certificate.fingerprint}${issuer.fingerprint}`;
  const known = outcomes.get(pair);
  if (known !== undefined) return known;
  const outcome = before.get(pair) ?? verifies(certificate, issuer);
  if (outcomes.size >= MOST_IN_GENERATION) [before, outcomes] = [outcomes, new Map()];
  outcomes.set(pair, outcome);
  return outcome;
}

function verifies(certificate: Certificate, issuer: Certificate): boolean {
  const { signatureOid, signatureHash } = algorithms[issuer.publicKey.curve];
  return (
    certificate.signatureAlgorithm.oid === signatureOid &&
    verify(signatureHash, certificate.tbs, publicKeyObject(issuer), certificate.signature)
  );
}
