import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenLocally } from '../../../../tools/local-port.ts';
import { plugpool } from '../../test/command-line.ts';
import { addParty } from '../../test/parties.ts';
import { eachServer, type TestServer } from '../../test/running-server.ts';

const demo = (...argv: string[]) => plugpool(['demo', ...argv]);

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let folder: string;

  beforeAll(async () => {
    server = await start();
    folder = await mkdtemp(join(tmpdir(), 'plugpool-demo-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(['sign', 'generate'])('the whole life of a contract, mode %s', async (mode) => {
    const { code, out, err } = await demo(server.url, '--mode', mode);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/PCID WPP\w{14}, EMAID DEPPLC\w{8}\n/);
    expect(out).toMatch(/\n +4 {2}OEM +\d+\.\d ms {2}makes the car's key pair/);
    expect(out).toMatch(/\n +POST \/opnc\/v1\/ccp\/signedcontractdata → 200, \d+ octets sent, \d+ received\n/);
    expect(out).toContain('The car recovered the contract key; it is that of the contract certificate.');
    expect(out).toMatch(/\n {2}contract {2}[0-9a-f]{64} {2}CN=DEPPLC\w{8}/);
  });

  test.each(['sign', 'generate'])(
    'ISO 15118-20: two of three contracts, in the order of the wishes, mode %s',
    async (mode) => {
      const { code, out, err } = await demo(server.url, '--edition', 'ISO15118-20', '--mode', mode);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const [, first, , third] =
        /EMAID (DEPPLC\w{8}), and (NLPPMC\w{8}), and (NLPPMC\w{16})\n/.exec(out) ?? expect.fail(out);
      expect(out).toMatch(/OEM +\d+\.\d ms {2}has the certificate issued that the car shows in TLS/);
      expect(out).toContain(`signs a CertificateInstallationReq (EXI) for 2 contracts, ${third} first\n`);
      expect(out).toContain('The car recovered the keys of 2 contracts; each is that of its contract certificate.');
      const subjects = Array.from(out.matchAll(/\n {2}contract {2}[0-9a-f]{64} {2}CN=(\w+)/g), ([, name]) => name);
      expect(subjects).toEqual([third, first]);
    },
  );

  test.each([
    ['opcp', 'sign', 'ISO15118-2', '/v1/'],
    ['opcp', 'generate', 'both', '/v1/'],
    ['quickstart', 'sign', 'ISO15118-2', '/HubjectWS/webresources/v1/'],
    ['quickstart', 'sign', 'both', '/HubjectWS/webresources/v1/'],
  ])('over %s, mode %s, %s', async (dialect, mode, edition, prefix) => {
    const { code, out, err } = await demo(
      ...[server.url, '--dialect', dialect, '--mode', mode, '--edition', edition, '--json'],
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { steps, proven } = JSON.parse(out);
    expect(proven).toBe(true);
    const paths = steps.flatMap(({ exchanges }: { exchanges: { path: string }[] }) =>
      exchanges.map(({ path }) => path),
    );
    expect(paths.filter((path: string) => !path.startsWith('/.well-known/est/'))).not.toEqual([]);
    for (const path of paths) expect(path.startsWith(prefix) || path.startsWith('/.well-known/est/')).toBe(true);
  });

  test.each(['opnc', 'opcp', 'quickstart'])(
    'with access control, each role with credentials of its own, over %s',
    async (dialect) => {
      const guarded = await server.beside({ auth: 'oauth2', publicUrl: server.url });
      const parties = {
        oem: await addParty(guarded, { roles: ['oem'], identifiers: { wmi: ['WQQ'] } }),
        emsp: await addParty(guarded, { roles: ['emsp'], identifiers: { providerId: ['DEQQQ'] } }),
        cpo: await addParty(guarded, { roles: ['cpo'] }),
      };
      const credentials = join(folder, `${dialect}.json`);
      await writeFile(credentials, JSON.stringify(parties));
      const own = ['--credentials', credentials, '--dialect', dialect, '--wmi', 'WQQ', '--provider-id', 'DEQQQ'];
      const { code, out, err } = await demo(guarded.url, ...own, '--edition', 'both');
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/PCID WQQ\w{14}, EMAID DEQQQC\w{8}/);
      expect((await demo(guarded.url, ...own, '--count', '2')).code).toBe(0);
      const foreign = await demo(guarded.url, '--credentials', credentials, '--dialect', dialect);
      expect(foreign).toMatchObject({ code: 1, err: expect.stringContaining('Forbidden') });
      expect(await demo(guarded.url, '--dialect', dialect)).toMatchObject({
        code: 1,
        err: expect.stringContaining('401'),
      });
      await writeFile(credentials, JSON.stringify({ ...parties, oem: { ...parties.oem, clientSecret: 'another' } }));
      const refused = await demo(guarded.url, ...own);
      expect(refused).toMatchObject({
        code: 1,
        err: expect.stringContaining(`no token for ${parties.oem.clientId}: answered 401`),
      });
      await writeFile(credentials, JSON.stringify({ oem: parties.oem }));
      expect((await demo(guarded.url, ...own)).err).toContain('the credentials have none for the role emsp');
    },
  );

  test('fail/the quick start generates nothing', async () => {
    const { code, err } = await demo(server.url, '--dialect', 'quickstart', '--mode', 'generate');
    expect(code).toBe(2);
    expect(err).toContain('the quick start generates nothing');
  });

  test('both editions in one car, as JSON', async () => {
    const { code, out } = await demo(server.url, '--edition', 'both', '--json');
    expect(code).toBe(0);
    const { emaid, contracts, ...result } = JSON.parse(out);
    expect(result).toMatchObject({ edition: 'both', mode: 'sign', proven: true });
    expect(contracts).toMatchObject([
      { edition: 'ISO15118-2', emaid, remaining: 0 },
      { edition: 'ISO15118-20', emaid: expect.stringMatching(/^NLPPMC\w{16}$/) },
      { edition: 'ISO15118-20', emaid },
    ]);
    expect(contracts[1].remaining - contracts[2].remaining).toBe(1);
    const vehicles = contracts.map((contract: { fingerprints: { vehicle: string } }) => contract.fingerprints.vehicle);
    expect(new Set(vehicles).size).toBe(2);
  });

  test('as one JSON object', async () => {
    const { code, out } = await demo(server.url, '--json');
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ edition: 'ISO15118-2', mode: 'sign', proven: true });
    expect(result.steps).toHaveLength(13);
    expect(result.fingerprints).toEqual({
      contract: expect.stringMatching(/^[0-9a-f]{64}$/),
      vehicle: expect.stringMatching(/^[0-9a-f]{64}$/),
      cps: expect.stringMatching(/^[0-9a-f]{64}$/),
      v2gRoot: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test.each([
    { edition: 'ISO15118-2', chains: 3, files: ['.'] },
    { edition: 'both', chains: 7, files: ['ISO15118-2', 'ISO15118-20'] },
  ])('saves what openssl and inspect agree to, and no key, $edition', async ({ edition, chains, files }) => {
    const to = join(folder, edition);
    const { code, out } = await demo(server.url, '--edition', edition, '--save', to);
    expect(code).toBe(0);
    const commands = out.split('\n').filter((line) => line.startsWith('  openssl verify'));
    expect(commands).toHaveLength(chains);
    for (const command of commands) {
      const [program = '', ...args] = command.trim().split(' ');
      expect(execFileSync(program, args, { encoding: 'utf8' })).toMatch(/: OK\n$/);
    }
    for (const command of out.split('\n').filter((line) => line.startsWith('  plugpool inspect'))) {
      const inspected = await plugpool([...command.trim().split(' ').slice(1), '--json']);
      expect(inspected.code).toBe(0);
      expect(JSON.parse(inspected.out)).toMatchObject({ signature: { valid: true }, problems: [] });
    }
    for (const name of files) {
      for (const file of await readdir(join(to, name), { withFileTypes: true })) {
        if (file.isFile()) expect(await readFile(join(to, name, file.name), 'latin1')).not.toContain('PRIVATE KEY');
      }
    }
  });

  test('many lives side by side, with a table', async () => {
    const { code, out, err } = await demo(server.url, '--count', '12', '--concurrency', '3');
    expect(code).toBe(0);
    expect(out).toMatch(/^ROLE +STEP +COUNT +FAILURES +PER S +P50 MS +P95 MS +P99 MS\n/);
    expect(out).toMatch(/\nCPO +install by request +12 +0 /);
    expect(out).toMatch(/\n12 of 12 contracts installed in /);
    expect(err).toMatch(/100 %: 12\/12/);
    const twoEditions = await demo(server.url, '--edition', 'both', '--count', '2');
    expect(twoEditions.out).toMatch(/\nCPO +install by request, ISO 15118-20 +2 +0 /);
    expect(twoEditions.out).toMatch(/\n2 of 2 cars have their contracts in /);
    const { out: asJson } = await demo(server.url, '--count', '2', '--mode', 'generate', '--json');
    const result = JSON.parse(asJson);
    expect(result).toMatchObject({ mode: 'generate', count: 2, failures: 0, failed: [] });
    expect(result.steps).toContainEqual(expect.objectContaining({ step: 'generate contract', count: 2, failures: 0 }));
  });

  test('a refusal is told with the words and the trace id of the server', async () => {
    // A server in front that spoils every publication.
    const spoiled = await spoiling(server.url, '/opnc/v1/pcp/provisioningcertificates', '{}');
    try {
      const { code, out, err } = await demo(spoiled.url);
      expect(code).toBe(1);
      expect(out).toMatch(/\n +5 {2}OEM +\d+\.\d ms {2}publishes the car in the provisioning pool failed\n/);
      expect(out).toMatch(/PUT \/opnc\/v1\/pcp\/provisioningcertificates → 400/);
      expect(err).toMatch(/^plugpool demo: OEM: publish vehicle failed: PUT .*answered 400/);
      expect(err).toMatch(/\n {2}the server says: provisioningCertificateChain\S* : .+\n/);
      expect(err).toMatch(/\n {2}trace id: [0-9a-f-]{36}\n$/);
      const many = await demo(spoiled.url, '--count', '3');
      expect(many.code).toBe(1);
      expect(many.out).toMatch(/\nOEM +publish vehicle +3 +3 /);
      expect(many.out).toContain('0 of 3 contracts installed');
      expect(many.err).toMatch(/\n3 times plugpool demo: OEM: publish vehicle failed/);
    } finally {
      await spoiled.close();
    }
  });
});

/** Passes calls on to `target`, with another body where the path is `path`. */
async function spoiling(target: string, path: string, body: string): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const content = request.url === path ? body : Buffer.concat(parts);
    const answer = await fetch(target + request.url, {
      method: request.method ?? 'GET',
      headers: { 'content-type': request.headers['content-type'] ?? 'text/plain' },
      ...(request.method !== 'GET' && { body: content }),
    });
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  return {
    url: `http://127.0.0.1:${await listenLocally(server)}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

test.each([[[]], [['--count', '3']]])('nobody there, %j: how to start one', async (argv) => {
  const { code, err } = await demo('http://127.0.0.1:1', ...argv);
  expect(code).toBe(1);
  expect(err).toBe(
    'plugpool demo: nothing answers at http://127.0.0.1:1; start an ecosystem with `npm start`, or name another: plugpool demo URL\n',
  );
});

test('nobody there, as JSON', async () => {
  const { code, out } = await demo('http://127.0.0.1:1', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    proven: false,
    failure: { text: expect.stringContaining('npm start'), errorMessages: [] },
  });
});
