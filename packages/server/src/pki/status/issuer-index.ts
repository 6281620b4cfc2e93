import { type CertId, type CertIdHash, type IssuerId, issuerIdOf } from '@plugpool/iso15118/pki';
import type { Authority } from '../authorities.ts';

/** Finds the authority that a CertID means by the digests of its name and key (RFC 6960 §4.1.1). */
export interface IssuerIndex {
  /** More than one when a certificate was renewed with the same name and the same key. */
  issuersOf(certId: CertId): readonly Authority[];
}

const hashes: readonly CertIdHash[] = ['sha1', 'sha256', 'sha384', 'sha512'];

/** The index over the authorities as they are now; made anew when the list is another one. */
export function issuerIndexes(): (authorities: readonly Authority[]) => IssuerIndex {
  let indexed: readonly Authority[] | undefined;
  let index: IssuerIndex = { issuersOf: () => [] };
  return (authorities) => {
    if (indexed === undefined || !isSame(indexed, authorities)) {
      index = indexOver(authorities);
      indexed = authorities;
    }
    return index;
  };
}

function isSame(a: readonly Authority[], b: readonly Authority[]): boolean {
  return a === b || (a.length === b.length && a.every((authority, position) => authority === b[position]));
}

function indexOver(authorities: readonly Authority[]): IssuerIndex {
  const byIssuer = new Map<string, Authority[]>();
  for (const authority of authorities) {
    for (const hash of hashes) {
      const key = keyOf(issuerIdOf(authority.certificate, hash));
      byIssuer.set(key, [...(byIssuer.get(key) ?? []), authority]);
    }
  }
  return { issuersOf: (certId) => byIssuer.get(keyOf(certId)) ?? [] };
}

function keyOf({ issuerNameHash, issuerKeyHash }: IssuerId): string {
  return Buffer.concat([issuerNameHash, issuerKeyHash]).toString('latin1');
}
