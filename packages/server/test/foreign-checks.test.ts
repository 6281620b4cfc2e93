/** Which standing of a certificate is refused under which policy, and whom nobody asks. */
import type { Fingerprint, Revoked } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CertificateLink } from '../src/kernel/certificate-chain.ts';
import { REVOCATION_POLICIES, revocationChecks } from '../src/revocation/revocation-checks.ts';
import type { Standing } from '../src/revocation/standing.ts';
import { type Issued, issue, type OwnPki, ownPki } from './own-pki.ts';
import { randomPcid } from './roles.ts';

const revoked = { revokedAt: Date.UTC(2026, 0, 1), reason: 'superseded' } as const;
const revokedWords = 'is revoked since 2026-01-01T00:00:00.000Z (superseded)';

describe('revocation checks', () => {
  let pki: OwnPki;
  let leaf: Issued;
  let links: CertificateLink[];
  beforeAll(async () => {
    pki = await ownPki('Foreign');
    leaf = await issue({ profile: 'oem', commonName: randomPcid(), issuer: pki.subCa2 });
    links = [
      { certificate: leaf.certificate, issuer: pki.subCa2.certificate, field: 'leaf' },
      { certificate: pki.subCa2.certificate, issuer: pki.subCa1.certificate, field: 'sub' },
    ];
  });

  /** What a check of both links ends in, what is noted, and which certificates were asked about. */
  async function outcome(
    policy: (typeof REVOCATION_POLICIES)[number],
    given: { own?: 'good' | Revoked; ownAuthority?: boolean; leaf?: Standing; sub?: Standing },
  ) {
    const { own, ownAuthority = false, leaf: ofLeaf, sub: ofSub } = given;
    const noted: string[] = [];
    const asked: Fingerprint[] = [];
    const checks = revocationChecks({
      policy,
      ownStatusOf: async () => new Map(own === undefined ? [] : [[leaf.certificate.fingerprint, own]]),
      isOwnAuthority: async ({ fingerprint }) => ownAuthority && fingerprint === pki.subCa2.certificate.fingerprint,
      async inquire({ fingerprint }) {
        asked.push(fingerprint);
        const standing = fingerprint === leaf.certificate.fingerprint ? ofLeaf : ofSub;
        return standing ?? { standing: 'good' };
      },
      note: (_message, { field }) => noted.push(field ?? ''),
    });
    const unfit = await checks.unfitAmong([
      { fingerprint: leaf.certificate.fingerprint, links: async () => links.slice() },
    ]);
    const [askedBefore, notedBefore] = [asked.splice(0).length, noted.splice(0).length];
    const text = await checks.check(links).then(
      () => 'passes',
      (error: Error) => error.message,
    );
    expect([askedBefore, notedBefore], 'install asks the same').toEqual(
      own === undefined ? [asked.length, noted.length] : [0, 0],
    );
    return { text, unfit: unfit.get(leaf.certificate.fingerprint)?.why, asked: asked.length, noted };
  }

  const unknown: Standing = { standing: 'unknown', why: 'silence' };
  const silence = 'its revocation status cannot be established: silence';

  test.each(REVOCATION_POLICIES)('%s/good passes', async (policy) => {
    expect(await outcome(policy, {})).toMatchObject({ text: 'passes', unfit: undefined, noted: [] });
  });

  test.each(REVOCATION_POLICIES)(
    '%s/one of our own that is revoked is refused, and nobody is asked about it',
    async (policy) => {
      const { text, unfit, asked } = await outcome(policy, { own: revoked });
      expect({ text, unfit }).toEqual({ text: `leaf : ${revokedWords}`, unfit: revokedWords });
      expect(asked).toBe(policy === 'off' ? 0 : 1);
    },
  );

  test('require, soft-fail/a revoked one before an unknown one', async () => {
    for (const policy of ['require', 'soft-fail'] as const) {
      const { text, unfit } = await outcome(policy, { leaf: unknown, sub: { standing: 'revoked', ...revoked } });
      expect({ text, unfit }).toEqual({ text: `sub : ${revokedWords}`, unfit: `sub : ${revokedWords}` });
    }
  });

  test('unknown/refused, noted, not asked', async () => {
    const given = { leaf: unknown };
    expect(await outcome('require', given)).toEqual({ text: `leaf : ${silence}`, unfit: silence, asked: 2, noted: [] });
    expect(await outcome('soft-fail', given)).toEqual({ text: 'passes', unfit: undefined, asked: 2, noted: ['leaf'] });
    expect(await outcome('off', given)).toEqual({ text: 'passes', unfit: undefined, asked: 0, noted: [] });
  });

  test('nobody to ask passes, also where an answer is required', async () => {
    const nobody: Standing = { standing: 'nobody-to-ask' };
    expect(await outcome('require', { leaf: nobody, sub: nobody })).toMatchObject({ text: 'passes', noted: [] });
  });

  test('of our own CA and not on record: unknown, and nobody is asked', async () => {
    const given = { ownAuthority: true };
    expect(await outcome('require', given)).toMatchObject({ text: expect.stringMatching(/not on record$/), asked: 1 });
    expect(await outcome('soft-fail', given)).toMatchObject({ text: 'passes', noted: ['leaf'] });
  });
});
