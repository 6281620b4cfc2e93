import type { Io } from './io.ts';

/** Colours for people; without a terminal, or with NO_COLOR (no-color.org), the text as it is. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

export function paintFor({ isTty, env }: Pick<Io, 'isTty' | 'env'>): Paint {
  const wanted = isTty && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  const paint = (code: number) => (text: string) => (wanted ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { good: paint(32), bad: paint(31), warning: paint(33), strong: paint(1), faint: paint(2) };
}
