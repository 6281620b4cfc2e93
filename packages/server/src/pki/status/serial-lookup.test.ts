import { describe, expect, test } from 'vitest';
import { pkiOn, TEST_NOW } from '../../../test/pki.ts';
import { eachStore } from '../../../test/stores.ts';
import type { Store } from '../../store/store.ts';
import { type Subject, serialLookup } from './serial-lookup.ts';

const serial = (number: number) => `40${number.toString(16).padStart(6, '0')}`;

async function issued(store: Store, count: number): Promise<void> {
  await pkiOn(store).pki.ensureDemoAuthorities();
  const rows = Array.from({ length: count }, (_, number) => ({
    fingerprint: `f${number}`,
    authority_name: 'mo-sub2',
    serial_hex: serial(number),
    common_name: 'X',
    certificate: new Uint8Array(1),
    not_before: TEST_NOW,
    not_after: TEST_NOW,
    issued_at: TEST_NOW,
    revoked_at: number % 3 === 0 ? TEST_NOW + number : null,
    revocation_reason: null,
  }));
  await store.db.insertInto('issued_certificate').values(rows).execute();
}

describe.each(eachStore())('serial numbers on $kind', ({ open }) => {
  test('ok/many askers at once each get their own, from few queries', async () => {
    const store = await open();
    await issued(store, 700);
    const look = serialLookup(store);
    const asked = Array.from({ length: 700 }, (_, number): Subject[] => [
      { issuers: ['mo-sub2'], serialHex: serial(number) },
      { issuers: number % 2 === 0 ? ['oem-sub2'] : ['oem-sub2', 'mo-sub2'], serialHex: serial(number) },
      { issuers: [], serialHex: serial(number) },
      { issuers: ['mo-sub2'], serialHex: '41' },
    ]);
    const found = await Promise.all(asked.map(look));
    for (const [number, subjects] of asked.entries()) {
      const [own, either, nobodys, never] = subjects.map((subject) => found[number]?.(subject));
      expect(own?.revoked_at).toBe(number % 3 === 0 ? TEST_NOW + number : null);
      expect(either?.serial_hex).toBe(number % 2 === 0 ? undefined : serial(number));
      expect([nobodys, never]).toEqual([undefined, undefined]);
    }
  });

  test('fail/all who asked hear that the database is away, and the next are served', async () => {
    const store = await open();
    await issued(store, 1);
    const subject: Subject = { issuers: ['mo-sub2'], serialHex: serial(0) };
    const other = await store.reopen();
    const broken = serialLookup(other);
    await other.close();
    const outcomes = await Promise.allSettled([broken([subject]), broken([subject])]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await serialLookup(store)([subject]))(subject)?.serial_hex).toBe(serial(0));
  });
});
