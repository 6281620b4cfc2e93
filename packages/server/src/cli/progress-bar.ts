import type { Io } from './io.ts';

export interface ProgressBar {
  /** One more of the total is done. */
  advance(failed: boolean): void;
  /** Leaves the line, so that what follows begins on a new one. */
  finish(): void;
}

const width = 30;
const redrawMilliseconds = 100;
const markMilliseconds = 1_000;
/** The rate is that of the last marks: an import that was started again passes over what is there much faster than it goes on. */
const mostMarks = 20;

/** On a terminal one line on stdout that fills; elsewhere a line on stderr for every tenth. */
export function progressBar(
  { stdout, stderr, isTty }: Pick<Io, 'stdout' | 'stderr' | 'isTty'>,
  total: number,
  now: () => number = () => performance.now(),
): ProgressBar {
  const started = now();
  let done = 0;
  let failures = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const marks = [{ at: started, done }];
  const mark = (at: number) => {
    if (at - (marks.at(-1)?.at ?? started) < markMilliseconds) return;
    marks.push({ at, done });
    if (marks.length > mostMarks) marks.shift();
  };
  const figures = () => {
    // At the end it is that of the whole.
    const since = done < total ? marks[0] : undefined;
    const seconds = (now() - (since?.at ?? started)) / 1000;
    const rate = seconds > 0 ? (done - (since?.done ?? 0)) / seconds : 0;
    const left = rate > 0 && done < total ? `, ${lengthOf((total - done) / rate)} left` : '';
    return `${done}/${total}, ${rate.toFixed(1)}/s${left}${failures > 0 ? `, ${failures} failed` : ''}`;
  };
  const draw = () => {
    const filled = Math.round((done / total) * width);
    // Back to the start of the line, and clear what a longer text left behind the new one.
    stdout.write(`\r${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${figures()}\u001b[K`);
    drawnAt = now();
  };
  return {
    advance(failed) {
      const tenthBefore = Math.floor((done / total) * 10);
      done++;
      if (failed) failures++;
      mark(now());
      if (isTty) {
        if (done === total || now() - drawnAt >= redrawMilliseconds) draw();
      } else if (Math.floor((done / total) * 10) > tenthBefore) {
        stderr.write(`${Math.floor((done / total) * 100)} %: ${figures()}\n`);
      }
    },
    finish() {
      if (isTty) stdout.write('\n');
    },
  };
}

function lengthOf(seconds: number): string {
  return seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
