export interface StepStatistics {
  readonly role: string;
  readonly step: string;
  readonly count: number;
  readonly failures: number;
  /** Good ones a second, over the whole time. */
  readonly rate: number;
  /** Milliseconds of the good ones; 0 when there are none. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface MeasuredStep {
  readonly role: string;
  readonly name: string;
  readonly milliseconds: number;
  readonly failed: boolean;
}

export interface Statistics {
  add(step: MeasuredStep): void;
  /** In the order in which steps were first added. */
  summary(seconds: number): StepStatistics[];
}

export function statistics(): Statistics {
  const steps = new Map<string, { role: string; step: string; durations: number[]; failures: number }>();
  return {
    add({ role, name, milliseconds, failed }) {
      const entry = steps.get(name) ?? { role, step: name, durations: [], failures: 0 };
      steps.set(name, entry);
      if (failed) entry.failures++;
      else entry.durations.push(milliseconds);
    },
    summary(seconds) {
      return Array.from(steps.values(), ({ role, step, durations, failures }) => {
        const sorted = Float64Array.from(durations).sort();
        return {
          role,
          step,
          count: durations.length + failures,
          failures,
          rate: seconds > 0 ? durations.length / seconds : 0,
          p50: percentile(sorted, 50),
          p95: percentile(sorted, 95),
          p99: percentile(sorted, 99),
        };
      });
    },
  };
}

/** Nearest rank: the smallest value that at least so many percent do not exceed. */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.max(0, rank - 1)] ?? 0;
}
