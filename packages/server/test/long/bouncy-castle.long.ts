/**
 * BouncyCastle reads what our EST service answers (Debian: `libbcpkix-java` and a JDK). Compiles and starts a Java
 * program, so it runs with `npm run test:long` only.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { opensslRequest } from '../openssl.ts';
import { eachServer, type TestServer } from '../running-server.ts';

const run = promisify(execFile);
const jars = ['bcpkix', 'bcprov', 'bcutil'].map((name) => `/usr/share/java/${name}.jar`);
const reason = jars.every(existsSync) ? await missingJava() : 'libbcpkix-java is not installed';
if (reason !== undefined) process.stderr.write(`BouncyCastle is not asked: ${reason}\n`);

async function missingJava(): Promise<string | undefined> {
  try {
    await run('javac', ['-version']);
    return undefined;
  } catch {
    // Whatever is wrong with it, there is no compiler to work with.
    return 'javac does not run';
  }
}

const source = fileURLToPath(new URL('./CertsOnly.java', import.meta.url));
const [sqlite] = eachServer();

describe.skipIf(reason !== undefined)('BouncyCastle', () => {
  let server: TestServer;
  let classes: string;
  beforeAll(async () => {
    if (sqlite === undefined) throw new Error('SQLite is always there');
    server = await sqlite.start();
    classes = await mkdtemp(join(tmpdir(), 'plugpool-java-'));
    await run('javac', ['-cp', jars.join(':'), '-d', classes, source]);
  });
  afterAll(() => rm(classes, { recursive: true }));

  test.each([
    ['ISO15118-2/secp256r1', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], ''],
    ['ISO15118-20/secp521r1', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521', '-sha512'], ' P-521'],
    ['ISO15118-20/ed448', ['-newkey', 'ed448'], ' Ed448'],
  ])('ok/reads and verifies the answers for %s', async (algorithm, key, label) => {
    const body = await opensslRequest('/CN=WMIOEM12345678901', ...key);
    const est = `${server.url}/.well-known/est/oem`;
    const headers = { 'content-type': 'application/pkcs10' };
    const enrolled = await fetch(`${est}/simpleenroll/${algorithm}`, { method: 'POST', headers, body });
    const caCertificates = await fetch(`${est}/cacerts/${algorithm}`);
    expect([enrolled.status, caCertificates.status]).toEqual([200, 200]);
    const printed = await inJava(`${await enrolled.text()}\n${await caCertificates.text()}`);
    expect(printed.split('\n').slice(0, -1)).toEqual([
      'CN=WMIOEM12345678901,DC=OEM,O=plugpool',
      `CN=OEM Sub-CA 2${label},O=plugpool,C=DE`,
      `CN=OEM Sub-CA 1${label},O=plugpool,C=DE`,
      `CN=plugpool V2G Root${label},DC=V2G,O=plugpool,C=DE`,
      'verified',
    ]);
  });

  async function inJava(input: string): Promise<string> {
    const java = spawn('java', ['-cp', [...jars, classes].join(':'), 'CertsOnly'], { stdio: 'pipe' });
    java.stdin.end(input);
    const [printed, complaints] = await Promise.all([text(java.stdout), text(java.stderr)]);
    return complaints === '' ? printed : `${printed}${complaints}`;
  }
});
