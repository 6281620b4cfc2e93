/** How traces are sent, in the words of OpenTelemetry's environment variables. */

export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export const PROTOCOLS = ['http/protobuf', 'http/json'] as const;

export interface TracingSettings {
  /** Where spans are sent to, path included. */
  readonly url: string;
  readonly protocol: (typeof PROTOCOLS)[number];
  /** What the process is called there. */
  readonly serviceName?: string;
  readonly sampler: (typeof SAMPLERS)[number];
  /** Of the traces that begin here, the part that is kept, where the sampler goes by a ratio. */
  readonly ratio: number;
  /** Milliseconds in which spans are gathered to be sent together. */
  readonly delayMs: number;
}
