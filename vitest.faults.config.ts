import { defineConfig } from 'vitest/config';

/** The faults that `npm test` makes once, made often, and those that take minutes: `npm run test:faults`. */
export default defineConfig({
  test: {
    include: ['packages/server/test/faults/*.test.ts'],
    env: { PLUGPOOL_TEST_FAULTS: 'long' },
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 1,
  },
});
