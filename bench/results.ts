/** Keeps what was measured: one line a run in a file, the last run as the table in `README.md`. */
import { execFileSync } from 'node:child_process';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import type { Section } from './figures.ts';
import { markdownTable } from './table.ts';

export interface Run {
  /** Day of the measurement, `2025-12-31`. */
  readonly date: string;
  /** What was measured; with `+` when files differ from it. */
  readonly commit: string;
  readonly machine: string;
  /** Load average of the minute before: what else the machine was doing. */
  readonly load: number;
  readonly node: string;
  /** Version of the server, when there was one. */
  readonly postgresql?: string;
  readonly sections: readonly Section[];
}

interface Place {
  /** One line a run. */
  readonly file: string;
  /** Between these lines of the README stands the last run. */
  readonly begin: string;
  readonly end: string;
}

export const runPlace: Place = {
  file: './results.ndjson',
  begin: '<!-- results: written by run.ts -->\n',
  end: '<!-- end of results -->',
};

export const scalePlace: Place = {
  file: './scale-results.ndjson',
  begin: '<!-- results of sizes: written by scale.ts -->\n',
  end: '<!-- end of results of sizes -->',
};

export async function keep(run: Run, place: Place): Promise<void> {
  await appendFile(new URL(place.file, import.meta.url), `${JSON.stringify(run)}\n`);
  const readme = new URL('./README.md', import.meta.url);
  const text = await readFile(readme, 'utf8');
  const [begin, end] = [text.indexOf(place.begin), text.indexOf(place.end)];
  if (begin < 0 || end < begin) throw new Error('README.md has no place for the results');
  await writeFile(readme, `${text.slice(0, begin + place.begin.length)}\n${rendered(run)}\n${text.slice(end)}`);
}

export function rendered({ date, commit, machine, load, node, postgresql, sections }: Run): string {
  const versions = [`Node ${node}`, ...(postgresql === undefined ? [] : [`PostgreSQL ${postgresql}`])];
  return `${date}, commit ${commit}, ${machine}, load ${load.toFixed(1)} before, ${versions.join(', ')}.\n\n${markdownTable(sections)}`;
}

/** Short hash of HEAD, with `+` when what is measured differs from it. */
export function commitAtHand(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  const differs = git('status', '--porcelain', '--', '../packages') !== '';
  return `${git('rev-parse', '--short', 'HEAD')}${differs ? '+' : ''}`;
}
