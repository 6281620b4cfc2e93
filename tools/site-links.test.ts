import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('no link of the documentation leads nowhere', () => {
  const gather = join(import.meta.dirname, '../site/gather.ts');
  expect(execFileSync(process.execPath, [gather], { encoding: 'utf8' })).toMatch(/^\d+ pages gathered\n$/);
});
