/** Making authorities: keys and certificates first, outside of transactions, then all of their rows in one. */

import type { Certificate } from '@plugpool/iso15118/pki';
import { audit } from '../access/audit-log.ts';
import type { KeyStore, NewKey } from '../keys/key-store.ts';
import type { Tx } from '../store/store.ts';
import { formatAuthorityName } from './authority-name.ts';
import { insertAuthority } from './authority-queries.ts';
import { type IssuanceSettings, type Issuer, prepareCertificate } from './issuance.ts';
import { recordIssued, recordOf } from './issued.ts';
import { issuerLineOf, type PlannedAuthority } from './planned-authorities.ts';
import { ownOrganization } from './subject.ts';

export interface MadeAuthority {
  readonly name: string;
  /** Its own name for a root. */
  readonly issuerName: string;
  readonly certificate: Certificate;
  readonly edition: string;
  readonly key: NewKey;
}

export interface Workshop {
  readonly keys: KeyStore;
  readonly settings: IssuanceSettings;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The current authority of a line that is there already. */
  readonly existing: (line: string) => Promise<Issuer | undefined>;
}

const DAY_MS = 86_400_000;

/** Makes them in the order given, so issuers stand before what they issue. Nothing is stored. */
export async function makeAuthorities(
  planned: readonly PlannedAuthority[],
  { keys, settings, now, existing }: Workshop,
): Promise<MadeAuthority[]> {
  const made = new Map<string, MadeAuthority>();
  for (const plan of planned) {
    const name = formatAuthorityName(plan.name);
    const key = await keys.createFor(name, plan.profile.curve);
    const issuerLine = issuerLineOf(plan);
    const above = made.get(issuerLine);
    const selfSigned = plan.issuerKind === plan.name.kind;
    const issuer: Issuer | undefined = selfSigned
      ? { name, signer: key.signer, certificate: undefined }
      : above === undefined
        ? await existing(issuerLine)
        : { name: above.name, signer: above.key.signer, certificate: above.certificate };
    if (issuer === undefined) throw new Error(`there is no ${issuerLine} to issue ${name}`);
    const prepared = prepareCertificate(issuer, orderOf(plan, key, now), settings);
    const certificate = await prepared.issue();
    made.set(name, { name, issuerName: issuer.name, certificate, edition: plan.profile.edition, key });
  }
  return [...made.values()];
}

function orderOf({ profile, commonName }: PlannedAuthority, { signer }: NewKey, now: number) {
  return {
    profile,
    subject: { ...ownOrganization, commonName },
    publicKey: { curve: profile.curve, ...signer.publicKey },
    // Clocks differ, and a contract that begins today begins at midnight somewhere.
    notBefore: now - DAY_MS,
    notAfter: now + profile.validityDays * DAY_MS,
  };
}

/** @throws the database's unique violation when another process added an authority of that name */
export async function recordAuthority(tx: Tx, authority: MadeAuthority, at: number): Promise<void> {
  const { name, issuerName, edition, key, certificate } = authority;
  await key.record(tx);
  await insertAuthority(tx, {
    name,
    edition,
    issuer_name: issuerName,
    certificate: certificate.der,
    fingerprint: certificate.fingerprint,
    private_key_id: key.id,
    created_at: at,
  });
  await audit(tx, at, [{ operation: 'authority.add', object: name, after: certificate.der }]);
  const selfSigned = name === issuerName;
  if (!selfSigned) await recordIssued(tx, [recordOf(issuerName, certificate, at)]);
}

export function certificatesOfRoots(authorities: readonly MadeAuthority[]): Certificate[] {
  return authorities.filter(({ name, issuerName }) => name === issuerName).map(({ certificate }) => certificate);
}
