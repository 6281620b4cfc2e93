import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { plugpool } from '../../test/command-line.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugpool-peer-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const peer = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  plugpool(['peer', ...words, '--data', folder], { env });

describe('plugpool peer', () => {
  test('ok/added, listed without its secret, removed', async () => {
    const file = join(folder, 'secret');
    await writeFile(file, 'very-secret\n');
    const credentials = ['--client-id', 'us', '--client-secret-file', file];
    const added = await peer(['add', 'https://other.example/pool/', '--dialect', 'opcp', ...credentials, '--json']);
    expect(added.code).toBe(0);
    const { id } = JSON.parse(added.out);
    const listed = await peer(['list', '--json']);
    expect(JSON.parse(listed.out)).toMatchObject([
      { id, baseUrl: 'https://other.example/pool', dialect: 'opcp', clientId: 'us', source: 'register' },
    ]);
    expect(listed.out + added.out).not.toContain('very-secret');
    expect(await peer(['remove', id])).toMatchObject({ code: 0, out: `removed ${id}\n` });
    expect((await peer(['list'])).out).toBe('no peers\n');
  });

  test('ok/those of the environment are listed, and cannot be removed', async () => {
    const env = { PLUGPOOL_PEERS: 'https://one.example, opcp=https://two.example' };
    const listed = JSON.parse((await peer(['list', '--json'], env)).out);
    expect(listed).toMatchObject([
      { baseUrl: 'https://one.example', dialect: 'opnc', source: 'configuration' },
      { baseUrl: 'https://two.example', dialect: 'opcp', source: 'configuration' },
    ]);
    const removed = await peer(['remove', listed[0].id], env);
    expect(removed).toMatchObject({ code: 1 });
    expect(removed.err).toContain('is a peer of the configuration');
  });

  test.each([
    ['no URL', ['add', 'nothing'], 1, 'baseUrl : must be an http or https URL'],
    ['an unknown dialect', ['add', 'https://other.example', '--dialect', 'x'], 2, '--dialect'],
    ['a client without its secret', ['add', 'https://other.example', '--client-id', 'us'], 2, 'go together'],
    ['an unknown id', ['remove', 'nobody'], 1, 'There is no peer with the given ID'],
  ])('fail/%s', async (_name, words, code, why) => {
    const answer = await peer(words);
    expect(answer.code).toBe(code);
    expect(answer.err).toContain(why);
  });

  test('fail/added twice', async () => {
    await peer(['add', 'https://other.example']);
    expect((await peer(['add', 'https://other.example/'])).err).toContain('which is there already');
  });
});
