/**
 * Rollover without stopping: an authority that nears its end gets a successor with a key of its own. The successor issues
 * and signs from then on; what the older generation issued keeps its chain, its CRL and its OCSP answers.
 */
import type { Certificate } from '@plugpool/iso15118/pki';
import { refuse } from '../kernel/domain-error.ts';
import { type Authority, currentOf, lastOf } from './authorities.ts';
import { makeAuthorities, recordAuthority } from './authority-making.ts';
import {
  type AuthorityName,
  authorityKinds,
  formatAuthorityName,
  lineOf,
  parseAuthorityName,
} from './authority-name.ts';
import { type Founding, workshopOf } from './demo-authorities.ts';
import { issuerLineOf, type PlannedAuthority, plannedAuthority } from './planned-authorities.ts';

const DAY_MS = 86_400_000;

/**
 * Makes the next generation of an authority, issued by the current generation of its issuer; any generation's name will
 * do. Whoever asks twice rotates twice.
 * @throws DomainError `authority-not-found`; `authority-refused` for a root, which no car would know, and under an
 * issuer that is revoked
 */
export async function rotate(founding: Founding, name: string): Promise<Authority> {
  const parsed = parseAuthorityName(name);
  const current = parsed && (await founding.directory.last(lineOf(parsed)));
  if (current === undefined) throw refuse('authority-not-found', name);
  return await successorTo(founding, current);
}

/** The generation right after this one: the one that is there already, say from another replica, or else a new one. */
async function successorTo(founding: Founding, authority: Authority): Promise<Authority> {
  const { store, directory, clock } = founding;
  if (authority.issuer === undefined) {
    throw refuse('authority-refused', authority.name, 'a root has no successor: add another one beside it');
  }
  const parsed = parseAuthorityName(authority.name);
  if (parsed === undefined) throw new Error(`${authority.name} is no name of an authority`);
  const name = { ...parsed, generation: parsed.generation + 1 };
  const already = await directory.named(formatAuthorityName(name));
  if (already !== undefined) return already;
  const now = clock.now();
  const [made] = await makeAuthorities([plannedAuthority(name)], workshopOf(founding, now));
  if (made === undefined) throw new Error(`no successor of ${authority.name} was made`);
  try {
    await store.transaction((tx) => recordAuthority(tx, made, now));
  } catch (error) {
    if (!store.isUniqueViolation(error)) throw error;
  }
  const successor = await directory.named(made.name);
  if (successor === undefined) throw new Error(`the successor of ${authority.name} is gone`);
  return successor;
}

/**
 * Rotates every sub CA and signer of which less than `part` of its validity is left, issuers first, where the successor
 * would last longer. Returns the names of the successors. To be called at the start and now and then.
 * @param part from 0 (never) to 1 (exclusive)
 */
export async function rotateDue(founding: Founding, part: number): Promise<readonly string[]> {
  const { directory, clock } = founding;
  const made: string[] = [];
  const inOrder = currentOf(await directory.all()).toSorted((a, b) => rankOf(a) - rankOf(b));
  for (const authority of inOrder) {
    const { name, certificate } = authority;
    const parsed = parseAuthorityName(name);
    if (parsed === undefined || !isDue(certificate, part, clock.now())) continue;
    const next = plannedAuthority(parsed);
    const issuer = next.issuerKind === next.name.kind ? undefined : await directory.last(issuerLineOf(next));
    if (
      issuer === undefined ||
      issuer.revoked ||
      endOf(next, issuer.certificate, clock.now()) <= certificate.notAfter + DAY_MS
    )
      continue;
    made.push((await successorTo(founding, authority)).name);
  }
  return made;
}

function isDue({ notBefore, notAfter }: Certificate, part: number, now: number): boolean {
  return notAfter - now < part * (notAfter - notBefore);
}

/** Shell model: nobody outlives the issuer. */
function endOf({ profile }: PlannedAuthority, issuer: Certificate, now: number): number {
  return Math.min(now + profile.validityDays * DAY_MS, issuer.notAfter);
}

function rankOf({ name }: Authority): number {
  const kind = parseAuthorityName(name)?.kind;
  return kind === undefined ? authorityKinds.length : authorityKinds.indexOf(kind);
}

/** The name of the next generation of what is there, or of the first. */
export function nextInLine(all: readonly Authority[], line: AuthorityName): AuthorityName {
  const current = lastOf(all).find(({ name }) => {
    const parsed = parseAuthorityName(name);
    return parsed !== undefined && lineOf(parsed) === formatAuthorityName({ ...line, generation: 1 });
  });
  const generation = current === undefined ? 0 : (parseAuthorityName(current.name)?.generation ?? 0);
  return { ...line, generation: generation + 1 };
}
