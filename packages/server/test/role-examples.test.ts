/** The scripts of examples/roles, one after the other as the life of a contract goes, against a real server. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { toPem } from '@plugpool/iso15118';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issue } from './own-pki.ts';
import { randomEmaid, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

const examples = fileURLToPath(new URL('../../../examples/roles/', import.meta.url));
const execute = promisify(execFile);

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let folder: string;
  const pcid = randomPcid();
  const [emaid, other] = [randomEmaid(), randomEmaid()];

  beforeAll(async () => {
    server = await start();
    folder = await mkdtemp(join(tmpdir(), 'plugpool-examples-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function run(script: string, ...args: string[]): Promise<string> {
    const { stdout, stderr } = await execute(process.execPath, [join(examples, script), server.url, ...args]);
    expect(stderr).toBe('');
    return stdout;
  }

  test('the life of a contract by OEM, eMSP and CPO, and one more by a CPS', async () => {
    const car = join(folder, 'car');
    expect(await run('oem.ts', car, pcid)).toBe(`published ${pcid}, known: true\n`);
    expect(await run('cpo.ts', car).catch((error: Error) => error.message)).toContain('FAILED_NoCertificateAvailable');
    const signed = await run('emsp.ts', pcid, emaid);
    expect(signed).toMatch(
      new RegExp(`^signed ${emaid} for ${pcid} under .*\\nin the pool: ${emaid}, default: true\\n$`),
    );
    expect(await run('cpo.ts', car)).toMatch(
      new RegExp(
        `^the pool answered 200, with a contract\\ninstalled ${emaid}, key proven: true, CPS root \\w{64}\\n$`,
      ),
    );
    expect(await run('cps.ts', pcid, other)).toMatch(
      new RegExp(`^added ${other} for ${pcid}: \\d{4} octets of EXI\\n$`),
    );
  });

  test('roots by the operator', async () => {
    const { certificate } = await issue({ profile: 'root', commonName: 'Example root' });
    const file = join(folder, 'root.pem');
    await writeFile(file, toPem('CERTIFICATE', certificate.der));
    const printed = await run('operator.ts', file);
    expect(printed).toContain('CN=Example root, DC=V2G, O=Own PKI, C=DE (new)\n');
    expect(printed).toMatch(/\nremoved: root-not-found, "Root certificate with the given ID is not found"\n$/);
  });
});
