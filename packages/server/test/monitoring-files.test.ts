/** Alert rules and dashboard name metrics and labels that exist. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../src/observe/metric-catalogue.ts';
import { at, list } from './dialects.ts';

const folder = new URL('../../../deploy/monitoring/', import.meta.url);
/** Of Prometheus itself. */
const given = new Set(['up', 'job', 'instance', 'le']);

/** Every series that the metrics of the catalogue have. */
const series = new Map<string, readonly string[]>(
  Object.entries(catalogue).flatMap(([name, { type, labels }]) => {
    const endings = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    return endings.map((ending): [string, readonly string[]] => [`${name}${ending}`, labels]);
  }),
);

/** Metrics and labels that an expression names and nobody has. */
function strangersIn(expression: string): string[] {
  const named = [...expression.matchAll(/\b((?:plugpool|process|nodejs)_\w+)/g)].map(([name]) => name);
  const known = new Set([...given, ...named.flatMap((name) => series.get(name) ?? [])]);
  const groups = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/));
  const matched = [...expression.matchAll(/[{,]\s*(\w+)\s*=~?"/g)].map(([, label = '']) => label);
  return [
    ...named.filter((name) => !series.has(name)),
    ...[...groups, ...matched].filter((label) => !known.has(label)),
  ];
}

test('fail/a metric or label that is no more is found', () => {
  expect(strangersIn('sum by (what) (plugpool_gone_total{why="x"})')).toEqual(['plugpool_gone_total', 'what', 'why']);
  expect(strangersIn('sum by (result) (plugpool_ocsp_answers_total{result="x"})')).toEqual([]);
  expect(strangersIn('plugpool_webhook_attempt_duration_seconds')).toHaveLength(1);
});

describe('deploy/monitoring', () => {
  test('ok/each alert names what exists, and says what to do', async () => {
    const text = await readFile(new URL('plugpool.rules.yml', folder), 'utf8');
    const rules = text.split(/^ {6}- alert: /m).slice(1);
    expect(rules.length).toBeGreaterThan(10);
    for (const rule of rules) {
      const [, expression = ''] = /^ {8}expr: \|?(.*?)^ {8}(?:for|labels):/ms.exec(rule) ?? [];
      expect(expression).not.toBe('');
      expect(strangersIn(expression)).toEqual([]);
      for (const field of ['severity:', 'summary:', 'action:']) expect(rule).toContain(field);
    }
  });

  test('ok/the dashboard shows every metric, and no other', async () => {
    const dashboard: unknown = JSON.parse(await readFile(new URL('plugpool-dashboard.json', folder), 'utf8'));
    const panels = list(at(dashboard, 'panels')).filter((panel) => at(panel, 'type') !== 'row');
    const expressions = panels.flatMap((panel) =>
      list(at(panel, 'targets')).map((target) => String(at(target, 'expr'))),
    );
    expect(expressions.flatMap(strangersIn)).toEqual([]);
    const missing = Object.keys(catalogue).filter(
      (name) => !expressions.some((expression) => expression.includes(name)),
    );
    expect(missing).toEqual([]);
    expect(new Set(panels.map((panel) => at(panel, 'id'))).size).toBe(panels.length);
  });
});
