import { defineConfig } from 'vitest/config';

/** What takes minutes, or programs that few machines have: `npm run test:long`. */
export default defineConfig({
  test: {
    include: ['packages/*/test/long/**/*.long.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
