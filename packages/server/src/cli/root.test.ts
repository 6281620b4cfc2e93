import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  certificateProfiles,
  generateKeyPair,
  keyIdentifierOf,
  makeName,
  profileExtensions,
  randomSerialNumber,
  softwareSigner,
  toPem,
  writeCertificate,
} from '@plugpool/iso15118';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dataFlags, plugpool } from '../../test/command-line.ts';
import { eachDatabase, type TestDatabase } from '../../test/stores.ts';

const day = 86_400_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugpool-root-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** DER of a self-signed certificate. */
async function rootCertificate(commonName: string, profile: 'root' | 'cps' = 'root'): Promise<Uint8Array> {
  const keys = generateKeyPair('secp256r1');
  const name = makeName([
    { type: 'O', value: 'Test' },
    { type: 'CN', value: commonName },
  ]);
  return await writeCertificate(
    {
      serialNumber: randomSerialNumber(),
      issuer: name,
      subject: name,
      notBefore: Date.now() - day,
      notAfter: Date.now() + day,
      spki: keys.spki,
      extensions: profileExtensions(certificateProfiles[profile], {
        subjectKey: keys,
        issuerKeyIdentifier: keyIdentifierOf(keys),
      }),
    },
    softwareSigner(keys.privateKey),
  );
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe.each(eachDatabase())('on $kind', ({ create }) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await create();
    return () => database.drop();
  });

  const root = (...argv: string[]) => plugpool(['root', ...argv, ...dataFlags(database.location)]);

  async function listed(): Promise<{ id: string; types: string[]; subject: string; ctlList: string[] }[]> {
    return JSON.parse((await root('list', '--json')).out);
  }

  test('DER and PEM bundles go in, are listed, and go out again', async () => {
    const [a, b, c] = [await rootCertificate('A'), await rootCertificate('B'), await rootCertificate('C')];
    const der = await file('a.der', a);
    const bundle = await file('bundle.pem', `Subject: B\n${toPem('CERTIFICATE', b)}\r\n${toPem('CERTIFICATE', c)}`);
    expect((await root('list')).out).toBe('no root certificates\n');
    const imported = await root('import', der, bundle, '--type', 'V2G', '--type', 'oem', '--ctl', 'European CTL');
    expect(imported).toMatchObject({ code: 0, err: '' });
    expect(imported.out.match(/V2G,OEM {2}CN=[ABC], O=Test$/gm)).toHaveLength(3);
    const roots = await listed();
    expect(roots.map(({ subject }) => subject).sort()).toEqual(['CN=A, O=Test', 'CN=B, O=Test', 'CN=C, O=Test']);
    expect(roots[0]).toMatchObject({ types: ['V2G', 'OEM'], ctlList: ['European CTL'] });
    expect((await root('list')).out).toMatch(/^ID +TYPES +VALID TO +SUBJECT\n/);

    const [first] = roots;
    expect(await root('remove', first?.id ?? '')).toMatchObject({ code: 0, out: `removed ${first?.id}\n` });
    expect(await listed()).toHaveLength(2);
  });

  test('a root that is there already gets the new types as well', async () => {
    const path = await file('again.der', await rootCertificate('Again'));
    await root('import', path, '--type', 'V2G');
    await root('import', path, '--type', 'MO');
    expect(await listed()).toMatchObject([{ types: ['V2G', 'MO'] }]);
  });

  test('what cannot be imported is told in one line each, and the rest goes in', async () => {
    const good = await file('good.der', await rootCertificate('Good'));
    const leaf = await file('leaf.der', await rootCertificate('Leaf', 'cps'));
    const garbage = await file('garbage.pem', '-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n');
    const key = await file('key.pem', '-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----\n');
    const { code, err } = await root('import', leaf, garbage, key, join(folder, 'none'), good, '--type', 'V2G');
    expect(code).toBe(1);
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^plugpool root: .*leaf\.der: .*is not a CA certificate$/),
      expect.stringMatching(/^plugpool root: .*garbage\.pem: /),
      expect.stringMatching(/^plugpool root: .*key\.pem: there is no certificate in the PEM text$/),
      expect.stringMatching(/^plugpool root: .*none cannot be read \(ENOENT\)$/),
    ]);
    expect(await listed()).toMatchObject([{ subject: 'CN=Good, O=Test' }]);
  });

  test('removing what is not there', async () => {
    const { code, err } = await root('remove', 'no-such-id');
    expect(code).toBe(1);
    expect(err).toBe('plugpool root: no-such-id: Root certificate with the given ID is not found\n');
  });

  test('migrate says what it applied, and nothing the second time', async () => {
    const migrate = async () => {
      const { code, out } = await plugpool(['migrate', ...dataFlags(database.location)]);
      expect(code).toBe(0);
      return out.trimEnd().split('\n');
    };
    const first = await migrate();
    expect(first[0]).toBe('applied 001-pools');
    expect(first.at(-1)).toMatch(/ is up to date$/);
    expect(await migrate()).toEqual([first.at(-1)]);
  });
});

test('a database that cannot be opened is told in one line, without its password', async () => {
  const url = 'postgres://user:secret@127.0.0.1:1/pool';
  const { code, err } = await plugpool(['root', 'list', '--database-url', url]);
  expect(code).toBe(1);
  expect(err).toBe('plugpool root: PostgreSQL 127.0.0.1:1/pool cannot be opened: connect ECONNREFUSED 127.0.0.1:1\n');
});
