import { parsePcid } from '@plugpool/iso15118';
import { describe, expect, test } from 'vitest';
import { ownPki } from '../../test/own-pki.ts';
import { plansOf } from '../../test/query-plans.ts';
import { eachStore } from '../../test/stores.ts';
import { lockEntries } from './vehicle-locks.ts';
import { selectUnchanged } from './vehicle-queries.ts';

describe.each(eachStore())('vehicles on $kind', ({ kind, open }) => {
  // PostgreSQL goes by how large a table is: `bulk.test.ts` has one.
  test.skipIf(kind === 'postgresql')(
    'ok/many are looked up by their key, and not each of the pool among them',
    async () => {
      const store = await open();
      const { root, subCa1 } = await ownPki('Plans');
      const vehicles = Array.from({ length: 250 }, (_, number) => {
        const pcid = parsePcid(`WMI${String(number).padStart(14, '0')}`);
        return { pcid, edition: 'ISO15118-2', certificate: root.certificate, subCa1: subCa1.certificate } as const;
      });
      const plans = await plansOf(store, async (watched) => {
        await selectUnchanged(watched.db, vehicles);
        await watched.db.transaction().execute((tx) => lockEntries(watched, tx, vehicles));
      });
      expect(plans).toHaveLength(2);
      for (const { plan } of plans) {
        expect(plan).toMatch(/^SEARCH vehicle USING INDEX \S+ \(pcid=\? AND edition=\?\)$/m);
        expect(plan).not.toContain('SCAN vehicle');
      }
    },
  );
});
