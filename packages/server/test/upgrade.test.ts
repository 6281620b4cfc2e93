/** Data of earlier versions, as they left it: it is migrated, nothing is missing, the keys open and the audit log holds. */
import { execFile } from 'node:child_process';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { expect, test } from 'vitest';
import { call, opnc } from './dialects.ts';
import { base64 } from './roles.ts';
import { dataFolder, serve } from './served-process.ts';

const BINARY = new URL('../bin/plugpool.js', import.meta.url).pathname;
const sets = new URL('data-sets/', import.meta.url).pathname;

const KEPT = {
  root_certificate: 'fingerprint',
  vehicle: 'fingerprint',
  contract: 'emaid',
  signed_contract_data: 'installation_res',
  authority: 'fingerprint',
  issued_certificate: 'fingerprint',
  private_key: 'sealed_pkcs8',
  audit: 'id',
} as const;

/** By table, one column of each row. */
function contentOf(data: string) {
  const database = new DatabaseSync(join(data, 'plugpool.db'), { readOnly: true });
  const tables = Object.entries(KEPT).map(([table, column]) => {
    const rows = database.prepare(`select ${column} as value from ${table}`).all();
    return [table, rows.map(({ value }) => (value instanceof Uint8Array ? base64(value) : String(value)))] as const;
  });
  const [contract] = database.prepare('select emaid, pcid from contract order by emaid').all();
  database.close();
  return { rows: new Map(tables), emaid: String(contract?.['emaid']), pcid: String(contract?.['pcid']) };
}

test.each(await readdir(sets))('ok/%s', { timeout: 120_000 }, async (set) => {
  const data = await dataFolder();
  await writeFile(
    join(data, 'plugpool.db'),
    await promisify(gunzip)(await readFile(join(sets, set, 'plugpool.db.gz'))),
  );
  await copyFile(join(sets, set, 'master.key'), join(data, 'master.key'));
  await promisify(execFile)('chmod', ['600', join(data, 'master.key')]);
  const before = contentOf(data);
  const { url } = await serve(data);
  const path = `/opnc/v1/ccp/signedcontractdata/${before.emaid}/${before.pcid}`;
  const delivered = await call(url, { method: 'GET', path });
  expect(delivered.status).toBe(200);
  expect(before.rows.get('signed_contract_data')).toContain(opnc.delivered(delivered.json)[0]);
  // Signed with a key that was sealed then.
  expect((await call(url, { method: 'GET', path: '/crl/oem-sub1.crl' })).status).toBe(200);

  const after = contentOf(data);
  for (const [table, rows] of before.rows) {
    const now = new Set(after.rows.get(table));
    expect({ table, missing: rows.filter((row) => !now.has(row)) }).toEqual({ table, missing: [] });
  }
  const { stdout } = await promisify(execFile)(process.execPath, [BINARY, 'audit', 'verify', '--data', data]);
  expect(stdout).toContain('the chain holds');
});
