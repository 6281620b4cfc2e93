/** Many vehicles at once: imported beside a server, broken off and begun again, exported. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { namespaceOfEdition } from '@plugpool/iso15118';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sql } from '../src/store/query-builder.ts';
import { openStore, type Store, type StoreLocation } from '../src/store/store.ts';
import { at, call, list, opnc } from './dialects.ts';
import { generate, lineOf, pem, scratchFolder, vehicleOf } from './fleet-files.ts';
import { type Issued, type OwnPki, ownPki, ownPkiOn } from './own-pki.ts';
import { base64, randomPcid } from './roles.ts';
import { dataFolder, serve } from './served-process.ts';
import { eachDatabase } from './stores.ts';
import { eventually, register, startReceiver } from './webhook-receiver.ts';

const BINARY = new URL('../bin/plugpool.js', import.meta.url).pathname;
const MAKE_FLEET = new URL('../../../examples/fleet/make-fleet.ts', import.meta.url).pathname;
const runFile = promisify(execFile);

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A dozen processes one after the other, on a machine that has more to do. */
const LONG_TEST_MS = 120_000;

describe.each(eachDatabase())('on $kind', { timeout: LONG_TEST_MS }, ({ kind, create }) => {
  async function place() {
    const database = await create();
    onTestFinished(database.drop);
    const { location } = database;
    const data = 'dataDirectory' in location ? location.dataDirectory : await dataFolder();
    const env = envOf(location);
    const run = async (command: string, ...args: string[]): Promise<Outcome> => {
      const options = { env: { PATH: process.env['PATH'], ...env }, maxBuffer: 100_000_000 };
      const running = runFile(process.execPath, [BINARY, command, ...args, '--data', data], options);
      return await running.then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        (error: Outcome) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
      );
    };
    const trust = async (pki: OwnPki, files: string) => {
      const path = join(files, `${pki.root.certificate.fingerprint}.pem`);
      await writeFile(path, pem(pki.root));
      expect((await run('root', 'import', path, '--type', 'OEM')).code).toBe(0);
    };
    const opened = async (): Promise<Store> => {
      const store = await openStore(location);
      onTestFinished(store.close);
      return store;
    };
    return { location, data, env, run, trust, opened };
  }

  test('ok/a folder of chains comes in beside a server, and again changes nothing', async () => {
    const { data, env, run, trust, opened } = await place();
    const server = await serve(data, env);
    const files = await scratchFolder();
    const pki = await ownPki('Bulk');
    const large = await ownPkiOn('secp521r1', 'Bulk 20');
    await trust(pki, files);
    await trust(large, files);
    const [one, alone, newer] = [
      await vehicleOf(pki),
      await vehicleOf(pki),
      await vehicleOf(large, randomPcid(), { curve: 'secp521r1' }),
    ];
    const cars = join(files, 'cars');
    await mkdir(join(cars, 'below'), { recursive: true });
    await writeFile(join(cars, 'one.pem'), pem(pki.subCa1, one, pki.subCa2, pki.root));
    await writeFile(join(cars, 'below', 'alone.der'), alone.certificate.der);
    await writeFile(join(cars, 'newer.crt'), pem(newer, large.subCa2, large.subCa1));
    await writeFile(join(cars, 'readme.txt'), 'not a certificate');
    const subCas = join(files, 'sub-cas.pem');
    await writeFile(subCas, pem(pki.subCa1, pki.subCa2));

    const first = await run('import', cars, '--sub-ca', subCas, '--json');
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('100 %: 3/3') });
    expect(JSON.parse(first.stdout)).toMatchObject({ read: 3, published: 3, rejected: 0, rejects: [] });
    for (const [car, edition] of [
      [one, 'ISO15118-2'],
      [alone, 'ISO15118-2'],
      [newer, 'ISO15118-20'],
    ] as const) {
      const pcid = car.certificate.subject.attributes.at(-1)?.value ?? '';
      const path = `/opnc/v1/pcp/provisioningcertificates/${pcid}?xsdMsgDefNamespace=${namespaceOfEdition(edition)}`;
      const { status, json } = await call(server.url, { method: 'GET', path });
      expect(status).toBe(200);
      expect(opnc.vehicleCertificate(json)).toBe(base64(car.certificate.der));
    }
    const again = JSON.parse((await run('import', cars, '--sub-ca', subCas, '--json')).stdout);
    expect(again).toMatchObject({ read: 3, published: 0, replaced: 0, unchanged: 3 });
    const store = await opened();
    const rows = await store.db
      .selectFrom('audit')
      .select('actor')
      .where('operation', '=', 'vehicle.publish')
      .execute();
    expect(rows.map(({ actor }) => actor)).toEqual(['cli', 'cli', 'cli']);
  });

  test('fail/what is wrong stays out, is reported by reason, and keeps nothing else out', async () => {
    const { run, trust, opened } = await place();
    const files = await scratchFolder();
    const [pki, stranger] = [await ownPki('Bulk'), await ownPki('Stranger')];
    await trust(pki, files);
    const [good, expired] = [
      await vehicleOf(pki),
      await vehicleOf(pki, randomPcid(), { notAfter: Date.now() - 86_400_000 }),
    ];
    const lines = [
      lineOf(good, pki),
      lineOf(expired, pki),
      lineOf(await vehicleOf(pki, randomPcid(), { notAfter: Date.now() - 90_000_000 }), pki),
      lineOf(await vehicleOf(stranger), stranger),
      lineOf(await vehicleOf(pki, 'SHORT'), pki),
      '{"provisioningCertificateChain":{"certificate":"AAAA","subCa1Certificate":"AAAA"}}\n',
      '{"vehicleCertificate":7}\n',
      '{broken\n',
      `"${'x'.repeat(300_000)}"\n`,
      '\n',
      // The same car again, with other roots in it.
      lineOf(good, pki).replace('{"prov', '{"v2gRootAuthorityKeyIdentifiers":["AA:BB"],"prov'),
    ];
    const file = join(files, 'fleet.ndjson');
    await writeFile(file, lines.join(''));
    const rejects = join(files, 'rejects.ndjson');
    const { code, stdout } = await run('import', file, '--rejects', rejects, '--json');
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ read: 10, published: 1, replaced: 1, unchanged: 0, rejected: 8 });
    expect(list(at(report, 'rejects')).map((each) => [at(each, 'count'), at(each, 'reason')])).toEqual(
      [
        [2, 'vehicleCertificate : the leaf certificate expired on …'],
        [1, 'subCa1Certificate : the chain does not end at a root of type OEM or V2G in the Root Certificate Pool'],
        [1, 'pcid : must match "…"'],
        [1, 'Invalid certificate format on vehicleCertificate'],
        [1, 'vehicleCertificate : must be a string'],
        [1, 'the line is no JSON'],
        [1, 'the line is longer than 262144 octets'],
      ].sort(([one], [other]) => Number(other) - Number(one)),
    );
    const written = (await readFile(rejects, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(written).toHaveLength(8);
    expect(written[0]).toEqual({
      place: `${file}:2`,
      pcid: expired.certificate.subject.attributes.at(-1)?.value,
      messages: [expect.stringContaining('expired on')],
    });
    const store = await opened();
    const vehicles = await store.db.selectFrom('vehicle').select(['fingerprint', 'v2g_root_key_identifiers']).execute();
    expect(vehicles.map((row) => ({ ...row }))).toEqual([
      { fingerprint: good.certificate.fingerprint, v2g_root_key_identifiers: '["aabb"]' },
    ]);
    expect((await run('import', join(files, 'nowhere'))).stderr).toContain('cannot be read (ENOENT)');
    expect(await run('import')).toMatchObject({ code: 2, stderr: expect.stringContaining('name a folder or a file') });
  });

  test('ok/the fleet of the examples comes in, and its bad lines are told by reason', async () => {
    const { run } = await place();
    const fleet = await scratchFolder();
    const { stdout: made } = await runFile(process.execPath, [MAKE_FLEET, fleet, '600', '18']);
    const file = join(fleet, 'fleet.ndjson');
    expect(made).toBe(`600 vehicles and 18 bad lines in ${file}\n`);
    expect((await run('root', 'import', join(fleet, 'root.pem'), '--type', 'OEM')).code).toBe(0);
    const report = JSON.parse((await run('import', file, '--json')).stdout);
    expect(report).toMatchObject({ read: 618, published: 600, replaced: 0, unchanged: 0, rejected: 18 });
    expect(list(at(report, 'rejects')).map((each) => [at(each, 'count'), at(each, 'reason')])).toEqual(
      [
        'vehicleCertificate : the leaf certificate expired on …',
        'subCa1Certificate : the chain does not end at a root of type OEM or V2G in the Root Certificate Pool',
        'pcid : must match "…"',
        'vehicleCertificate : the signature of the leaf certificate does not verify with the key of its issuer',
        'Invalid certificate format on vehicleCertificate',
        'the line is no JSON',
      ].map((reason) => [3, reason]),
    );
  });

  test('ok/of a car that stands in the file several times, the last one stays', async () => {
    const { run, trust, opened } = await place();
    const files = await scratchFolder();
    const pki = await ownPki('Bulk');
    await trust(pki, files);
    const pcid = randomPcid();
    const file = join(files, 'fleet.ndjson');
    const lines: string[] = [];
    let last = '';
    // Now and then in the same transaction, now and then in the one after.
    for (let number = 0; number < 1_000; number++) {
      const car = await vehicleOf(pki, number % 100 === 99 ? pcid : randomPcid());
      if (number % 100 === 99) last = car.certificate.fingerprint;
      lines.push(lineOf(car, pki));
    }
    await writeFile(file, lines.join(''));
    const report = JSON.parse((await run('import', file, '--json')).stdout);
    expect(report).toMatchObject({ read: 1_000, published: 991, replaced: 9, unchanged: 0, rejected: 0 });
    const store = await opened();
    const row = await store.db.selectFrom('vehicle').select('fingerprint').where('pcid', '=', pcid).executeTakeFirst();
    expect(row?.fingerprint).toBe(last);
  });

  test.skipIf(kind === 'sqlite')(
    'ok/what PostgreSQL has no statistics of is not read as a whole by each batch',
    async () => {
      const { run, trust, opened } = await place();
      const files = await scratchFolder();
      const pki = await ownPki('Bulk');
      await trust(pki, files);
      const file = join(files, 'fleet.ndjson');
      await writeFile(file, lineOf(await vehicleOf(pki), pki));
      expect((await run('import', file)).code).toBe(0);
      const { db } = await opened();
      // As large as a pool is within seconds of an import, or after a restore.
      await sql`insert into vehicle
      select (jsonb_populate_record(vehicle, jsonb_build_object('pcid', 'WMI' || lpad(number::text, 14, '0')))).*
      from vehicle, generate_series(1, 20000) as number`.execute(db);
      const cars = await Promise.all(Array.from({ length: 500 }, () => vehicleOf(pki)));
      await writeFile(file, cars.map((car) => lineOf(car, pki)).join(''));
      expect((await run('import', file)).stdout).toContain('500 published');
      await eventually(async () => {
        const { rows } = await sql<{ byIndex: number; read: number }>`
        select idx_scan as "byIndex", seq_tup_read as read from pg_stat_user_tables where relname = 'vehicle'`.execute(
          db,
        );
        expect(rows[0]?.byIndex).toBeGreaterThan(500);
        expect(rows[0]?.read).toBeLessThan(20_000);
      });
    },
  );

  test('ok/a car that comes with a new key loses its contracts, and its eMSP is told', async () => {
    const { data, env, run, trust } = await place();
    const server = await serve(data, env);
    const files = await scratchFolder();
    const pki = await ownPki('Bulk');
    await trust(pki, files);
    const pcid = randomPcid();
    const file = join(files, 'fleet.ndjson');
    await writeFile(file, lineOf(await vehicleOf(pki, pcid), pki));
    expect((await run('import', file)).code).toBe(0);
    const listener = await startReceiver();
    await register(server.url, { url: listener.url, enabledEvents: ['mo.prov.cert.updated'] });
    const generated = await generate(server.url, pcid);
    expect(generated.status).toBe(201);
    await writeFile(file, lineOf(await vehicleOf(pki, pcid), pki));
    const { stdout } = await run('import', file);
    expect(stdout).toContain('0 published, 1 replaced, 0 unchanged, 0 rejected');
    await eventually(() => expect(listener.received).toHaveLength(1));
    expect(at(listener.received[0]?.payload, 'emaid')).toBe(generated.emaid);
    const { json } = await call(server.url, { method: 'GET', path: `/v1/ccp/signedContractData/${pcid}` });
    expect(list(at(json, 'XMLContracts'))).toEqual([]);
  });

  test('ok/killed in the middle and started again: each vehicle once, with one row in the audit log', async () => {
    const { data, env, run, trust, opened } = await place();
    const files = await scratchFolder();
    const pki = await ownPki('Bulk');
    await trust(pki, files);
    const file = join(files, 'fleet.ndjson');
    const cars: Issued[] = [];
    for (let number = 0; number < 3_000; number++)
      cars.push(await vehicleOf(pki, `WMI${String(number).padStart(14, '0')}`));
    await writeFile(file, cars.map((car) => lineOf(car, pki)).join(''));

    const child = spawn(process.execPath, [BINARY, 'import', file, '--data', data], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // Killed with the first word of progress, when some batches are in and others are not.
    await once(child.stderr, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = await opened();
    const fingerprints = async () =>
      (await store.db.selectFrom('vehicle').select('fingerprint').execute()).map(({ fingerprint }) => fingerprint);
    const audited = async () =>
      (await store.db.selectFrom('audit').select('object').where('operation', '=', 'vehicle.publish').execute()).length;
    const before = (await fingerprints()).length;
    expect(before).toBeGreaterThan(0);
    expect(await audited()).toBe(before);

    const report = JSON.parse((await run('import', file, '--json')).stdout);
    expect(report).toMatchObject({ read: 3_000, published: 3_000 - before, unchanged: before, rejected: 0 });
    expect((await fingerprints()).sort()).toEqual(cars.map(({ certificate }) => certificate.fingerprint).sort());
    expect(await audited()).toBe(3_000);
    expect((await run('audit', 'verify')).stdout).toContain('the chain holds');
  });

  test('ok/what is exported can be imported elsewhere, and what comes out there is the same', async () => {
    const [here, there] = [await place(), await place()];
    const files = await scratchFolder();
    const pki = await ownPki('Bulk');
    await here.trust(pki, files);
    await there.trust(pki, files);
    const file = join(files, 'fleet.ndjson');
    // More than a page.
    const cars = await Promise.all(Array.from({ length: 501 }, () => vehicleOf(pki)));
    await writeFile(file, cars.map((car) => lineOf(car, pki)).join(''));
    expect((await here.run('import', file)).code).toBe(0);
    const { stdout: exported } = await here.run('export', '--pool', 'pcp');
    await writeFile(file, exported);
    expect((await there.run('import', file)).stdout).toContain('501 published');
    const again = (await there.run('export', '--pool', 'pcp')).stdout;
    const withoutTime = (text: string) => text.replaceAll(/"publishedAt":"[^"]*"/g, '');
    expect(withoutTime(again)).toBe(withoutTime(exported));
    expect(exported.trimEnd().split('\n')).toHaveLength(501);

    const roots = (await here.run('export', '--pool', 'rcp')).stdout;
    expect(
      roots
        .trimEnd()
        .split('\n')
        .map((line) => at(JSON.parse(line), 'caCertificate')),
    ).toEqual([base64(pki.root.certificate.der)]);
    expect(await here.run('export')).toMatchObject({ code: 2, stderr: expect.stringContaining('--pool is missing') });
  });

  test('ok/the contracts of the pool are exported as they are delivered', async () => {
    const { data, env, run } = await place();
    const { url } = await serve(data, env);
    const files = await scratchFolder();
    expect((await run('export', '--pool', 'ccp')).stdout).toBe('');
    const pki = await ownPki('Bulk');
    const pcid = randomPcid();
    const path = join(files, 'root.pem');
    await writeFile(path, pem(pki.root));
    await run('root', 'import', path, '--type', 'OEM');
    await writeFile(join(files, 'fleet.ndjson'), lineOf(await vehicleOf(pki, pcid), pki));
    await run('import', join(files, 'fleet.ndjson'));
    const { emaid } = await generate(url, pcid);
    const [line = ''] = (await run('export', '--pool', 'ccp')).stdout.split('\n');
    const provided = await call(url, { method: 'GET', path: `/opnc/v1/ccp/signedcontractdata/${emaid}/${pcid}` });
    expect(provided.status).toBe(200);
    expect(JSON.parse(line)).toMatchObject({ emaid, pcid, defaultContract: true });
    expect(
      base64(Buffer.from(String(at(JSON.parse(line), 'certificateInstallationRes')), 'base64')).length,
    ).toBeGreaterThan(1_000);
  });
});

function envOf(location: StoreLocation): Record<string, string> {
  return 'dataDirectory' in location ? {} : { PLUGPOOL_DATABASE_URL: location.databaseUrl };
}
