/** Which authorities stand under a V2G root, and what their certificates say. */
import type { CurveName } from '@plugpool/iso15118/pki';
import { type AuthorityKind, type AuthorityName, formatAuthorityName } from './authority-name.ts';
import {
  algorithmLabels,
  type CaDomain,
  caDomains,
  domainProfile,
  type Profile,
  profileOf,
  servesEdition,
} from './profiles.ts';

export interface PlannedAuthority {
  readonly name: AuthorityName;
  /** Of the issuer's line; the own kind for a root. */
  readonly issuerKind: AuthorityKind;
  readonly profile: Profile;
  readonly commonName: string;
}

/** A V2G root with two sub CAs for each domain and the signer of contract data; issuers before what they issue. */
export function branchesOf(root: number, curve: CurveName): PlannedAuthority[] {
  const { edition } = profileOf('v2g-root', curve);
  const kinds: AuthorityKind[] = [
    'v2g-root',
    ...caDomains
      .filter((domain) => servesEdition(domain, edition))
      .flatMap((domain) => [`${domain}-sub1`, `${domain}-sub2`] as const),
    'cps-signer',
  ];
  return kinds.map((kind) => plannedAuthority({ kind, root, curve, generation: 1 }));
}

export function plannedAuthority(name: AuthorityName): PlannedAuthority {
  const { kind, root, curve } = name;
  const label = algorithmLabels[curve];
  const further = `${label === '' ? '' : ` ${label}`}${root === 1 ? '' : ` R${root}`}${generationOf(name)}`;
  if (kind === 'v2g-root') {
    const profile = profileOf('v2g-root', curve);
    return { name, issuerKind: kind, profile, commonName: `plugpool V2G Root${further}` };
  }
  if (kind === 'cps-signer') {
    const profile = profileOf('cps-signer', curve);
    return { name, issuerKind: 'cps-sub2', profile, commonName: `plugpool CPS Signer${further}` };
  }
  const { domain, level } = subCaOf(kind);
  const commonName = `${domain.toUpperCase()} Sub-CA ${level}${further}`;
  return level === 1
    ? { name, issuerKind: 'v2g-root', profile: domainProfile(domain, 'subCa1', curve), commonName }
    : { name, issuerKind: `${domain}-sub1`, profile: domainProfile(domain, 'subCa2', curve), commonName };
}

/** The line of the issuer: under the same V2G root, on the same curve. */
export function issuerLineOf({ name, issuerKind }: PlannedAuthority): string {
  return formatAuthorityName({ ...name, kind: issuerKind, generation: 1 });
}

function generationOf({ generation }: AuthorityName): string {
  return generation === 1 ? '' : ` G${generation}`;
}

function subCaOf(kind: `${CaDomain}-sub1` | `${CaDomain}-sub2`): { domain: CaDomain; level: 1 | 2 } {
  const domain = caDomains.find((each) => kind.startsWith(`${each}-`));
  if (domain === undefined) throw new Error(`${kind} belongs to no domain`);
  return { domain, level: kind.endsWith('1') ? 1 : 2 };
}
