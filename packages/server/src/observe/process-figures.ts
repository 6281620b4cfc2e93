/** What the process itself needs, read when somebody asks. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
const QUANTILES = [0.5, 0.99] as const;
/** Milliseconds between two looks at the clock. */
const RESOLUTION = 20;

/** Returns what ends it. */
export function watchProcess(metrics: Metrics, version: string): () => void {
  metrics.watch('plugpool_build_info', () => [{ labels: { version, node: process.versions.node }, value: 1 }]);
  const startedAt = performance.timeOrigin / 1000;
  metrics.watch('process_start_time_seconds', () => [{ labels: {}, value: startedAt }]);
  metrics.watch('process_cpu_seconds_total', () => {
    const { user, system } = process.cpuUsage();
    return [
      { labels: { mode: 'user' }, value: user / MICROSECONDS },
      { labels: { mode: 'system' }, value: system / MICROSECONDS },
    ];
  });
  metrics.watch('process_resident_memory_bytes', () => [{ labels: {}, value: process.memoryUsage.rss() }]);
  metrics.watch('nodejs_heap_bytes', () => {
    const { heapUsed, heapTotal } = process.memoryUsage();
    return [
      { labels: { state: 'used' }, value: heapUsed },
      { labels: { state: 'reserved' }, value: heapTotal },
    ];
  });
  return watchEventLoop(metrics);
}

function watchEventLoop(metrics: Metrics): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  metrics.watch('nodejs_event_loop_delay_seconds', () => {
    const readings = QUANTILES.map((quantile) => ({
      labels: { quantile: String(quantile) },
      // The timer's own period is in it.
      value: Math.max(0, delay.percentile(quantile * 100) / NANOSECONDS - RESOLUTION / 1000),
    }));
    delay.reset();
    return readings;
  });
  let last = performance.eventLoopUtilization();
  metrics.watch('nodejs_event_loop_utilization', () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return [{ labels: {}, value: utilization }];
  });
  return () => delay.disable();
}
