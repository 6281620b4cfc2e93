/** What became of the vehicles of an import, and why some did not come in. */

export interface Rejects {
  /** The first message, without what differs from vehicle to vehicle. */
  readonly reason: string;
  readonly count: number;
  /** Where it was first met, and what was said there. */
  readonly example: string;
}

export interface Report {
  readonly read: number;
  readonly published: number;
  readonly replaced: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** The most frequent reason first. */
  readonly rejects: readonly Rejects[];
  readonly seconds: number;
  readonly perSecond: number;
}

export interface ReportWithNotes extends Report {
  /** What the pool found odd and let pass. */
  readonly notes: readonly { readonly note: string; readonly count: number }[];
}

type Outcome = 'published' | 'replaced' | 'unchanged' | readonly string[];

/** Texts that a hostile file makes up must not fill the memory. */
const MOST_REASONS = 100;
const OTHER_REASONS = 'other reasons';

export function importReport() {
  const started = performance.now();
  const counts = { published: 0, replaced: 0, unchanged: 0 };
  const rejects = new Map<string, { count: number; readonly example: string }>();
  return {
    add(place: string, outcome: Outcome): void {
      if (typeof outcome === 'string') {
        counts[outcome]++;
        return;
      }
      const known = reasonIn(outcome);
      const reason = rejects.has(known) || rejects.size < MOST_REASONS ? known : OTHER_REASONS;
      const entry = rejects.get(reason) ?? { count: 0, example: `${place}: ${outcome.join('; ')}` };
      entry.count++;
      rejects.set(reason, entry);
    },
    summary(): Report {
      const rejected = [...rejects.values()].reduce((sum, { count }) => sum + count, 0);
      const read = counts.published + counts.replaced + counts.unchanged + rejected;
      const seconds = (performance.now() - started) / 1000;
      const list = Array.from(rejects, ([reason, { count, example }]) => ({ reason, count, example }));
      list.sort((a, b) => b.count - a.count);
      const rounded = (value: number) => Math.round(value * 10) / 10;
      return {
        ...{ read, ...counts, rejected, rejects: list },
        ...{ seconds: rounded(seconds), perSecond: seconds > 0 ? rounded(read / seconds) : 0 },
      };
    },
  };
}

/** Instants and quoted names differ from one to the next. */
function reasonIn([first = '']: readonly string[]): string {
  return first.replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, '…').replaceAll(/"[^"]*"/g, '"…"');
}

export function reportInWords(report: ReportWithNotes): string {
  const { read, published, replaced, unchanged, rejected, rejects, notes, seconds, perSecond } = report;
  const lines = [
    `${read} vehicles in ${seconds} s (${perSecond}/s): ${published} published, ${replaced} replaced, ${unchanged} unchanged, ${rejected} rejected`,
    ...rejects.map(
      ({ reason, count, example }) => `${String(count).padStart(8)}  ${reason}\n          first: ${example}`,
    ),
    ...notes.map(({ note, count }) => `${String(count).padStart(8)}  let pass: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}
