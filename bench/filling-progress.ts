/** Says on standard error how far something is, how fast it goes and how long it may take. */

export interface Progress {
  /** @param share of the whole, between 0 and 1, that is done in addition */
  add(share: number): void;
  end(): void;
}

/** On a screen one line that changes, in a file a line now and then. */
const EVERY_MS = process.stderr.isTTY ? 1_000 : 15_000;

/** @param what there are so many of in the whole */
export function progressOf(total: number, what: string): Progress {
  const started = performance.now();
  let [done, told] = [0, started];
  const tell = () => {
    const seconds = (performance.now() - started) / 1000;
    const share = Math.min(1, done);
    const rate = Math.round((share * total) / seconds).toLocaleString('en');
    const left = Math.ceil((seconds * (1 - share)) / share);
    const text = `  ${Math.floor(share * 100)} % of ${total.toLocaleString('en')} ${what}, ${rate}/s, ${left} s left`;
    process.stderr.write(process.stderr.isTTY ? `\r${text}  ` : `${text}\n`);
  };
  return {
    add(share) {
      done += share;
      if (performance.now() - told < EVERY_MS) return;
      told = performance.now();
      tell();
    },
    end() {
      done = 1;
      tell();
      if (process.stderr.isTTY) process.stderr.write('\n');
    },
  };
}
