import { expect, test } from 'vitest';
import { productionCoverage } from './production-coverage.ts';
import { setsByName, vectorsIn } from './vectors.ts';

test.each(Object.entries(setsByName))(
  'every production of %s is taken by a message, or is one that none has',
  (name, set) => {
    const vectors = name === 'xmldsig' ? [] : vectorsIn(name);
    const { total, taken, missing } = productionCoverage(set, vectors);
    const reasons = Map.groupBy(missing, ({ why }) => why);
    const told = [...reasons].map(([why, all]) => `${all.length} ${why === '' ? 'without a reason' : why}`);
    process.stdout.write(`      ${name}: ${taken} of ${total} productions taken; not taken: ${told.join(', ')}\n`);
    expect(reasons.get('')?.map(({ production }) => production) ?? []).toEqual([]);
    expect(taken).toBeGreaterThan(0);
  },
);
