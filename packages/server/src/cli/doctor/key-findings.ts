/** Whether the keys can be opened, and which certificates near their end. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { type KeyStore, keyStore } from '../../keys/key-store.ts';
import { loadMasterSecret } from '../../keys/master-secret.ts';
import { type Authority, currentOf } from '../../pki/authorities.ts';
import { publicKeyInfrastructure } from '../../pki/public-key-infrastructure.ts';
import { rootCertificatePool } from '../../rcp/root-certificate-pool.ts';
import type { Settings } from '../../settings.ts';
import type { Store } from '../../store/store.ts';
import { type Finding, failure, ok, reasonOf, warning } from './finding.ts';

const DAY_MS = 86_400_000;
/** Time enough to get another one. */
const SOON_MS = 30 * DAY_MS;

export interface KeyFindings {
  readonly findings: readonly Finding[];
  readonly authorities: readonly Authority[];
  /** To be closed; absent when there is no master secret. */
  readonly keys?: KeyStore;
}

export async function keyFindings(settings: Settings, store: Store): Promise<KeyFindings> {
  const advice = 'give every replica the master secret that the keys were sealed with, or restore it from a backup';
  try {
    const { dataDirectory, masterSecret: fromEnvironment, publicUrl } = settings;
    // Loading it would make one where there is none.
    if (fromEnvironment === undefined) await access(join(dataDirectory, 'master.key'));
    const masterSecret = await loadMasterSecret({ fromEnvironment, dataDirectory });
    const keys = keyStore({ store, masterSecret, clock: systemClock, locations: settings.keyLocations });
    const pki = publicKeyInfrastructure({ store, keys, clock: systemClock, publicUrl });
    const authorities = await pki.authorities();
    return { findings: [await openedFinding(keys, authorities), ...ends(currentOf(authorities))], authorities, keys };
  } catch (error) {
    return { findings: [failure('keys', `there is no master secret: ${reasonOf(error)}`, advice)], authorities: [] };
  }
}

async function openedFinding(keys: KeyStore, authorities: readonly Authority[]): Promise<Finding> {
  for (const { name, privateKeyId } of authorities) {
    try {
      await keys.signer(privateKeyId);
    } catch (error) {
      const advice = 'use the master secret, or the token, that the keys were made with';
      return failure('keys', `the key of ${name} cannot be opened: ${reasonOf(error)}`, advice);
    }
  }
  const problems = await keys.problems();
  if (problems.length > 0)
    return failure('keys', problems.join('; '), 'see that the token is there and its PIN is right');
  return ok('keys', `those of ${authorities.length} authorities can be opened`);
}

/** Of each line the one that issues and signs. */
function ends(authorities: readonly Authority[]): Finding[] {
  const advice = (name: string) =>
    `make a successor: \`plugpool pki rotate ${name}\`, for a root \`plugpool pki add-root\``;
  return nearTheirEnd(
    'authorities',
    authorities
      .filter(({ revoked }) => !revoked)
      .map(({ name, certificate }) => ({ name, notAfter: certificate.notAfter })),
    advice,
  );
}

/** The trust anchors of the pool. */
export async function rootFindings(store: Store): Promise<Finding[]> {
  const pool = rootCertificatePool({ store, clock: systemClock, record: async () => undefined });
  const roots = (await pool.list()).map(({ id, certificate }) => ({ name: id, notAfter: certificate.notAfter }));
  return nearTheirEnd('roots', roots, () => 'ask whoever runs it for its successor: `plugpool root import`');
}

interface Ending {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly notAfter: number;
}

function nearTheirEnd(check: string, all: readonly Ending[], advice: (name: string) => string): Finding[] {
  const now = systemClock.now();
  const ending = all.filter(({ notAfter }) => notAfter < now + SOON_MS);
  if (ending.length === 0) return [ok(check, `${all.length}, none ends within a month`)];
  return ending.map(({ name, notAfter }) => {
    const day = new Date(notAfter).toISOString().slice(0, 10);
    if (notAfter < now) return failure(check, `${name} ended on ${day}`, advice(name));
    return warning(check, `${name} ends on ${day}`, advice(name));
  });
}
