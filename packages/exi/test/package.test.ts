/** The package as it is published: what is in it, on which platforms it runs, and what a bundle of it weighs. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPackage } from '../../../tools/build-package.ts';
import { listenLocally } from '../../../tools/local-port.ts';
import { bundled, gzipSize } from './bundle.ts';
import { vectorPath } from './vectors.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const repository = join(folder, '../..');
const home = mkdtempSync(join(tmpdir(), 'plugpool-exi-'));
const built = join(home, 'node_modules/@plugpool/exi');
const blob = readFileSync(vectorPath('opnc-certificate-installation-res.exi'));
const blobSource = `Uint8Array.from([${[...blob]}])`;
const decodeBlob = `import { decode, encode, iso15118_2 } from '@plugpool/exi';
const bytes = ${blobSource};
const document = decode(iso15118_2, bytes);
const again = encode(iso15118_2, document);
export const answer = [document.V2G_Message.Body.CertificateInstallationRes.eMAID.value, again.length,
  again.every((octet, at) => octet === bytes[at])].join(' ');`;

beforeAll(() => {
  mkdirSync(join(home, 'node_modules/@plugpool'), { recursive: true });
  buildPackage(folder, built);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('what is published', () => {
  test('code, declarations, README, license and nothing else', () => {
    const listing = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: built,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ files = [] } = {}]: { files?: { path: string }[] }[] = JSON.parse(listing);
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'index.js', 'index.d.ts']));
    const others = paths.filter((path) => !/(\.js|\.d\.ts|^docs\/.*\.md)$/.test(path));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(paths.filter((path) => /test|bench|fuzz|vectors/.test(path))).toEqual([]);
  });

  test('no dependency, no script, no source outside it', () => {
    const manifest = JSON.parse(readFileSync(join(built, 'package.json'), 'utf8'));
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['dependencies']));
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['scripts']));
    expect(manifest.exports['.']).toEqual({ types: './index.d.ts', default: './index.js' });
    const index = readFileSync(join(built, 'index.js'), 'utf8');
    expect([...index.matchAll(/from '([^']+)'/g)].every(([, from = '']) => /^\.\/.*\.js$/.test(from))).toBe(true);
  });

  test('its declarations serve the compiler of those who install it', () => {
    const consumer = join(home, 'consumer.ts');
    writeFileSync(
      consumer,
      `import { type CertificateInstallationReq, decode, ExiError, iso15118_2 } from '@plugpool/exi';
       export const id: string | undefined = decode(iso15118_2, new Uint8Array()).V2G_Message?.Body.AuthorizationReq?.Id;
       export const certificate = (request: CertificateInstallationReq): Uint8Array => request.OEMProvisioningCert;
       export const code: string = new ExiError('truncated', '').code;
       // @ts-expect-error no such message
       export const none = decode(iso15118_2, new Uint8Array()).V2G_Message?.Body.Nothing;`,
    );
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2024', '--module', 'nodenext'];
    execFileSync(join(repository, 'node_modules/.bin/tsc'), [...options, '--types', '', consumer], { cwd: home });
  });
});

describe('where it runs', () => {
  const script = join(home, 'decode.mjs');
  const run = (node: string) => {
    writeFileSync(script, `${decodeBlob}\nconsole.log(answer);`);
    return execFileSync(node, [script], { cwd: home, encoding: 'utf8' }).trim();
  };
  const expected = /^DE\w+ 4020 true$/;

  test(`Node ${process.versions.node}`, () => {
    expect(run(process.execPath)).toMatch(expected);
  });

  const system = '/usr/bin/node';
  const version = existsSync(system)
    ? execFileSync(system, ['--version'], { encoding: 'utf8' }).trim()
    : 'is not there';
  test.skipIf(Number(/^v(\d+)/.exec(version)?.[1] ?? 0) < 20)(`the system's own Node, which ${version}`, () => {
    expect(run(system)).toMatch(expected);
  });

  test('nothing in it names a platform: no Node module, Buffer, process or eval', async () => {
    const all = await bundled(`export * from '@plugpool/exi';`, built);
    expect(all).not.toMatch(/["'`]node:|\bBuffer\.|\bprocess\.|(?<!\.|\})\brequire\(["'`]|\beval\(|new Function/);
  });

  const browser = '/usr/bin/chromium';
  test.skipIf(!existsSync(browser))(`a browser: ${browser}, if it is installed`, async () => {
    const code = await bundled(`${decodeBlob}\nwindow.answer = answer;`, built);
    const server = createServer((request, response) => {
      const isScript = request.url === '/bundle.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.setHeader('content-security-policy', "default-src 'self'");
      response.end(isScript ? code : '<!doctype html><script type="module" src="/bundle.js"></script>');
    });
    const port = await listenLocally(server);
    const instance = await chromium.launch({ executablePath: browser, args: BROWSER_FLAGS });
    try {
      const page = await instance.newPage();
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.waitForFunction('window.answer !== undefined', undefined, { timeout: 15_000 });
      expect(await page.evaluate('window.answer')).toMatch(expected);
    } finally {
      await instance.close();
      await new Promise((done) => server.close(done));
    }
  });
});

const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('what a bundle of one schema set weighs', () => {
  const sets = [
    {
      set: 'appProtocol',
      mostGzipped: 12_500,
      without: ['CertificateInstallation', 'CommonMessages', 'MsgBody', 'KeyInfo'],
    },
    {
      set: 'xmldsig',
      mostGzipped: 13_000,
      without: ['CertificateInstallation', 'CommonMessages', 'MsgBody', 'SchemaID'],
    },
    { set: 'iso15118_2', mostGzipped: 17_000, without: ['CommonMessages', 'SchemaID'] },
    { set: 'iso15118_20Common', mostGzipped: 17_000, without: ['MsgBody', 'SchemaID'] },
  ];

  test.each(sets)('$set alone, without the names of the others', async ({ set, mostGzipped, without }) => {
    const code = await bundled(`export { decode, encode, ${set} } from '@plugpool/exi';`, built);
    expect(without.filter((name) => code.includes(name))).toEqual([]);
    expect(gzipSize(code)).toBeLessThan(mostGzipped);
    process.stdout.write(`      ${set}: ${code.length} octets minified, ${gzipSize(code)} gzipped\n`);
  });
});
