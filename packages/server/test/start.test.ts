/** What a start of the server loads, in a process of its own. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolder, kill, serve } from './served-process.ts';

/** Prints which modules of Node were loaded, when the process ends. */
const tellsBuiltins = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process._rawDebug(process.moduleLoadList.join('\\n')));",
)}`;

test('ok/what a message, a sign-in or a request of ours needs is not loaded before there is one', async () => {
  const data = await dataFolder();
  const coverage = join(data, 'loaded');
  const server = await serve(data, { NODE_V8_COVERAGE: coverage, NODE_OPTIONS: `--import=${tellsBuiltins}` });
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  expect(await kill(server.process, 'SIGTERM')).toBe(0);

  const [file = ''] = await readdir(coverage);
  const loaded = await readFile(join(coverage, file), 'utf8');
  expect(loaded).toContain('/packages/iso15118/src/pki.ts');
  for (const later of ['/packages/exi/', '/iso15118/src/inspection/', '/saxes/', '/otpauth/', '/typebox/', '/jose/']) {
    expect(loaded).not.toContain(later);
  }
  expect(server.printed()).toContain('NativeModule sqlite');
  expect(server.printed()).not.toContain('undici');
});
