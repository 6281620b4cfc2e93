/** `npm run bench`: measures what DESIGN promises, prints the table, and keeps it. `--help` lists the options. */
import { readdir } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Edition } from '@plugpool/iso15118';
import { benchChains } from './chain.ts';
import { benchContracts } from './contracts.ts';
import { type BenchDatabase, createPostgresql, createSqlite, postgresqlAtHand } from './databases.ts';
import { benchExi } from './exi.ts';
import type { Section } from './figures.ts';
import { benchEnrolment, benchIssuance } from './issuance.ts';
import { Leftovers } from './leftovers.ts';
import { benchOcsp } from './ocsp.ts';
import { heaviest } from './profile.ts';
import { commitAtHand, keep, type Run, rendered, runPlace } from './results.ts';
import { benchSandboxStart } from './sandbox-start.ts';

const PARTS = ['exi', 'chain', 'install', 'generate', 'issue', 'ocsp', 'start'] as const;
const EDITIONS = ['ISO15118-2', 'ISO15118-20'] as const;
const DATABASES = ['SQLite', 'PostgreSQL'] as const;

const USAGE = `npm run bench -- [OPTIONS]

  --quick           shorter and fewer rounds, in under two minutes; nothing is kept
  --only PART,…     ${PARTS.join(', ')}; nothing is kept
  --edition NAME    installs and generates in one edition: ${EDITIONS.join(', ')}; nothing is kept
  --database NAME   on one database: ${DATABASES.join(', ')}; nothing is kept
  --machine TEXT    how the table names this machine
  --profile DIR     servers write CPU profiles there, and what costs most is printed; nothing is kept
`;

interface Plan {
  readonly parts: readonly string[];
  readonly editions: readonly Edition[];
  readonly databases: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  readonly profileTo: string | undefined;
  readonly leftovers: Leftovers;
}

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    edition: { type: 'string' },
    database: { type: 'string' },
    machine: { type: 'string', default: `${availableParallelism()} ${process.arch} cores` },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const leftovers = new Leftovers();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => leftovers.removeAll().finally(() => process.exit(1)));
  }
  try {
    const parts = partsOf(options.only);
    const editions = chosenOf('edition', options.edition, EDITIONS);
    const databases = chosenOf('database', options.database, DATABASES);
    const profileTo = options.profile === undefined ? undefined : resolve(options.profile);
    const [rounds, seconds] = options.quick ? [2, 0.7] : [5, 3];
    const run = await measured({ parts, editions, databases, rounds, seconds, profileTo, leftovers });
    process.stdout.write(`\n${rendered(run)}`);
    if (profileTo !== undefined) await printHeaviest(profileTo);
    const { quick, only, edition, database, profile } = options;
    if (!quick && [only, edition, database, profile].every((part) => part === undefined)) await keep(run, runPlace);
  } finally {
    await leftovers.removeAll();
  }
}

async function printHeaviest(folder: string): Promise<void> {
  for (const { name } of (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    process.stdout.write(`\n== ${name}\n${await heaviest(join(folder, name))}`);
  }
}

function partsOf(only: string | undefined): readonly string[] {
  const chosen = only?.split(',') ?? PARTS;
  const unknown = chosen.find((part) => !PARTS.some((known) => known === part));
  if (unknown !== undefined) throw new Error(`there is no part "${unknown}", only ${PARTS.join(', ')}`);
  return chosen;
}

function chosenOf<Name extends string>(
  what: string,
  asked: string | undefined,
  names: readonly Name[],
): readonly Name[] {
  if (asked === undefined) return names;
  const chosen = names.filter((name) => name === asked);
  if (chosen.length === 0) throw new Error(`there is no ${what} "${asked}", only ${names.join(', ')}`);
  return chosen;
}

async function measured(asked: Plan): Promise<Run> {
  const { parts, editions, databases, rounds, seconds, profileTo, leftovers } = asked;
  const load = loadavg()[0] ?? Number.NaN;
  const onSqlite = databases.includes('SQLite');
  const postgresql = databases.includes('PostgreSQL') ? await postgresqlAtHand() : undefined;
  const operations = (['install', 'generate'] as const).filter((operation) => parts.includes(operation));
  const contracts = async (edition: Edition, database: BenchDatabase) =>
    await benchContracts({
      edition,
      operations,
      database,
      rounds,
      seconds,
      leftovers,
      profileTo: profileTo && join(profileTo, `${edition} ${database.kind}`),
    });
  const plan: [what: string, work: () => Promise<Section[]>][] = [];
  if (parts.includes('exi')) plan.push(['EXI', async () => [await benchExi()]]);
  for (const edition of operations.length > 0 ? editions : []) {
    if (onSqlite) plan.push([`${edition}, SQLite`, async () => contracts(edition, await createSqlite(leftovers))]);
    if (postgresql === undefined) continue;
    const database = () => createPostgresql(postgresql.url, leftovers);
    plan.push([`${edition}, PostgreSQL`, async () => contracts(edition, await database())]);
  }
  if (parts.includes('ocsp')) {
    const ocsp = async (database: BenchDatabase) => [
      await benchOcsp({ database, rounds, seconds, leftovers, profileTo: profileTo && join(profileTo, 'ocsp') }),
    ];
    if (onSqlite) plan.push(['OCSP, SQLite', async () => ocsp(await createSqlite(leftovers))]);
    if (postgresql !== undefined) {
      plan.push(['OCSP, PostgreSQL', async () => ocsp(await createPostgresql(postgresql.url, leftovers))]);
    }
  }
  if (parts.includes('chain')) plan.push(['chains', async () => [await benchChains()]]);
  if (parts.includes('issue')) {
    const enrolment = async (database: BenchDatabase) => [
      await benchEnrolment({ database, rounds, seconds, leftovers, profileTo: profileTo && join(profileTo, 'est') }),
    ];
    plan.push(['issuing', async () => [await benchIssuance(seconds)]]);
    if (onSqlite) plan.push(['EST, SQLite', async () => enrolment(await createSqlite(leftovers))]);
    if (postgresql !== undefined) {
      plan.push(['EST, PostgreSQL', async () => enrolment(await createPostgresql(postgresql.url, leftovers))]);
    }
  }
  if (parts.includes('start')) plan.push(['start', async () => [await benchSandboxStart(rounds, leftovers)]]);
  const sections: Section[] = [];
  for (const [what, work] of plan) {
    process.stderr.write(`${what} …\n`);
    sections.push(...(await work()));
    await leftovers.removeAll();
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commitAtHand(),
    machine: options.machine,
    load,
    node: process.versions.node,
    ...(postgresql && { postgresql: postgresql.version }),
    sections,
  };
}
