/** More authorities than a database is born with: another V2G root with all that is under it, or imported ones. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Certificate, isCa, isSignedBy, namesEqual, publicKeyOf } from '@plugpool/iso15118/pki';
import { refuse } from '../kernel/domain-error.ts';
import type { Tx } from '../store/store.ts';
import type { Authority } from './authorities.ts';
import { certificatesOfRoots, type MadeAuthority, makeAuthorities, recordAuthority } from './authority-making.ts';
import { type AuthorityKind, type AuthorityName, formatAuthorityName, parseAuthorityName } from './authority-name.ts';
import { type Alongside, type Founding, workshopOf } from './demo-authorities.ts';
import { branchesOf, plannedAuthority } from './planned-authorities.ts';
import { curves } from './profiles.ts';
import { nextInLine } from './rollover.ts';

/** Authorities that are made, and that nobody knows of before `record` has run in a transaction that was committed. */
export interface PreparedAuthorities {
  readonly names: readonly string[];
  record(tx: Tx, alongside: Alongside): Promise<void>;
}

/** Another V2G root for each algorithm, with branches and signer. */
export async function prepareRoots(founding: Founding): Promise<PreparedAuthorities> {
  const { clock, directory } = founding;
  const number = nextRootNumber(await directory.latest());
  const now = clock.now();
  const plan = curves.flatMap((curve) => branchesOf(number, curve));
  const made = await makeAuthorities(plan, workshopOf(founding, now));
  return prepared(founding, made, now);
}

export interface ImportedAuthority {
  /** What it shall be here. */
  readonly kind: AuthorityKind;
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
}

/**
 * Takes over an authority that was made elsewhere; its key is sealed into the database. A root gets the next number, what
 * stands under another authority that of its root, and becomes the current generation.
 * @throws DomainError `authority-refused` when it is not what it shall be, or its issuer is not here
 */
export async function prepareImport(
  founding: Founding,
  { kind, certificate, privateKey }: ImportedAuthority,
): Promise<PreparedAuthorities> {
  const { clock, keys, directory } = founding;
  const refused = (why: string) => refuse('authority-refused', kind, why);
  const { curve, spki } = publicKeyOf(createPublicKey(privateKey));
  if (Buffer.compare(spki, certificate.publicKey.spki) !== 0) throw refused('the key is not that of the certificate');
  const all = await directory.latest();
  if (all.some((each) => each.certificate.fingerprint === certificate.fingerprint)) throw refused('is here already');
  const { profile, issuerKind } = plannedAuthority({ kind, root: 1, curve, generation: 1 });
  if (isCa(certificate) !== profile.extensions.ca) throw refused(profile.extensions.ca ? 'is no CA' : 'is a CA');
  const now = clock.now();
  if (now < certificate.notBefore || now > certificate.notAfter) throw refused('is not valid now');
  const isRoot = issuerKind === kind;
  const issuer = isRoot ? undefined : issuerOf(certificate, all, issuerKind);
  if (!isRoot && issuer === undefined)
    throw refused(`was not issued by a ${issuerKind} that is here: import that first`);
  if (isRoot && !isSignedBy(certificate, certificate)) throw refused('has not signed itself');
  const root = issuer === undefined ? nextRootNumber(all, curve) : issuer.root;
  const name = formatAuthorityName(nextInLine(all, { kind, root, curve, generation: 1 }));
  const key = keys.take(privateKey);
  const made = { name, issuerName: issuer?.name ?? name, certificate, edition: profile.edition, key };
  return prepared(founding, [made], now);
}

function prepared({ directory }: Founding, made: readonly MadeAuthority[], now: number): PreparedAuthorities {
  return {
    names: made.map(({ name }) => name),
    async record(tx, alongside) {
      for (const authority of made) await recordAuthority(tx, authority, now);
      await alongside(tx, certificatesOfRoots(made));
      directory.forget();
    },
  };
}

/** Counted over all algorithms, or over one of them. */
function nextRootNumber(all: readonly Authority[], curve?: AuthorityName['curve']): number {
  const numbers = all.flatMap(({ name }) => {
    const parsed = parseAuthorityName(name);
    return parsed?.kind === 'v2g-root' && (curve === undefined || parsed.curve === curve) ? [parsed.root] : [];
  });
  return Math.max(0, ...numbers) + 1;
}

function issuerOf(certificate: Certificate, all: readonly Authority[], kind: AuthorityKind) {
  for (const { name, certificate: candidate } of all) {
    const parsed = parseAuthorityName(name);
    if (parsed?.kind !== kind || !namesEqual(candidate.subject, certificate.issuer)) continue;
    if (isSignedBy(certificate, candidate)) return { name, root: parsed.root };
  }
  return undefined;
}
