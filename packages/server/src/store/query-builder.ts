/**
 * The only door to Kysely's values; its types come from the package. It has 255 modules, and opening them was a sixth of a
 * start: in a clone `npm ci` makes one file of them. Where that is not, as in an installed package, the modules are loaded.
 */
import { existsSync } from 'node:fs';
import { kyselyInOneFile } from './kysely-in-one-file.ts';

const { oneFile } = kyselyInOneFile();
const library: typeof import('kysely') = existsSync(oneFile) ? await import(oneFile.href) : await import('kysely');

export type CompiledQuery<Row = unknown> = import('kysely').CompiledQuery<Row>;
export const { CompiledQuery, Kysely, PostgresDialect, SqliteDialect, sql } = library;
