/** The short form of `npm run soak`: half load for some seconds, and no wrong answer. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('ok/a server under half load answers well', { timeout: 180_000 }, async () => {
  const script = join(import.meta.dirname, '../../../../bench/soak.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--minutes', '0.2', '--sqlite']);
  expect(stdout).toMatch(
    /no wrong answer; memory: \d+ MB in the second quarter, \d+ MB in the last, too short to judge\n$/,
  );
});
