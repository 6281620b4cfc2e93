/**
 * `npm run bench -w @plugpool/exi`: time, rate and allocation of decoding and encoding typical messages. With
 * `-- --keep` the table in `bench/README.md` is replaced by the new one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type DocumentOf,
  decode,
  encode,
  encodeFragment,
  inspectDocument,
  iso15118_2,
  iso15118_20Common,
  type SchemaSet,
} from '../src/index.ts';

interface Case {
  readonly name: string;
  readonly set: SchemaSet;
  readonly bytes: Uint8Array;
}

/** Many short rounds, of which the quarter that was disturbed least counts: others use the machine as well. */
const ROUNDS = 301;
const ROUND_MS = 2;

function cases(): Case[] {
  return [
    blob('CertificateInstallationRes, signed, of a public ecosystem'),
    vector('CertificateInstallationReq with all it may have, -2', 'CertificateInstallationReq-max'),
    vector('AuthorizationReq, -2', 'AuthorizationReq-min'),
    vector('CurrentDemandReq, -2', 'CurrentDemandReq-min'),
    vector('CurrentDemandRes with all it may have and a signature, -2', 'CurrentDemandRes-max'),
    vector('ChargeParameterDiscoveryRes with schedules, -2', 'schedule-3-3-3'),
    vector(
      'CertificateInstallationRes with all it may have, -20',
      'CertificateInstallationRes-max',
      'iso15118-20-common',
      iso15118_20Common,
    ),
  ];
}

function blob(name: string): Case {
  const file = new URL('../test/vectors/opnc-certificate-installation-res.exi', import.meta.url);
  return { name, set: iso15118_2, bytes: new Uint8Array(readFileSync(file)) };
}

function vector(name: string, wanted: string, file = 'iso15118-2', set: SchemaSet = iso15118_2): Case {
  const text = readFileSync(new URL(`../test/vectors/${file}.json`, import.meta.url), 'utf8');
  const { vectors }: { vectors: { name: string; exiHex: string }[] } = JSON.parse(text);
  const found = vectors.find((candidate) => candidate.name === wanted);
  if (found === undefined) throw new Error(`no vector ${wanted}`);
  return { name, set, bytes: Uint8Array.from(Buffer.from(found.exiHex, 'hex')) };
}

interface Cost {
  /** One call: a quarter of the rounds was faster. */
  readonly us: number;
  /** Octets that one call allocates, in the heap and outside it. */
  readonly allocated: number;
}

function costOf(action: () => unknown): Cost {
  const calls = callsIn(ROUND_MS, action);
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.hrtime.bigint();
    for (let call = 0; call < calls; call++) action();
    return Number(process.hrtime.bigint() - start) / 1000 / calls;
  });
  const us = times.sort((a, b) => a - b)[ROUNDS >> 2] ?? Number.NaN;
  return { us, allocated: allocatedBy(action) };
}

/** Warms up and counts how many calls fit in the given time. */
function callsIn(milliseconds: number, action: () => unknown): number {
  let calls = 0;
  for (const phase of ['warm up', 'count']) {
    const end = performance.now() + milliseconds * (phase === 'warm up' ? 150 : 1);
    for (calls = 0; performance.now() < end; calls += 16) for (let call = 0; call < 16; call++) action();
  }
  return calls;
}

/** Few enough calls that no collection comes between the two looks at the heap; one that does is outvoted. */
const CALLS_BETWEEN_COLLECTIONS = 20;
const COLLECTIONS = 15;

function allocatedBy(action: () => unknown): number {
  const rounds = Array.from({ length: COLLECTIONS }, () => heapGrowthOf(action) - heapGrowthOf(() => undefined));
  return Math.round((rounds.sort((a, b) => a - b)[COLLECTIONS >> 1] ?? 0) / CALLS_BETWEEN_COLLECTIONS);
}

function heapGrowthOf(action: () => unknown): number {
  collectGarbage();
  collectGarbage();
  const before = process.memoryUsage();
  for (let call = 0; call < CALLS_BETWEEN_COLLECTIONS; call++) action();
  const after = process.memoryUsage();
  return after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

interface Row {
  readonly name: string;
  readonly octets: number;
  readonly decoding: Cost | undefined;
  readonly encoding: Cost | undefined;
}

function measured(): Row[] {
  const rows = cases().map(({ name, set, bytes }) => {
    const document: DocumentOf<SchemaSet> = decode(set, bytes);
    const decoding = costOf(() => decode(set, bytes));
    return { name, octets: bytes.length, decoding, encoding: costOf(() => encode(set, document)) };
  });
  const { bytes } = blob('');
  const chain = decode(iso15118_2, bytes).V2G_Message?.Body.CertificateInstallationRes?.ContractSignatureCertChain;
  const write = () => encodeFragment(iso15118_2, 'ContractSignatureCertChain', chain);
  const fragment = 'ContractSignatureCertChain of the first, as fragment';
  const inspected = costOf(() => inspectDocument(iso15118_2, bytes));
  return [
    ...rows,
    { name: fragment, octets: write().length, decoding: undefined, encoding: costOf(write) },
    { name: 'the first, inspected', octets: bytes.length, decoding: inspected, encoding: undefined },
  ];
}

/** The other benchmarks of this repository read the first of these tables. */
function tables(rows: readonly Row[]): string {
  const rate = (octets: number) => (cost: Cost) =>
    `${cost.us.toFixed(cost.us < 1 ? 2 : 1)} µs, ${(octets / cost.us).toFixed(0)} MB/s`;
  const perOctet = (octets: number) => (cost: Cost) => `${((cost.us * 1000) / octets).toFixed(1)} ns`;
  const allocated = () => (cost: Cost) => cost.allocated.toLocaleString('en');
  return [
    table('message | octets | decode | encode', rows, [rate]),
    table('message | octets | decode an octet | allocated | encode an octet | allocated', rows, [perOctet, allocated]),
  ].join('\n\n');
}

type Cell = (octets: number) => (cost: Cost) => string;

function table(head: string, rows: readonly Row[], cells: readonly Cell[]): string {
  const lines = rows.map(({ name, octets, decoding, encoding }) => {
    const costs = [decoding, encoding].flatMap((cost) => cells.map((cell) => (cost ? cell(octets)(cost) : '')));
    return `| ${[name, octets, ...costs].join(' | ')} |`;
  });
  return [`| ${head} |`, `|${' --- |'.repeat(head.split('|').length)}`, ...lines].join('\n');
}

const result = tables(measured());
console.log(result);
if (process.argv.includes('--keep')) {
  const page = new URL('README.md', import.meta.url);
  const text = readFileSync(page, 'utf8');
  const machine = `${cpus().length} shared ${process.arch === 'x64' ? 'x86-64' : process.arch} cores`;
  const when = `${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}`;
  writeFileSync(
    page,
    text.replace(/(<!-- results -->)[\s\S]*(<!-- end of results -->)/, `$1\n${when}\n\n${result}\n$2`),
  );
}
