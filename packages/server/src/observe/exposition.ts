/** Hands what was recorded to prom-client, which knows the text format of Prometheus. */
import { Counter, Gauge, Histogram, type HistogramConfiguration, Registry } from 'prom-client';
import { catalogue, type MetricName, metricNames } from './metric-catalogue.ts';
import type { DurationSeries, Recorded, Series } from './metrics.ts';

export async function expose(recorded: Recorded): Promise<{ readonly contentType: string; readonly text: string }> {
  const registry = new Registry();
  const readings = await Promise.all(metricNames.map((name) => recorded.readers.get(name)?.()));
  metricNames.forEach((name, index) => {
    const { type, help, labels } = catalogue[name];
    const config = { name, help, labelNames: [...labels], registers: [registry] };
    const series = readings[index] ?? recorded.counters.get(name)?.series ?? [];
    if (type === 'histogram') {
      const durations = recorded.durations.get(name)?.series ?? [];
      new RecordedDurations({ ...config, buckets: [...boundsOf(name)] }, durations);
    } else if (type === 'counter') {
      addCounter(config, series);
    } else {
      addGauge(config, series);
    }
  });
  return { contentType: registry.contentType, text: await registry.metrics() };
}

interface Config {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly registers: Registry[];
}

function addCounter(config: Config, series: readonly Series[]): void {
  const counter = new Counter(config);
  for (const { labels, value } of series) counter.inc({ ...labels }, value);
}

/** What could not be read is left out: zero would be a claim. */
function addGauge(config: Config, series: readonly Series[]): void {
  if (series.length === 0) return;
  const gauge = new Gauge(config);
  for (const { labels, value } of series) gauge.set({ ...labels }, value);
}

function boundsOf(name: MetricName): readonly number[] {
  const metric = catalogue[name];
  return 'buckets' in metric ? metric.buckets : [];
}

/** A histogram whose numbers are there already. */
class RecordedDurations extends Histogram {
  readonly #config: HistogramConfiguration<string>;
  readonly #values: ReturnType<typeof valuesOf>;

  constructor(config: HistogramConfiguration<string> & { buckets: number[] }, series: readonly DurationSeries[]) {
    super(config);
    this.#config = config;
    this.#values = series.flatMap((each) => valuesOf(config.name, config.buckets, each));
  }

  /** What the registry asks of a histogram. */
  async getForPromString() {
    const { name, help } = this.#config;
    return { name, help, type: 'histogram', values: this.#values };
  }
}

function valuesOf(name: string, bounds: readonly number[], { labels, buckets, sum, count }: DurationSeries) {
  const value = (ending: string, value: number, own: { readonly le?: number | string } = {}) => {
    return { metricName: `${name}_${ending}`, labels: own, sharedLabels: labels, value };
  };
  let upTo = 0;
  const cumulated = bounds.map((le, index) => {
    upTo += buckets[index] ?? 0;
    return value('bucket', upTo, { le });
  });
  return [...cumulated, value('bucket', count, { le: '+Inf' }), value('sum', sum), value('count', count)];
}
