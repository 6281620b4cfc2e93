/** The collections are up to date, and newman plays the life of a contract with each against a real server. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addParty } from '../packages/server/test/parties.ts';
import { eachServer, type TestServer } from '../packages/server/test/running-server.ts';
import { LIFE } from './collection.ts';
import { type Json, member } from './document.ts';
import { collectionNames, filesFor, written } from './files.ts';
import { environmentOf, prepareVariables } from './variables.ts';

const newman = fileURLToPath(import.meta.resolve('newman/bin/newman.js'));

// newman takes seconds to start, and what is played here does not know the database.
describe.each(eachServer().slice(-1))('on $kind', { timeout: 120_000 }, ({ start }) => {
  let server: TestServer;
  let directory: string;
  beforeAll(async () => {
    server = await start();
    directory = await mkdtemp(join(tmpdir(), 'plugpool-newman-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  test('ok/the files are those that npm run postman writes', async () => {
    for (const [name, content] of await filesFor(server.url)) {
      const atHand = await readFile(join(import.meta.dirname, name), 'utf8');
      expect(atHand === content, `${name} is old: npm run postman`).toBe(true);
    }
  });

  test.each(collectionNames)('ok/newman plays %s, twice', async (name) => {
    const environment = join(directory, `${name}.environment.json`);
    await writeFile(environment, written(environmentOf(await prepareVariables(server.url))));
    // A second time, for whoever clicks through it again.
    const { failures, assertions } = await played(join(import.meta.dirname, name), environment, 2);
    expect(failures).toEqual([]);
    expect(assertions).toBeGreaterThan(40);
  });

  test('ok/with authentication on, an operator plays every role', async () => {
    const guarded = await start({ auth: 'oauth2' });
    const client = await addParty(guarded, { roles: ['operator'] });
    const environment = join(directory, 'guarded.environment.json');
    await writeFile(environment, written(environmentOf(await prepareVariables(guarded.url, client))));
    const { failures } = await played(join(import.meta.dirname, 'opnc.postman_collection.json'), environment, 1);
    expect(failures).toEqual([]);
  });

  test('fail/a server that answers otherwise is found out', async () => {
    const name = 'quick-start.postman_collection.json';
    const environment = join(directory, 'wrong.environment.json');
    const variables = await prepareVariables(server.url);
    await writeFile(environment, written(environmentOf({ ...variables, encryptedPrivateKey: 'AAAA' })));
    const { failures } = await played(join(import.meta.dirname, name), environment, 1);
    expect(failures).toContain('eMSP: have the contract data signed and stored: answers 201');
  });

  async function played(collection: string, environment: string, iterations: number) {
    const report = join(directory, 'report.json');
    const options = ['--reporters', 'json', '--reporter-json-export', report, '--iteration-count', String(iterations)];
    await run(['run', collection, '--environment', environment, '--folder', LIFE, ...options]);
    const read: Json = JSON.parse(await readFile(report, 'utf8'));
    const found = Object.values<Json>(Object(member(read, 'run', 'failures')));
    return {
      failures: found.map(
        (each) =>
          `${member(each, 'source', 'name')}: ${member(each, 'error', 'test') ?? member(each, 'error', 'message')}`,
      ),
      assertions: Number(member(read, 'run', 'stats', 'assertions', 'total')),
    };
  }

  /** Its exit code says that a test failed, which the report says better. */
  function run(args: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      execFile(process.execPath, [newman, ...args], (error, _out, err) => {
        if (error !== null && error.code !== 1) reject(new Error(`newman: ${err}`));
        else resolve();
      });
    });
  }
});
