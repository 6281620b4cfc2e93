/** Many lives side by side, for figures. */
import {
  editionsOf,
  gatherSurroundings,
  hasSeveralContracts,
  type LifeSurroundings,
  playLife,
  randomIdentifiers,
  recorder,
} from '@plugpool/client';
import type { Io } from '../io.ts';
import { progressBar } from '../progress-bar.ts';
import { formatTable } from '../table.ts';
import { demoActors } from './demo-actors.ts';
import { describeFailure, type FailureDescription, failureText } from './failure.ts';
import { type DemoOptions, retries } from './one-life.ts';
import { type Statistics, type StepStatistics, statistics } from './statistics.ts';

export interface ManyLivesOptions extends DemoOptions {
  readonly count: number;
  readonly concurrency: number;
}

export async function playManyLives(options: ManyLivesOptions, io: Io): Promise<number> {
  const { url, dialect, edition, count, timeoutMilliseconds, asJson } = options;
  let surroundings: LifeSurroundings;
  try {
    const { play } = recorder(() => undefined);
    const client = demoActors(options, { baseUrl: url, timeoutMilliseconds, retries });
    surroundings = await gatherSurroundings(client, editionsOf(edition), play);
  } catch (error) {
    io.stderr.write(failureText(describeFailure(error, url)));
    return 1;
  }
  const started = performance.now();
  const steps = statistics();
  const failures = await playAll(options, surroundings, steps, io);
  const seconds = (performance.now() - started) / 1000;
  const failed = failures.reduce((sum, { times }) => sum + times, 0);
  const summary = steps.summary(seconds);
  if (asJson) {
    const { mode, concurrency } = options;
    const result = { url, dialect, edition, mode, count, concurrency, seconds, failures: failed };
    io.stdout.write(`${JSON.stringify({ ...result, steps: summary, failed: failures })}\n`);
  } else {
    io.stdout.write(summaryText(summary));
    const rate = (count - failed) / seconds;
    io.stdout.write(
      `${count - failed} of ${count} ${livesOf(options)} in ${seconds.toFixed(1)} s, ${rate.toFixed(1)} a second\n`,
    );
    for (const { times, ...failure } of failures) io.stderr.write(`${times} times ${failureText(failure)}`);
  }
  return failed === 0 ? 0 : 1;
}

function livesOf({ edition, dialect }: DemoOptions): string {
  return hasSeveralContracts(edition, dialect) ? 'cars have their contracts' : 'contracts installed';
}

type CountedFailure = FailureDescription & { times: number };

/** So many at a time; the failures, alike ones counted together. */
async function playAll(
  options: ManyLivesOptions,
  surroundings: LifeSurroundings,
  steps: Statistics,
  io: Io,
): Promise<CountedFailure[]> {
  const { url, dialect, edition, mode, count, concurrency, timeoutMilliseconds, asJson } = options;
  const failures = new Map<string, CountedFailure>();
  const bar = progressBar({ ...io, isTty: io.isTty && !asJson }, count);
  let begun = 0;
  const playNext = async (): Promise<void> => {
    while (begun < count) {
      begun++;
      const { play, observe } = recorder(steps.add);
      const client = demoActors(options, { baseUrl: url, observe, timeoutMilliseconds, retries });
      const started = performance.now();
      let failed = false;
      try {
        const identifiers = randomIdentifiers(edition, dialect, options.issuers);
        await playLife(client, surroundings, { ...identifiers, mode }, play);
      } catch (error) {
        failed = true;
        add(failures, describeFailure(error, url));
      }
      steps.add({ role: 'all', name: 'whole life', milliseconds: performance.now() - started, failed });
      bar.advance(failed);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, playNext));
  bar.finish();
  return [...failures.values()];
}

/** The first of its kind is kept, with its trace id. */
function add(failures: Map<string, CountedFailure>, failure: FailureDescription): void {
  const key = `${failure.step} ${failure.errorMessages.length === 0 ? failure.text : failure.errorMessages.join('\n')}`;
  const known = failures.get(key);
  if (known === undefined) failures.set(key, { ...failure, times: 1 });
  else known.times++;
}

function summaryText(summary: readonly StepStatistics[]): string {
  const numbers = ['COUNT', 'FAILURES', 'PER S', 'P50 MS', 'P95 MS', 'P99 MS'];
  const columns = [
    { title: 'ROLE' },
    { title: 'STEP' },
    ...numbers.map((title) => ({ title, align: 'right' }) as const),
  ];
  const rows = summary.map(({ role, step, count, failures, rate, p50, p95, p99 }) => [
    role,
    step,
    String(count),
    String(failures),
    ...[rate, p50, p95, p99].map((figure) => figure.toFixed(1)),
  ]);
  return formatTable(columns, rows);
}
