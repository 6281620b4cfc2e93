/** `npm run test:faults` breaks everything often; `npm test` breaks it once. */
export const isLongForm = process.env['PLUGPOOL_TEST_FAULTS'] === 'long';
export const rounds = isLongForm ? 8 : 1;
export const LONG_TEST_MS = isLongForm ? 900_000 : 180_000;

/** What has little to do with the database: the short form runs it on one of them. */
export const isWorthwhileOn = (kind: 'sqlite' | 'postgresql'): boolean => isLongForm || kind === 'sqlite';
