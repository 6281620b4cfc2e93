import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair, toPem } from '@plugpool/iso15118';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenLocally } from '../../../../tools/local-port.ts';
import { plugpool } from '../../test/command-line.ts';
import { addParty } from '../../test/parties.ts';
import { enrol, type Leaf, randomEmaid, randomPcid } from '../../test/roles.ts';
import { eachServer, type TestServer } from '../../test/running-server.ts';
import type { Finding } from './conformance/run-checks.ts';
import { allChecks } from './conformance/run-checks.ts';

const conformance = (...argv: string[]) => plugpool(['conformance', ...argv]);

async function findingsOf(...argv: string[]): Promise<{ code: number; checks: Finding[] }> {
  const { code, out } = await conformance(...argv, '--json');
  return { code, checks: JSON.parse(out).checks };
}

const withAccess = ({ id }: { id: string }) => id.startsWith('access/');

describe.each(eachServer())('conformance on $kind', ({ start }) => {
  let server: TestServer;
  let folder: string;
  const closing: Server[] = [];

  beforeAll(async () => {
    server = await start({ ownPublicUrl: true });
    folder = await mkdtemp(join(tmpdir(), 'plugpool-conformance-'));
  });

  afterAll(async () => {
    for (const each of closing) each.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('ok/ours passes in every dialect and edition, but for what needs credentials or is not in the dialect', async () => {
    const report = join(folder, 'report.xml');
    const { code, out, err } = await conformance(server.url, '--junit', report);
    expect({ code, err, failures: out.match(/^.*FAIL.*$/gm) }).toEqual({ code: 0, err: '', failures: null });
    for (const heading of ['opnc', 'opcp', 'quickstart']) {
      expect(out).toContain(`${heading}, ISO15118-2\n`);
      expect(out).toContain(`${heading}, ISO15118-20\n`);
    }
    const [, passed, skipped] = /\n(\d+) passed, 0 failed, (\d+) skipped\n$/.exec(out) ?? expect.fail(out);
    expect(Number(passed) + Number(skipped)).toBe(allChecks.length * 6);
    const full = (await findingsOf(server.url, '--dialect', 'opnc')).checks;
    expect(full.filter(({ outcome }) => outcome === 'skipped').every(withAccess)).toBe(true);
    const xml = await readFile(report, 'utf8');
    expect(xml.match(/<testcase /g)).toHaveLength(allChecks.length * 6);
    expect(xml).toContain(`<testsuites name="${server.url}" tests="${allChecks.length * 6}" failures="0"`);
  });

  test('ok/with access control, and credentials from a file as the command line prints them', async () => {
    const guarded = await server.beside({ auth: 'oauth2', publicUrl: server.url });
    const roles = {
      oem: { identifiers: { wmi: ['WMI'] } },
      emsp: { identifiers: { providerId: ['DEPPL'] } },
      cpo: {},
      operator: {},
    } as const;
    const clients = await Promise.all(
      (['oem', 'emsp', 'cpo', 'operator'] as const).map(async (role) => [
        role,
        await addParty(guarded, { roles: [role], ...roles[role] }),
      ]),
    );
    const credentials = join(folder, 'parties.json');
    await writeFile(credentials, JSON.stringify(Object.fromEntries(clients)));
    const { code, checks } = await findingsOf(guarded.url, '--credentials', credentials, '--dialect', 'opnc');
    expect(checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(code).toBe(0);
    const tokenless = await conformance(guarded.url);
    expect(tokenless).toMatchObject({ code: 1, err: expect.stringContaining('401') });
  });

  test('found/every check fails at a server that answers its calls wrongly', async () => {
    const spoiler = await listening((request, response) => spoil(behind.url, request, response));
    const behind = await start({ publicUrl: spoiler });
    const credentials = join(folder, 'credentials.json');
    const client = { clientId: 'somebody', clientSecret: 'secret' };
    await writeFile(credentials, JSON.stringify({ oem: client, emsp: client, cpo: client, operator: client }));
    const { code, checks } = await findingsOf(spoiler, '--credentials', credentials, '--dialect', 'opnc');
    expect(code).toBe(1);
    expect(checks).toHaveLength(allChecks.length * 2);
    expect(checks.filter(({ outcome }) => outcome !== 'failed')).toEqual([]);
    expect(checks.filter(({ why }) => why === '')).toEqual([]);
  });

  test('ok/checks that stand on what the server refuses are skipped and say why', async () => {
    const noEnrolment = await listening((request, response) =>
      request.url?.includes('simpleenroll') === true
        ? response.writeHead(503).end()
        : forward(server.url, request, response),
    );
    const { checks } = await findingsOf(noEnrolment, '--dialect', 'opcp', '--edition', 'ISO15118-2');
    const install = checks.find(({ id }) => id === 'installation/contract');
    expect(install).toMatchObject({
      outcome: 'skipped',
      why: expect.stringMatching(/no published vehicle: POST .* 503/),
    });
    expect(checks.find(({ id }) => id === 'roots/list')).toMatchObject({ outcome: 'passed' });
  });

  test('ok/with certificates of one’s own', async () => {
    const vehicle = await saved('vehicle', await enrol(server.url, 'oem', randomPcid()));
    const contract = await saved('contract', await enrol(server.url, 'mo', randomEmaid()));
    const own = ['--vehicle-chain', vehicle.chain, '--vehicle-key', vehicle.key];
    const ownContract = ['--contract-chain', contract.chain, '--contract-key', contract.key];
    const { code, checks } = await findingsOf(server.url, '--only', 'installation/', ...own, ...ownContract);
    const outcomes = (dialect: string, id: string) =>
      checks.filter((each) => each.dialect === dialect && each.id === id).map(({ outcome }) => outcome);
    expect(code).toBe(0);
    expect(outcomes('opnc', 'installation/contract')).toEqual(['passed']);
    expect(outcomes('opcp', 'installation/default')).toEqual(['skipped']);
    const other = await saved('other', {
      ...(await enrol(server.url, 'oem', randomPcid())),
      key: generateKeyPair('secp256r1'),
    });
    expect(await conformance(server.url, '--vehicle-chain', vehicle.chain, '--vehicle-key', other.key)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not the key of the first certificate'),
    });
  });

  test.each([
    [[], 2, 'name one URL'],
    [['ftp://127.0.0.1'], 2, 'is not an http or https URL'],
    [['http://127.0.0.1:1', '--dialect', 'ocpp'], 2, '--dialect must be one of all, opnc, opcp, quickstart'],
    [['http://127.0.0.1:1', '--wmi', 'TOOLONG'], 2, '--wmi'],
    [['http://127.0.0.1:1', '--vehicle-key', 'k.pem'], 2, '--vehicle-chain and --vehicle-key belong together'],
    [['http://127.0.0.1:1', '--credentials', '/nowhere.json'], 1, '/nowhere.json cannot be read'],
    [['http://127.0.0.1:1'], 1, 'answers in none of the dialects'],
  ] as const)('fail/%j', async (argv, code, text) => {
    expect(await conformance(...argv)).toMatchObject({ code, err: expect.stringContaining(text) });
  });

  async function listening(answer: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
    const proxy = createServer((request, response) => void answer(request, response));
    closing.push(proxy);
    return `http://127.0.0.1:${await listenLocally(proxy)}`;
  }

  async function saved(name: string, { certificate, subCa2, subCa1, key }: Leaf) {
    const [chain, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
    await writeFile(chain, [certificate, subCa2, subCa1].map(({ der }) => toPem('CERTIFICATE', der)).join(''));
    const pkcs8 = key.privateKey.export({ format: 'pem', type: 'pkcs8' });
    await writeFile(keyFile, pkcs8);
    // As a user has it: openssl reads the key.
    execFileSync('openssl', ['pkey', '-in', keyFile, '-noout']);
    return { chain, key: keyFile };
  }
});

/** Good answers become bad ones and refusals become consent, in the calls of checks; what sets them up goes through. */
async function spoil(url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/oauth/token') {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"token"}');
    return;
  }
  const check = /^plugpool-conformance \((.*)\)$/.exec(request.headers['user-agent'] ?? '')?.[1];
  if (check === 'set-up') return await forward(url, request, response);
  const { status } = await forwarded(url, request);
  if (status < 400) response.writeHead(500, { 'content-type': 'text/plain' }).end('no');
  else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
}

async function forward(url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body } = await forwarded(url, request);
  response.writeHead(status, headers).end(body);
}

async function forwarded(url: string, request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const { 'content-type': type } = request.headers;
  const answer = await fetch(url + (request.url ?? ''), {
    method: request.method ?? 'GET',
    headers: type === undefined ? {} : { 'content-type': type },
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  });
  const answerType = answer.headers.get('content-type');
  return {
    status: answer.status,
    headers: answerType === null ? {} : { 'content-type': answerType },
    body: Buffer.from(await answer.arrayBuffer()),
  };
}
