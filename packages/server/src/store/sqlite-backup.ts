import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_FILE, LOCK_WAIT_MS } from './sqlite.ts';

/**
 * Copies the embedded database as it is at this moment into one file, while others read and write it. The file appears
 * under its name when it is complete, on the disk, and has been checked; only its owner may read it.
 * @throws Error when the file is there already or the copy is not sound
 */
export async function backUpSqlite(dataDirectory: string, file: string): Promise<void> {
  const draft = `${file}.part`;
  await (await open(draft, 'wx', 0o600)).close();
  try {
    copy(join(dataDirectory, DATABASE_FILE), draft);
    check(draft);
    const written = await open(draft, 'r+');
    await written.sync();
    await written.close();
    await rename(draft, file);
    await syncFolder(dirname(file));
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
}

/** `vacuum into` reads one snapshot; a copy page by page would begin again whenever somebody writes. */
function copy(from: string, to: string): void {
  const database = new DatabaseSync(from, { timeout: LOCK_WAIT_MS });
  try {
    database.prepare('vacuum into ?').run(to);
  } finally {
    database.close();
  }
}

function check(file: string): void {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const verdict = database.prepare('pragma integrity_check(1)').get()?.['integrity_check'];
    if (verdict !== 'ok') throw new Error(`the copy is not sound: ${String(verdict)}`);
  } finally {
    database.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  await folder.sync();
  await folder.close();
}
