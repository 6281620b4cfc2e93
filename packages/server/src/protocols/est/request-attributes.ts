/** What a certification request shall have: the answer to `csrattrs` (RFC 7030 §4.5.2). */
import { algorithms, type CurveName, der } from '@plugpool/iso15118/pki';
import { type CaDomain, domainProfile, type SubjectAttribute } from '../../pki/profiles.ts';

const attributeOids: Readonly<Record<SubjectAttribute, string>> = {
  C: '2.5.4.6',
  O: '2.5.4.10',
  DC: '0.9.2342.19200300.100.1.25',
  CN: '2.5.4.3',
};

/**
 * CsrAttrs in DER: the key's algorithm with its curve, the algorithm of the request's signature, and the attributes of
 * the subject that the asker decides.
 */
export function requestAttributes(domain: CaDomain, curve: CurveName): Uint8Array {
  const { keyOid, curveOid, signatureOid } = algorithms[curve];
  const key = curveOid === undefined ? [] : [der.sequence(der.oid(keyOid), der.setOf(der.oid(curveOid)))];
  const { subject } = domainProfile(domain, 'leaf', curve);
  const asked = subject.filter((type) => type !== 'DC').map((type) => der.oid(attributeOids[type]));
  return der.encodeDer(der.sequence(...key, der.oid(signatureOid), ...asked));
}
