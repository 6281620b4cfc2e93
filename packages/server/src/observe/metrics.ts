/**
 * What is counted, in plain numbers while it happens: about a hundred nanoseconds each. Gauges are read, and all is written
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
  readonly counters: ReadonlyMap<MetricName, { readonly series: readonly Series[] }>;
  readonly durations: ReadonlyMap<MetricName, { readonly series: readonly DurationSeries[] }>;
  readonly readers: ReadonlyMap<MetricName, () => Promise<readonly Series[]>>;
}

/** @param unread hears of a gauge that could not be read */
export function startMetrics(unread: (name: MetricName, error: unknown) => void): Metrics {
  const counters = new Map<MetricName, Family<Series>>();
  const durations = new Map<MetricName, Family<DurationSeries>>();
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

/** The series of one metric, found by one label after the other: no text is put together to look them up. */
interface Family<S> {
  readonly labels: readonly string[];
  readonly byValue: ByValue<S>;
  readonly series: S[];
}

type ByValue<S> = Map<string, { readonly deeper: ByValue<S>; series?: S }>;

function seriesIn<S>(
  families: Map<MetricName, Family<S>>,
  name: MetricName,
  labels: Readonly<Record<string, string>>,
  make: () => S,
): S {
  let family = families.get(name);
  if (family === undefined) {
    family = { labels: catalogue[name].labels, byValue: new Map(), series: [] };
    families.set(name, family);
  }
  let place = placeIn(family.byValue, '');
  for (const label of family.labels) place = placeIn(place.deeper, labels[label] ?? '');
  if (place.series === undefined) {
    place.series = make();
    family.series.push(place.series);
  }
  return place.series;
}

function placeIn<S>(map: ByValue<S>, value: string) {
  const known = map.get(value);
  if (known !== undefined) return known;
  const place: { deeper: ByValue<S>; series?: S } = { deeper: new Map() };
  map.set(value, place);
  return place;
}
