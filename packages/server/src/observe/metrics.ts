/**
 * What is counted, in plain numbers while it happens: some hundred nanoseconds each. Gauges are read, and all is written
 * down, when somebody asks; only then the library that knows the format is loaded.
 */
import {
  type CounterName,
  catalogue,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  type MetricName,
} from './metric-catalogue.ts';

export type { LabelsOf } from './metric-catalogue.ts';

/** One series of a metric. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  value: number;
}

export interface DurationSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** How many were in each bucket alone; one more than there are bounds. */
  readonly buckets: Float64Array;
  sum: number;
  count: number;
}

export interface Reading<N extends GaugeName | CounterName> {
  readonly labels: LabelsOf<N>;
  readonly value: number;
}

type Read<N extends GaugeName | CounterName> = () => readonly Reading<N>[] | Promise<readonly Reading<N>[]>;

/** For rooms and what wires them. */
export interface Metrics {
  count<N extends CounterName>(name: N, labels: LabelsOf<N>, by?: number): void;
  /** @param seconds how long it took */
  observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, seconds: number): void;
  /** `read` is called when somebody asks; what it cannot read is left out then. A name has one reader. */
  watch<N extends GaugeName | CounterName>(name: N, read: Read<N>): void;
  /** All of it, in the text format of Prometheus. */
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export interface Recorded {
  readonly counters: ReadonlyMap<MetricName, ReadonlyMap<string, Series>>;
  readonly durations: ReadonlyMap<MetricName, ReadonlyMap<string, DurationSeries>>;
  readonly readers: ReadonlyMap<MetricName, () => Promise<readonly Series[]>>;
}

/** @param unread hears of a gauge that could not be read */
export function startMetrics(unread: (name: MetricName, error: unknown) => void): Metrics {
  const counters = new Map<MetricName, Map<string, Series>>();
  const durations = new Map<MetricName, Map<string, DurationSeries>>();
  const readers = new Map<MetricName, () => Promise<readonly Series[]>>();
  return {
    count(name, labels, by = 1) {
      const series = seriesIn(counters, name, labels, () => ({ labels, value: 0 }));
      series.value += by;
    },
    observe(name, labels, seconds) {
      const { buckets: bounds } = catalogue[name];
      const series = seriesIn(durations, name, labels, () => ({
        labels,
        buckets: new Float64Array(bounds.length + 1),
        sum: 0,
        count: 0,
      }));
      let bucket = 0;
      while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) bucket++;
      series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
      series.sum += seconds;
      series.count++;
    },
    watch(name, read) {
      if (readers.has(name)) throw new Error(`${name} is read already`);
      readers.set(name, async () => {
        try {
          return [...(await read())];
        } catch (error) {
          unread(name, error);
          return [];
        }
      });
    },
    async exposition() {
      const { expose } = await import('./exposition.ts');
      return await expose({ counters, durations, readers });
    },
  };
}

function seriesIn<S>(
  all: Map<MetricName, Map<string, S>>,
  name: MetricName,
  labels: Readonly<Record<string, string>>,
  make: () => S,
): S {
  let ofName = all.get(name);
  if (ofName === undefined) {
    ofName = new Map();
    all.set(name, ofName);
  }
  let key = '';
  for (const label of catalogue[name].labels) key += `${labels[label]}\n`;
  let series = ofName.get(key);
  if (series === undefined) {
    series = make();
    ofName.set(key, series);
  }
  return series;
}
