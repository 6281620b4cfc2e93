/** The authorities and signers of this ecosystem, kept in memory; every replica sees what another one added. */
import { type Certificate, type CurveName, type Edition, isCa, readCertificate } from '@plugpool/iso15118/pki';
import type { Clock } from '../kernel/clock.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Store } from '../store/store.ts';
import { type AuthorityName, authorityKinds, lineOf, parseAuthorityName } from './authority-name.ts';
import {
  type AuthorityRow,
  countAuthorities,
  selectAuthorities,
  selectRevokedAuthorities,
} from './authority-queries.ts';
import { type CaDomain, curves } from './profiles.ts';

export { type AuthorityKind, authorityKinds } from './authority-name.ts';

/** A certificate of which this ecosystem holds the key: a root, a sub CA, or a leaf that signs contract data. */
export interface Authority {
  /** For instance `oem-sub2`; the file name under /ca and /crl. */
  readonly name: string;
  readonly edition: Edition;
  readonly certificate: Certificate;
  /** `undefined` for a root. */
  readonly issuer: Authority | undefined;
  readonly privateKeyId: string;
  /** Taken back, or one above it. It issues and signs nothing any more. */
  readonly revoked: boolean;
}

/** The CAs above a leaf. */
export interface CaChain {
  readonly subCa2: Authority;
  readonly subCa1: Authority;
  readonly root: Authority;
}

export interface AuthorityDirectory {
  /** Oldest first; what another process added is here within two seconds. */
  all(): Promise<readonly Authority[]>;
  /** The same, read from the database. */
  latest(): Promise<readonly Authority[]>;
  /** What comes next asks the database. */
  forget(): void;
  /** Looks into the database before it says that there is none. */
  named(name: string): Promise<Authority | undefined>;
  /** The last generation of a line, read from the database. */
  last(line: string): Promise<Authority | undefined>;
}

interface Snapshot {
  readonly byName: ReadonlyMap<string, Authority>;
  readonly all: readonly Authority[];
  /** See `countAuthorities`. */
  readonly count: number;
  readonly readAt: number;
}

const DAY_MS = 86_400_000;
/** How old the list in memory may be before the database is asked whether there are more. */
const RECHECK_MS = 2_000;

/** Its methods read the database, so never call them inside a transaction. */
export function authorityDirectory(store: Store, clock: Clock): AuthorityDirectory {
  let known: Snapshot = { byName: new Map(), all: [], count: 0, readAt: Number.NEGATIVE_INFINITY };
  let reading: Promise<Snapshot> | undefined;
  let following: Promise<Snapshot> | undefined;

  async function read(): Promise<Snapshot> {
    const readAt = clock.now();
    const count = await countAuthorities(store.db);
    if (count > 0 && count === known.count) return { ...known, readAt };
    const byName = linkAuthorities(await selectAuthorities(store.db), await selectRevokedAuthorities(store.db));
    return { byName, all: [...byName.values()], count, readAt };
  }

  /** A read that began before the call may have missed what the caller has just committed: it waits for the next one. */
  async function fresh(): Promise<Snapshot> {
    if (following !== undefined) return await following;
    if (reading === undefined) return await begin();
    const next = () => {
      following = undefined;
      return begin();
    };
    following = reading.then(next, next);
    return await following;
  }

  async function begin(): Promise<Snapshot> {
    reading = read().finally(() => {
      reading = undefined;
    });
    known = await reading;
    return known;
  }

  async function current(): Promise<Snapshot> {
    const age = clock.now() - known.readAt;
    return age >= 0 && age < RECHECK_MS ? known : await fresh();
  }

  return {
    all: async () => (await current()).all,
    latest: async () => (await fresh()).all,
    forget() {
      known = { ...known, readAt: Number.NEGATIVE_INFINITY };
    },
    named: async (name) => (await current()).byName.get(name) ?? (await fresh()).byName.get(name),
    last: async (line) => lastOf((await fresh()).all).find(({ name }) => lineOfText(name) === line),
  };
}

/** The three CAs from a sub CA 2 upwards; `undefined` when the authority is not one. */
export function chainFrom(subCa2: Authority | undefined): CaChain | undefined {
  const subCa1 = subCa2?.issuer;
  const root = subCa1?.issuer;
  if (subCa2 === undefined || subCa1 === undefined || root === undefined || root.issuer !== undefined) return undefined;
  return isCa(subCa2.certificate) ? { subCa2, subCa1, root } : undefined;
}

/** The sub CAs 2 of a domain with what is above them, by their V2G roots, the oldest first: one for each. */
export function chainsOf(all: readonly Authority[], domain: CaDomain, curve: CurveName): readonly CaChain[] {
  const found = chains.get(all) ?? new Map<string, readonly CaChain[]>();
  chains.set(all, found);
  const known = found.get(`${domain} ${curve}`) ?? findChains(all, domain, curve);
  found.set(`${domain} ${curve}`, known);
  return known;
}

/** Each order asks for them, and a list of authorities never changes: another one takes its place. */
const chains = new WeakMap<readonly Authority[], Map<string, readonly CaChain[]>>();

function findChains(all: readonly Authority[], domain: CaDomain, curve: CurveName): CaChain[] {
  return currentOf(all)
    .filter(({ name }) => {
      const parsed = parseAuthorityName(name);
      return parsed?.kind === `${domain}-sub2` && parsed.curve === curve;
    })
    .flatMap((authority) => chainFrom(authority) ?? []);
}

/** Of each line the generation that issues and signs: by V2G root, the oldest first, and -2 before -20. */
export function currentOf(all: readonly Authority[]): readonly Authority[] {
  const known = current.get(all) ?? lastOf(all).filter(({ revoked }) => !revoked);
  current.set(all, known);
  return known;
}

const current = new WeakMap<readonly Authority[], readonly Authority[]>();

/** The same, revoked ones as well. */
export function lastOf(all: readonly Authority[]): Authority[] {
  const byLine = new Map<string, { readonly authority: Authority; readonly name: AuthorityName }>();
  for (const authority of all) {
    const name = parseAuthorityName(authority.name);
    if (name === undefined) continue;
    const known = byLine.get(lineOf(name));
    if (known === undefined || known.name.generation < name.generation) byLine.set(lineOf(name), { authority, name });
  }
  return [...byLine.values()]
    .sort((a, b) => a.name.root - b.name.root || curves.indexOf(a.name.curve) - curves.indexOf(b.name.curve))
    .map(({ authority }) => authority);
}

/** By V2G root, algorithm, place in the PKI and generation. */
export function inOrder(all: readonly Authority[]): Authority[] {
  const ranks = (authority: Authority) => {
    const name = parseAuthorityName(authority.name);
    if (name === undefined) return [Number.POSITIVE_INFINITY];
    return [name.root, curves.indexOf(name.curve), authorityKinds.indexOf(name.kind), name.generation];
  };
  return all.toSorted((a, b) => {
    const [ofA, ofB] = [ranks(a), ranks(b)];
    const differing = ofA.findIndex((rank, at) => rank !== ofB[at]);
    return differing < 0 ? 0 : (ofA[differing] ?? 0) - (ofB[differing] ?? 0);
  });
}

/** What operators ask of an authority. */
export interface AuthorityStanding {
  readonly authority: Authority;
  /** Whether it is the last generation of its line, which issues and signs. */
  readonly current: boolean;
  /** `database`, or `pkcs11:TOKEN`. */
  readonly keyLocation: string;
  /** Whole days; negative when it is over. */
  readonly daysLeft: number;
}

/** @param all authorities of all generations; @param now epoch milliseconds */
export async function standingsOf(
  wanted: readonly Authority[],
  all: readonly Authority[],
  keys: Pick<KeyStore, 'locationsOf'>,
  now: number,
): Promise<AuthorityStanding[]> {
  const current = new Set(currentOf(all).map(({ name }) => name));
  const locations = await keys.locationsOf(wanted.map(({ privateKeyId }) => privateKeyId));
  return wanted.map((authority) => ({
    authority,
    current: current.has(authority.name),
    keyLocation: locations.get(authority.privateKeyId) ?? 'nowhere',
    daysLeft: Math.floor((authority.certificate.notAfter - now) / DAY_MS),
  }));
}

function lineOfText(name: string): string | undefined {
  const parsed = parseAuthorityName(name);
  return parsed && lineOf(parsed);
}

function linkAuthorities(rows: readonly AuthorityRow[], revoked: ReadonlySet<string>): Map<string, Authority> {
  const rowByName = new Map(rows.map((row) => [row.name, row]));
  const linked = new Map<string, Authority>();
  const link = (row: AuthorityRow): Authority => {
    const done = linked.get(row.name);
    if (done !== undefined) return done;
    const issuerRow = row.issuer_name === row.name ? undefined : rowByName.get(row.issuer_name);
    if (issuerRow === undefined && row.issuer_name !== row.name) {
      throw new Error(`the issuer ${row.issuer_name} of the authority ${row.name} is not in the database`);
    }
    const issuer = issuerRow === undefined ? undefined : link(issuerRow);
    const authority: Authority = {
      name: row.name,
      edition: editionOf(row),
      certificate: readCertificate(row.certificate),
      issuer,
      privateKeyId: row.private_key_id,
      revoked: revoked.has(row.fingerprint) || issuer?.revoked === true,
    };
    linked.set(row.name, authority);
    return authority;
  };
  for (const row of rows) link(row);
  return linked;
}

function editionOf({ name, edition }: AuthorityRow): Edition {
  if (edition === 'ISO15118-2' || edition === 'ISO15118-20') return edition;
  throw new Error(`the authority ${name} is of an edition that this version does not know: ${edition}`);
}
