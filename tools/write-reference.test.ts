import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { referencePages } from './write-reference.ts';

test('the pages of the reference are what `npm run reference` writes', async () => {
  for (const [name, text] of await referencePages()) {
    const written = readFileSync(join(import.meta.dirname, '../docs/reference', name), 'utf8');
    expect(written, `docs/reference/${name}: run \`npm run reference\``).toBe(text);
  }
});
