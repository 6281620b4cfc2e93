/** `npm run postman`: writes the collections and the empty environment anew. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEcosystem } from '../packages/server/src/compose.ts';
import { systemClock } from '../packages/server/src/kernel/clock.ts';
import { createLogger } from '../packages/server/src/observe/logger.ts';
import { readSettings } from '../packages/server/src/settings.ts';
import { filesFor } from './files.ts';

const data = await mkdtemp(join(tmpdir(), 'plugpool-postman-'));
const settings = readSettings(['--data', data, '--port', '0'], {}, () => undefined);
const server = await startEcosystem(settings, { clock: systemClock, logger: createLogger('silent') });
try {
  for (const [name, content] of await filesFor(server.url)) {
    await writeFile(join(import.meta.dirname, name), content);
    process.stdout.write(`postman/${name}\n`);
  }
} finally {
  await server.close();
  await rm(data, { recursive: true });
}
