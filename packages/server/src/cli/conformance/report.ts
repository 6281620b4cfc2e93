/** What was found, for people, programs and build servers. */
import type { Paint } from '../paint.ts';
import type { Finding } from './run-checks.ts';

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function totalsOf(findings: readonly Finding[]): Totals {
  const count = (wanted: Finding['outcome']) => findings.filter(({ outcome }) => outcome === wanted).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

const LONGEST_ID = 33;

/** One line, and one more that says why where it did not pass. */
export function findingText({ outcome, id, title, why, milliseconds }: Finding, paint: Paint): string {
  const word = { passed: paint.good('pass'), failed: paint.bad('FAIL'), skipped: paint.faint('skip') }[outcome];
  const time = paint.faint(`${milliseconds} ms`);
  return `  ${word}  ${id.padEnd(LONGEST_ID)}  ${title} ${time}\n${why === '' ? '' : `        ${paint.warning(why)}\n`}`;
}

export function totalsText(findings: readonly Finding[]): string {
  const { passed, failed, skipped } = totalsOf(findings);
  return `\n${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}

/** The form that build servers read: a suite for each dialect and edition. */
export function junitOf(url: string, findings: readonly Finding[]): string {
  const suites = Map.groupBy(findings, ({ dialect, edition }) => `${dialect} ${edition}`);
  const { failed, skipped } = totalsOf(findings);
  const body = Array.from(suites, ([name, members]) => {
    const totals = totalsOf(members);
    const counts = `tests="${members.length}" failures="${totals.failed}" skipped="${totals.skipped}"`;
    return `  <testsuite name="${escaped(name)}" ${counts}>\n${members.map(testCase).join('')}  </testsuite>\n`;
  });
  const counts = `tests="${findings.length}" failures="${failed}" skipped="${skipped}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escaped(url)}" ${counts}>\n${body.join('')}</testsuites>\n`;
}

function testCase({ id, title, outcome, why, milliseconds }: Finding): string {
  const [group = '', name = ''] = id.split('/');
  const head = `    <testcase classname="${escaped(group)}" name="${escaped(`${name}: ${title}`)}" time="${milliseconds / 1000}"`;
  if (outcome === 'passed') return `${head}/>\n`;
  const element = outcome === 'failed' ? 'failure' : 'skipped';
  return `${head}>\n      <${element} message="${escaped(why)}"/>\n    </testcase>\n`;
}

/** Servers can answer with anything, and XML has no words for control characters. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');
}
