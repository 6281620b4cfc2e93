/**
 * How authorities are called: `oem-sub2`, `veh-sub1-p521`, `cps-signer-ed448`. Further V2G roots and what is under
 * them have a number (`mo-sub1-2-p521`), later generations of one authority another (`mo-sub1-2-p521-g3`). A name never
 * changes: it stands in the locations of every certificate that the authority issued.
 */
import type { CurveName } from '@plugpool/iso15118/pki';
import { type CaDomain, caDomains } from './profiles.ts';

export type AuthorityKind = 'v2g-root' | 'cps-signer' | `${CaDomain}-sub1` | `${CaDomain}-sub2`;

export interface AuthorityName {
  readonly kind: AuthorityKind;
  /** Which of the V2G roots side by side it is or belongs to, from 1. */
  readonly root: number;
  readonly curve: CurveName;
  /** From 1. */
  readonly generation: number;
}

const suffixes: Readonly<Record<CurveName, string>> = { secp256r1: '', secp521r1: '-p521', ed448: '-ed448' };

export const authorityKinds: readonly AuthorityKind[] = [
  'v2g-root',
  ...caDomains.flatMap((domain) => [`${domain}-sub1`, `${domain}-sub2`] as const),
  'cps-signer',
];

const NAME = new RegExp(
  `^(?<kind>${authorityKinds.join('|')})(?:-(?<root>[2-9]|[1-9]\\d{1,3}))?(?<suffix>-p521|-ed448)?(?:-g(?<generation>[2-9]|[1-9]\\d{1,3}))?$`,
);

/** `undefined` for what is no name of an authority. */
export function parseAuthorityName(text: string): AuthorityName | undefined {
  const groups = NAME.exec(text)?.groups;
  const kind = authorityKinds.find((each) => each === groups?.['kind']);
  if (groups === undefined || kind === undefined) return undefined;
  const suffix = groups['suffix'] ?? '';
  return {
    kind,
    root: Number(groups['root'] ?? 1),
    curve: suffix === '-p521' ? 'secp521r1' : suffix === '-ed448' ? 'ed448' : 'secp256r1',
    generation: Number(groups['generation'] ?? 1),
  };
}

export function formatAuthorityName({ kind, root, curve, generation }: AuthorityName): string {
  return `${kind}${root === 1 ? '' : `-${root}`}${suffixes[curve]}${generation === 1 ? '' : `-g${generation}`}`;
}

/** What all generations of one authority have in common: the name of the first. */
export function lineOf(name: AuthorityName): string {
  return formatAuthorityName({ ...name, generation: 1 });
}
