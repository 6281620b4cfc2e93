import { generateKeyPair, parseFingerprint } from '@plugpool/iso15118';
import { describe, expect, test } from 'vitest';
import { pkiOn, TEST_NOW } from '../../test/pki.ts';
import { eachStore } from '../../test/stores.ts';
import { recordIssued } from './issued.ts';

const nobodys = parseFingerprint('ab'.repeat(32));
const order = {
  edition: 'ISO15118-2',
  emaidCommonName: 'DE8AACA2B3C4D5',
  notBefore: TEST_NOW,
  notAfter: TEST_NOW + 1e9,
} as const;

describe.each(eachStore())('contracts and revocation on $kind', ({ open }) => {
  test('ok/good, revoked once and for all, unknown', async () => {
    const store = await open();
    const { pki } = pkiOn(store);
    await pki.ensureDemoAuthorities();
    const issued = await pki.issueContract({ ...order, publicKey: generateKeyPair('secp256r1') });
    const { fingerprint } = issued.certificate;
    const status = async () => [...(await pki.statusOf([fingerprint, nobodys])).entries()];

    expect(await status()).toEqual([
      [fingerprint, 'unknown'],
      [nobodys, 'unknown'],
    ]);
    expect(await pki.isOurs(issued.certificate)).toBe(false);
    await store.transaction((tx) => recordIssued(tx, [issued.record]));
    expect(await status()).toEqual([
      [fingerprint, 'good'],
      [nobodys, 'unknown'],
    ]);
    expect(await pki.isOurs(issued.certificate)).toBe(true);

    const revoke = (at: number, reason: 'superseded' | 'keyCompromise') =>
      store.transaction((tx) => pki.revoke(tx, fingerprint, reason, at));
    expect(await revoke(TEST_NOW, 'superseded')).toBe(true);
    expect(await revoke(TEST_NOW + 1, 'keyCompromise')).toBe(true);
    expect(await status()).toEqual([
      [fingerprint, { revokedAt: TEST_NOW, reason: 'superseded' }],
      [nobodys, 'unknown'],
    ]);
    expect(await store.transaction((tx) => pki.revoke(tx, nobodys, 'superseded', TEST_NOW))).toBe(false);
    expect(await pki.statusOf([])).toEqual(new Map());
  });

  test('ok/a revocation whose transaction failed did not happen', async () => {
    const store = await open();
    const { pki } = pkiOn(store);
    await pki.ensureDemoAuthorities();
    const issued = await pki.issueContract({ ...order, publicKey: generateKeyPair('secp256r1') });
    await store.transaction((tx) => recordIssued(tx, [issued.record]));
    const failing = store.transaction(async (tx) => {
      await pki.revoke(tx, issued.certificate.fingerprint, 'superseded', TEST_NOW);
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    const statuses = await pki.statusOf([issued.certificate.fingerprint]);
    expect([...statuses.values()]).toEqual(['good']);
  });

  test('ok/authorities are ours and have a status, the root only the former', async () => {
    const store = await open();
    const { pki } = pkiOn(store);
    await pki.ensureDemoAuthorities();
    const { subCa2, root } = await pki.chainOf('mo', 'ISO15118-2');
    const statuses = await pki.statusOf([subCa2.fingerprint, root.fingerprint]);
    expect([...statuses.values()]).toEqual(['good', 'unknown']);
    expect([await pki.isOurs(subCa2), await pki.isOurs(root)]).toEqual([true, true]);
  });

  test('ok/a contract under the root that was asked for, refused under another', async () => {
    const { pki } = pkiOn(await open());
    await pki.ensureDemoAuthorities();
    const [root] = await pki.roots();
    const publicKey = generateKeyPair('secp256r1');
    const issued = await pki.issueContract({ ...order, publicKey, moRoot: root?.fingerprint });
    expect(issued.root.fingerprint).toBe(root?.fingerprint);
    const elsewhere = pki.issueContract({ ...order, publicKey, moRoot: nobodys });
    await expect(elsewhere).rejects.toMatchObject({ kind: 'mo-root-unknown' });
    const later = pki.issueContract({ ...order, publicKey, edition: 'ISO15118-20' });
    await expect(later).rejects.toMatchObject({ kind: 'edition-unavailable', status: 400 });
  });
});
