import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { plugpool } from '../../test/command-line.ts';

const names = ['serve', 'demo', 'conformance', 'inspect', 'exi', 'party', 'audit', 'root', 'pki', 'migrate'];

describe('command line', () => {
  test.each([[[]], [['--help']], [['-h']], [['help']]])('%j lists every command', async (argv) => {
    const { code, out, err } = await plugpool(argv);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const name of names) expect(out).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
  });

  test.each(names)('help %s prints its usage, and so does --help behind it', async (name) => {
    const { code, out } = await plugpool(['help', name]);
    expect(code).toBe(0);
    expect(out).toContain(`plugpool ${name}`);
    expect(await plugpool([name, '--help'])).toMatchObject({ code: 0, out });
  });

  test.each([[['nonsense']], [['help', 'nonsense']], [['toString', '-h']]])('%j is no command', async (argv) => {
    const { code, out, err } = await plugpool(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^plugpool: there is no command "\w+"\. `plugpool help` lists them\.\n$/);
  });

  test('--version', async () => {
    expect(await plugpool(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  const misunderstood: { argv: string[]; err: string }[] = [
    { argv: ['exi', '--nonsense'], err: "exi: Unknown option '--nonsense'" },
    { argv: ['exi'], err: 'exi: say either encode or decode' },
    { argv: ['exi', 'decode'], err: 'exi: --schema is missing' },
    { argv: ['exi', 'decode', '--schema', 'iso'], err: 'exi: --schema must be one of iso15118-2,' },
    { argv: ['inspect'], err: 'inspect: name a file' },
    { argv: ['inspect', 'a', 'b'], err: 'inspect: one input at a time' },
    { argv: ['demo', 'ftp://x'], err: 'demo: "ftp://x" is not an http or https URL' },
    { argv: ['demo', '--mode', 'x'], err: 'demo: --mode must be one of sign, generate, not "x"' },
    { argv: ['demo', '--edition', 'ISO15118-3'], err: 'demo: --edition must be one of ISO15118-2, ISO15118-20, both' },
    { argv: ['demo', '--count', '0'], err: 'demo: --count must be a whole number from 1' },
    { argv: ['demo', '--count', '2', '--save', 'x'], err: 'demo: --save is for one life' },
    { argv: ['party'], err: 'party: the first word must be one of add, list, change, add-client, rotate' },
    { argv: ['party', 'add'], err: 'party: --role is missing' },
    { argv: ['party', 'add', '--role', 'x'], err: 'party: --role must be one of oem, emsp, cpo' },
    { argv: ['party', 'add', '--role', 'oem', '--wmi', 'x'], err: 'party: --wmi: "x" is none' },
    { argv: ['party', 'rotate'], err: 'party: name a client' },
    { argv: ['party', 'rotate', 'x', '--overlap', 'y'], err: 'party: --overlap must be a time such as 24h' },
    { argv: ['root'], err: 'root: the first word must be one of import, list, remove' },
    { argv: ['root', 'import', 'x'], err: 'root: --type is missing' },
    { argv: ['root', 'import', 'x', '--type', 'CA'], err: 'root: --type must be one of V2G' },
    { argv: ['root', 'list', '--database-url', 'mysql://x'], err: 'root: --database-url: must be a URL' },
    { argv: ['pki'], err: 'pki: the first word must be one of list, export, rotate, add-root, import, revoke' },
    { argv: ['pki', 'rotate'], err: 'pki: name an authority' },
    { argv: ['pki', 'list', 'x'], err: 'pki: "x" is one word too many' },
    { argv: ['pki', 'export', 'x', '--pem', '--der'], err: 'pki: --pem or --der, not both' },
    { argv: ['pki', 'import', 'c', 'k'], err: 'pki: --as is missing' },
    { argv: ['pki', 'import', 'c', 'k', '--as', 'ca'], err: 'pki: --as must be one of v2g-root, oem-sub1' },
    { argv: ['pki', 'revoke', 'x'], err: 'pki: --reason is missing' },
    { argv: ['pki', 'revoke', 'x', '--reason', 'y'], err: 'pki: --reason must be one of unspecified' },
    { argv: ['migrate', 'up'], err: 'migrate: "up" is one word too many' },
  ];
  test.each(misunderstood)('$argv is answered in one line', async ({ argv, err: text }) => {
    const { code, out, err } = await plugpool(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.startsWith(`plugpool ${text}`)).toBe(true);
    expect(err.match(/\n/g)).toHaveLength(1);
  });
});

describe('the program', () => {
  const program = fileURLToPath(new URL('../../bin/plugpool.js', import.meta.url));
  const runProgram = promisify(execFile);

  test('prints and ends with the exit code of the command', async () => {
    const { stdout } = await runProgram(process.execPath, [program, 'inspect', '8098021fafed46beaa937d9008', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'iso15118-2', kind: 'document', problems: [] });
    await expect(runProgram(process.execPath, [program, 'nonsense'])).rejects.toMatchObject({ code: 2, stdout: '' });
  });

  test('survives that nobody reads what it prints', async () => {
    const endless = `yes '{"exiHex":"8098021fafed46beaa937d9008"}' | head -n 20000`;
    const { stdout, stderr } = await runProgram('bash', [
      '-c',
      `set -o pipefail; (${endless}) | "${process.execPath}" "${program}" exi decode --schema iso15118-2 | head -n 1`,
    ]).catch((error: { stdout: string; stderr: string }) => error);
    expect(stdout.match(/\n/g)).toHaveLength(1);
    expect(stderr).toBe('');
  });
});
