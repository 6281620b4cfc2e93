/** What the README shows runs, gives what it says, and what it lists is all there is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { apiPage } from '../../../tools/write-api-docs.ts';
import { decode, defaultLimits, encode, fromJson, inspectDocument, inspectionText, iso15118_2 } from '../src/index.ts';
import { fromHex, vectorPath } from './vectors.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code);
const home = mkdtempSync(join(folder, '.readme-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What the examples take for granted. */
function given() {
  const bytes = Uint8Array.from(readFileSync(vectorPath('opnc-certificate-installation-res.exi')));
  const message = decode(iso15118_2, bytes).V2G_Message;
  const wireHeader = Uint8Array.of(0x01, 0xfe, 0x80, 0x01, 0, 0, bytes.length >>> 8, bytes.length & 0xff);
  return {
    bytes,
    response: message?.Body.CertificateInstallationRes,
    signedInfo: message?.Header.Signature?.SignedInfo,
    fragmentBytes: fromHex('80ec0202b4b21a400451114e1050504c504c908cd0cd110d7d3d00'),
    handshake: { supportedAppProtocolRes: { ResponseCode: 'Failed_NoNegotiation' } },
    wireBytes: Uint8Array.of(...wireHeader, ...bytes),
    thrownBy: (action: () => unknown) => {
      try {
        return action();
      } catch (error) {
        return error;
      }
    },
  };
}

/** The example as a module that exports what its lines with an arrow give; names it declares itself are not given. */
function moduleOf(code: string): string {
  const names = Object.keys(given()).filter((name) => !new RegExp(`const ${name}\\b`).test(code));
  const lines = code.split('\n');
  const imports = lines.filter((line) => line.startsWith('import '));
  const body = lines.filter((line) => !line.startsWith('import '));
  const shown = body.map((line) => line.replace(/^(.*); \/\/ → .*$/, 'shown.push(String($1));'));
  return [
    ...imports,
    `export const run = ({ ${names.join(', ')} }) => {\nconst shown = [];`,
    ...shown,
    'return shown;\n};',
  ].join('\n');
}

describe('examples', () => {
  test.each(examples.map((code, at) => ({ code, at, title: code.split('\n')[1] ?? '' })))(
    '$title',
    async ({ code, at }) => {
      const file = join(home, `example-${at}.ts`);
      writeFileSync(file, moduleOf(code));
      const { run }: { run: (values: ReturnType<typeof given>) => string[] } = await import(file);
      expect(run(given())).toEqual([...code.matchAll(/ \/\/ → (.*)$/gm)].map(([, value]) => value));
      expect(code.trim().split('\n').length).toBeLessThanOrEqual(3);
    },
  );

  test('there are as many as there are things to do', () => {
    expect(examples.length).toBeGreaterThanOrEqual(10);
  });
});

describe('lists', () => {
  const union = readFileSync(join(folder, 'src/errors.ts'), 'utf8').split('export interface')[0] ?? '';
  const codes = [...union.matchAll(/\| '([a-z-]+)'/g)].map(([, code = '']) => code);

  test('every error code is in the table, and no other', () => {
    const table = readme.slice(readme.indexOf('## Errors'), readme.indexOf('## What is accepted'));
    expect([...table.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code)).toEqual(codes);
    expect(codes.length).toBeGreaterThan(10);
  });

  test.each(codes)('%s has a test', (code) => {
    const names = readdirSync(join(folder, 'test')).filter((name) => name.endsWith('.test.ts'));
    const tests = names.map((name) => readFileSync(join(folder, 'test', name), 'utf8'));
    expect(tests.some((test) => test.includes(`'${code}'`))).toBe(true);
  });

  test('every limit is in the table, with its default', () => {
    for (const [name, value] of Object.entries(defaultLimits)) {
      expect(readme).toMatch(new RegExp(`\\| \`${name}\`[^|]*\\| ${value.toLocaleString('en')} +\\|`));
    }
  });
});

test('the worked example is what the inspector says', () => {
  const page = readFileSync(join(folder, 'docs/how-a-message-becomes-bits.md'), 'utf8');
  const json = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
  const bytes = encode(iso15118_2, fromJson(iso15118_2, json));
  expect(page).toContain(`becomes \`${[...bytes].map((octet) => octet.toString(16).padStart(2, '0')).join(' ')}\``);
  expect(page).toContain(inspectionText(inspectDocument(iso15118_2, bytes)));
});

test('docs/api.md is what the doc comments say: npm run docs -w @plugpool/exi', () => {
  expect(readFileSync(join(folder, 'docs/api.md'), 'utf8')).toBe(apiPage(folder));
});
