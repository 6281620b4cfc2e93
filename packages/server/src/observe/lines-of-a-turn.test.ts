import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const module = join(import.meta.dirname, 'lines-of-a-turn.ts');

/** A process that writes so many lines of so many characters, some in each turn, and says on its standard error when it is done. */
function writing(lines: number, characters: number) {
  const program = `
    import { linesOfATurn } from ${JSON.stringify(module)};
    // As in the server, which says on it where it is: from then on the pipe does not block.
    process.stdout.write('');
    const log = linesOfATurn(1);
    for (let each = 0; each < ${lines}; each++) {
      log.write(String(each).padEnd(${characters}, '.') + '\\n');
      if (each % 10 === 0) await new Promise((next) => setTimeout(next, 1));
    }
    console.error('done');
    await new Promise((next) => setTimeout(next, 500));`;
  const argv = ['--input-type=module-typescript', '--eval', program];
  return spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
}

test('ok/all lines in their order, the last turn included', async () => {
  const child = writing(95, 50);
  const lines = (await text(child.stdout)).trimEnd().split('\n');
  expect(lines.map((line) => Number.parseInt(line, 10))).toEqual(Array.from({ length: 95 }, (_, each) => each));
});

test('ok/a reader that takes a pause gets everything, and nobody waits for it', async () => {
  const child = writing(200, 3_000);
  const [said] = await once(child.stderr, 'data');
  expect(String(said)).toContain('done');
  expect((await text(child.stdout)).trimEnd().split('\n')).toHaveLength(200);
});

test('ok/lines that nobody takes for too long are counted', async () => {
  const child = writing(800, 3_000);
  const [said] = await once(child.stderr, 'data');
  expect(String(said)).toContain('done');
  const lines = (await text(child.stdout)).trimEnd().split('\n');
  const { lost } = JSON.parse(lines.at(-1) ?? '');
  expect(lost).toBeGreaterThan(0);
  expect(lines).toHaveLength(800 - lost + 1);
});

test('ok/without a reader the process goes on', async () => {
  const child = writing(200, 3_000);
  child.stdout.once('data', () => child.stdout.destroy());
  const [said] = await once(child.stderr, 'data');
  expect(String(said)).toContain('done');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
