import type { Io } from './io.ts';

export interface ProgressBar {
  /** One more of the total is done. */
  advance(failed: boolean): void;
  /** Leaves the line, so that what follows begins on a new one. */
  finish(): void;
}

const width = 30;
const redrawMilliseconds = 100;

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
  const figures = () => {
    const seconds = (now() - started) / 1000;
    const rate = seconds > 0 ? done / seconds : 0;
    const left = rate > 0 ? `, ${Math.ceil((total - done) / rate)} s left` : '';
    return `${done}/${total}, ${rate.toFixed(1)}/s${done < total ? left : ''}${failures > 0 ? `, ${failures} failed` : ''}`;
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
