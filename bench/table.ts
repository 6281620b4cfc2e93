/** Figures as a Markdown table. */
import { type Figure, isMet, type Section, type Unit } from './figures.ts';

/** One row for each figure; the section's title stands in its first row. */
export function markdownTable(sections: readonly Section[]): string {
  const rows = sections.flatMap(({ title, figures }) =>
    figures.map((figure, index) => [index === 0 ? title : '', ...cellsOf(figure)]),
  );
  const header = ['', 'figure', 'measured', 'ceiling', 'of the ceiling', 'target', ''];
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function cellsOf(figure: Figure): string[] {
  const { name, value, unit, ceiling } = figure;
  const met = isMet(figure);
  return [
    name,
    withUnit(value, unit),
    ceiling === undefined ? '' : withUnit(ceiling.value, unit),
    ceiling === undefined ? '' : percent(ceiling.ratio),
    targetOf(figure),
    met === undefined ? '' : met ? 'met' : '**missed**',
  ];
}

function targetOf({ unit, target }: Figure): string {
  if (target === undefined) return '';
  if ('atMost' in target) return `≤ ${withUnit(target.atMost, unit)}`;
  if ('atLeast' in target) return `≥ ${withUnit(target.atLeast, unit)}`;
  return `≥ ${percent(target.ratioAtLeast)}`;
}

/** Three digits are more than these machines can repeat. */
function withUnit(value: number, unit: Unit): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${Number(value.toFixed(digits)).toLocaleString('en')} ${unit}`;
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}
