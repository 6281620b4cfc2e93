/**
 * Every metric there is: docs/metrics.md lists the same, and a test compares the two. Labels hold names from closed sets
 * (operations, results, authorities, configured peers), never who or what was asked about.
 */
interface Described {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds in seconds. */
  readonly buckets?: readonly number[];
}

const QUICK = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const REQUEST = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const REMOTE = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const counter = <L extends string>(help: string, ...labels: L[]) => ({ type: 'counter', help, labels }) as const;
const gauge = <L extends string>(help: string, ...labels: L[]) => ({ type: 'gauge', help, labels }) as const;
const histogram = <L extends string>(buckets: readonly number[], help: string, ...labels: L[]) =>
  ({ type: 'histogram', help, labels, buckets }) as const;

export const catalogue = {
  plugpool_build_info: gauge('1, with what runs', 'version', 'node'),
  process_start_time_seconds: gauge('When the process began, in seconds since 1970'),
  process_cpu_seconds_total: counter('Processor time, by where it was spent', 'mode'),
  process_resident_memory_bytes: gauge('Memory of the process'),
  nodejs_heap_bytes: gauge('The heap of JavaScript: what is used, and what is reserved', 'state'),
  nodejs_event_loop_delay_seconds: gauge('How late timers were since the last reading', 'quantile'),
  nodejs_event_loop_utilization: gauge('The part of the time in which the event loop was busy, since the last reading'),

  plugpool_http_request_duration_seconds: histogram(
    REQUEST,
    'Requests answered, by operation and status',
    'operation',
    'method',
    'route',
    'status',
  ),
  plugpool_http_connections: gauge('Connections of clients that are open'),

  plugpool_database_query_duration_seconds: histogram(
    QUICK,
    'Statements to the database, waiting for a connection not included',
    'statement',
    'result',
  ),
  plugpool_database_connections: gauge('Connections of the pool, PostgreSQL only', 'state'),
  plugpool_database_waiting: gauge('Who waits for a connection of the pool, PostgreSQL only'),

  plugpool_installations_total: counter('Requests of cars, by what came of them', 'edition', 'result'),
  plugpool_contract_data_total: counter(
    'Contract data signed, and generated and signed',
    'action',
    'edition',
    'result',
  ),
  plugpool_certificates_issued_total: counter('Certificates of our own CAs', 'kind', 'edition', 'result'),
  plugpool_authority_expires_timestamp_seconds: gauge('The end of an authority of ours', 'authority'),
  plugpool_ocsp_answers_total: counter('Answers of our OCSP responder', 'result'),
  plugpool_crl_age_seconds: gauge('Since the last revocation list of an authority was made', 'authority'),
  plugpool_revocation_inquiries_total: counter('Asking others for the status of their certificates', 'result'),

  plugpool_webhook_queue_deliveries: gauge('Deliveries that are not settled, in the whole database'),
  plugpool_webhook_queue_oldest_age_seconds: gauge('How long the oldest of them has been waiting'),
  plugpool_webhook_attempt_duration_seconds: histogram(
    REMOTE,
    'Attempts to deliver a webhook: delivered, rejected, retried later, or failed for good',
    'result',
  ),

  plugpool_cleansed_total: counter('Objects that cleansing removed', 'what', 'why'),
  plugpool_cleansing_last_timestamp_seconds: gauge('When the last cleansing that was finished ended'),

  plugpool_peer_request_duration_seconds: histogram(
    REMOTE,
    'Questions to other ecosystems',
    'peer',
    'operation',
    'result',
  ),
  plugpool_peer_resting: gauge('1 while a peer that failed is left alone', 'peer'),

  plugpool_audit_unchained_rows: gauge('Rows of the audit log that have no place in the chain yet'),
  plugpool_audit_chain_lag_seconds: gauge('How long the oldest of them has been waiting'),
} satisfies Record<string, Described>;

type Catalogue = typeof catalogue;
export type MetricName = keyof Catalogue;
export const metricNames = Object.keys(catalogue).filter((name): name is MetricName => name in catalogue);
type OfType<T extends Described['type']> = {
  [N in MetricName]: Catalogue[N]['type'] extends T ? N : never;
}[MetricName];
export type CounterName = OfType<'counter'>;
export type GaugeName = OfType<'gauge'>;
export type HistogramName = OfType<'histogram'>;
export type LabelsOf<N extends MetricName> = Readonly<Record<Catalogue[N]['labels'][number], string>>;
