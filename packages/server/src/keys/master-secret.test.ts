import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadMasterSecret, MasterSecretError } from './master-secret.ts';

const octets = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
const hex = Buffer.from(octets).toString('hex');

describe('configured master secret', () => {
  test.each([
    ['hexadecimal', hex],
    ['hexadecimal in capitals', hex.toUpperCase()],
    ['base64', Buffer.from(octets).toString('base64')],
    ['base64url', Buffer.from(octets).toString('base64url')],
    ['a line end behind it', `${hex}\n`],
  ])('ok/%s', async (_reason, fromEnvironment) => {
    expect(await loadMasterSecret({ fromEnvironment })).toEqual(octets);
  });

  test.each([
    ['empty', ''],
    ['too short in hexadecimal', hex.slice(2)],
    ['too short in base64', Buffer.from(octets.subarray(1)).toString('base64')],
    ['a passphrase', 'correct horse battery staple, and some more words'],
    ['too long', hex.repeat(20)],
  ])('refused/%s', async (_reason, fromEnvironment) => {
    const refused = await loadMasterSecret({ fromEnvironment }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(MasterSecretError);
    expect(String(refused)).toContain('must be at least 32 octets as hexadecimal or base64');
    if (fromEnvironment !== '') expect(String(refused)).not.toContain(fromEnvironment);
  });

  test('refused/neither configured nor a folder to keep one in', async () => {
    await expect(loadMasterSecret({})).rejects.toThrow('a master secret must be configured');
  });
});

describe('master secret in the data folder', () => {
  let dataDirectory = '';
  beforeEach(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'plugpool-secret-'));
  });
  afterEach(() => rm(dataDirectory, { recursive: true }));
  const path = () => join(dataDirectory, 'master.key');

  test('ok/made once, for the owner alone, nothing left beside it', async () => {
    const made = await loadMasterSecret({ dataDirectory });
    expect(made).toHaveLength(32);
    expect(await loadMasterSecret({ dataDirectory })).toEqual(made);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDirectory)).toEqual(['master.key']);
  });

  test('ok/starts at the same time agree', async () => {
    const secrets = await Promise.all(Array.from({ length: 8 }, () => loadMasterSecret({ dataDirectory })));
    expect(new Set(secrets.map((secret) => Buffer.from(secret).toString('hex'))).size).toBe(1);
    expect(await readdir(dataDirectory)).toEqual(['master.key']);
  });

  test('ok/a folder that is not there yet is made', async () => {
    const deeper = join(dataDirectory, 'new', 'data');
    expect(await loadMasterSecret({ dataDirectory: deeper })).toHaveLength(32);
    expect((await stat(deeper)).mode & 0o777).toBe(0o700);
  });

  test('ok/the configured one goes first and makes no file', async () => {
    expect(await loadMasterSecret({ fromEnvironment: hex, dataDirectory })).toEqual(octets);
    expect(await readdir(dataDirectory)).toEqual([]);
  });

  test('refused/a file that is cut off is not replaced', async () => {
    await writeFile(path(), 'abcd', { mode: 0o600 });
    await expect(loadMasterSecret({ dataDirectory })).rejects.toThrow('master.key must be at least 32 octets');
    expect(await readFile(path(), 'utf8')).toBe('abcd');
  });

  test('refused/a file that everybody may read', async () => {
    await loadMasterSecret({ dataDirectory });
    await chmod(path(), 0o644);
    await expect(loadMasterSecret({ dataDirectory })).rejects.toThrow(`chmod 600 ${path()}`);
  });
});
