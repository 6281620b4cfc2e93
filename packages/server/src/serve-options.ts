/** The options of `serve`. */
import { CLAIM_USES } from './access/party.ts';
import { LOG_LEVELS } from './observe/log-levels.ts';
import { PROTOCOLS, SAMPLERS } from './observe/tracing-settings.ts';
import { REVOCATION_POLICIES } from './revocation/revocation-checks.ts';

interface Option {
  readonly environment: readonly string[];
  readonly placeholder: string;
  readonly help: string;
}

/** Every option: its flag is the name here, and so is its key in the file. */
export const serveOptions = {
  data: { environment: ['PLUGPOOL_DATA'], placeholder: 'DIR', help: 'folder of database and key file (./data)' },
  'database-url': {
    environment: ['PLUGPOOL_DATABASE_URL', 'DATABASE_URL'],
    placeholder: 'URL',
    help: 'PostgreSQL instead of the embedded database',
  },
  port: { environment: ['PLUGPOOL_PORT', 'PORT'], placeholder: 'N', help: 'port to listen on (8080)' },
  host: { environment: ['PLUGPOOL_HOST', 'HOST'], placeholder: 'ADDRESS', help: 'address to listen on (127.0.0.1)' },
  'public-url': {
    environment: ['PLUGPOOL_PUBLIC_URL'],
    placeholder: 'URL',
    help: 'under which clients reach the server (http://127.0.0.1:PORT)',
  },
  'tls-certificate': {
    environment: ['PLUGPOOL_TLS_CERTIFICATE'],
    placeholder: 'FILE',
    help: 'serve HTTPS with this certificate chain (PEM); read again when it changes',
  },
  'tls-key': { environment: ['PLUGPOOL_TLS_KEY'], placeholder: 'FILE', help: 'its private key (PEM, not encrypted)' },
  auth: {
    environment: ['PLUGPOOL_AUTH'],
    placeholder: 'none|oauth2',
    help: 'none: everybody may do everything; oauth2: parties with access tokens (none)',
  },
  'token-audiences': {
    environment: ['PLUGPOOL_TOKEN_AUDIENCES'],
    placeholder: 'URL,…',
    help: 'further audiences that clients may ask tokens for; the public URL always counts',
  },
  'token-lifetime': {
    environment: ['PLUGPOOL_TOKEN_LIFETIME'],
    placeholder: 'SECONDS',
    help: 'how long an access token is good (86400)',
  },
  'rate-limit': {
    environment: ['PLUGPOOL_RATE_LIMIT'],
    placeholder: 'N',
    help: 'requests a second of one client, and of one address without a token; 0 for no limit (0)',
  },
  'failure-limit': {
    environment: ['PLUGPOOL_FAILURE_LIMIT'],
    placeholder: 'N',
    help: 'failed authentications a minute from one address; 0 for no limit (600)',
  },
  approvals: {
    environment: ['PLUGPOOL_APPROVALS'],
    placeholder: 'none|two-person',
    help: 'two-person: roots, imported CAs and rights of parties need the approval of another operator (none)',
  },
  'approval-hours': {
    environment: ['PLUGPOOL_APPROVAL_HOURS'],
    placeholder: 'N',
    help: 'how long a proposal waits for approval (72)',
  },
  'audit-retention': {
    environment: ['PLUGPOOL_AUDIT_RETENTION'],
    placeholder: 'DAYS',
    help: 'how long rows of the audit log are kept; 0 for ever (0)',
  },
  'oidc-issuer': {
    environment: ['PLUGPOOL_OIDC_ISSUER'],
    placeholder: 'URL',
    help: 'an issuer whose access tokens count as well, found by OpenID Connect discovery',
  },
  'oidc-audiences': {
    environment: ['PLUGPOOL_OIDC_AUDIENCES'],
    placeholder: 'NAME,…',
    help: 'what its tokens have to be meant for (the public URL)',
  },
  'oidc-claims': {
    environment: ['PLUGPOOL_OIDC_CLAIMS'],
    placeholder: 'USE=CLAIM,…',
    help: `which claim holds what: ${CLAIM_USES.join(', ')} (role=role)`,
  },
  'operator-issuer': {
    environment: ['PLUGPOOL_OPERATOR_ISSUER'],
    placeholder: 'URL',
    help: 'where operators may sign in to the console, found by OpenID Connect discovery',
  },
  'operator-client-id': {
    environment: ['PLUGPOOL_OPERATOR_CLIENT_ID'],
    placeholder: 'ID',
    help: 'the client that the console is there',
  },
  'operator-client-secret': {
    environment: ['PLUGPOOL_OPERATOR_CLIENT_SECRET'],
    placeholder: 'SECRET',
    help: 'its secret, where it has one; better not as a flag',
  },
  'operator-claim': {
    environment: ['PLUGPOOL_OPERATOR_CLAIM'],
    placeholder: 'CLAIM=VALUE',
    help: 'who is an operator there: groups=plugpool-operators',
  },
  'operator-scope': {
    environment: ['PLUGPOOL_OPERATOR_SCOPE'],
    placeholder: 'SCOPE',
    help: 'what is asked for there (openid profile email)',
  },
  'session-idle': {
    environment: ['PLUGPOOL_SESSION_IDLE'],
    placeholder: 'MINUTES',
    help: 'how long a session of the console lasts unused (30)',
  },
  'session-length': {
    environment: ['PLUGPOOL_SESSION_LENGTH'],
    placeholder: 'HOURS',
    help: 'how long it lasts at all (12)',
  },
  'master-secret': {
    environment: ['PLUGPOOL_MASTER_SECRET'],
    placeholder: 'HEX',
    help: 'secret that seals the private keys, 32 octets; better not as a flag (file master.key in DIR)',
  },
  keys: {
    environment: ['PLUGPOOL_KEYS'],
    placeholder: 'RULES',
    help: 'where keys are made: "cps-signer=pkcs11,*=database", the first that fits (*=database)',
  },
  'pkcs11-module': {
    environment: ['PLUGPOOL_PKCS11_MODULE'],
    placeholder: 'FILE',
    help: 'PKCS#11 library of the token, for instance /usr/lib/softhsm/libsofthsm2.so',
  },
  'pkcs11-token': { environment: ['PLUGPOOL_PKCS11_TOKEN'], placeholder: 'LABEL', help: 'label of the token' },
  'pkcs11-pin': {
    environment: ['PLUGPOOL_PKCS11_PIN'],
    placeholder: 'PIN',
    help: 'PIN of the token; better not as a flag',
  },
  'pkcs11-pin-file': {
    environment: ['PLUGPOOL_PKCS11_PIN_FILE'],
    placeholder: 'FILE',
    help: 'file with the PIN of the token',
  },
  rollover: {
    environment: ['PLUGPOOL_ROLLOVER'],
    placeholder: 'PERCENT',
    help: 'of its validity left when a sub CA or signer gets a successor, 0 for never (20)',
  },
  'log-level': {
    environment: ['PLUGPOOL_LOG_LEVEL'],
    placeholder: 'LEVEL',
    help: `one of ${LOG_LEVELS.join(', ')} (info)`,
  },
  'body-limit': { environment: ['PLUGPOOL_BODY_LIMIT'], placeholder: 'BYTES', help: 'largest request body (262144)' },
  revocation: {
    environment: ['PLUGPOOL_REVOCATION'],
    placeholder: 'POLICY',
    help: `certificates of others: one of ${REVOCATION_POLICIES.join(', ')} (soft-fail)`,
  },
  'allow-private-targets': {
    environment: ['PLUGPOOL_ALLOW_PRIVATE_TARGETS'],
    placeholder: 'BOOL',
    help: 'true or false: whether internal addresses may be called (true without auth, else false)',
  },
  'metrics-port': {
    environment: ['PLUGPOOL_METRICS_PORT'],
    placeholder: 'N',
    help: 'serve /metrics on this port, and not with everything else',
  },
  'metrics-token': {
    environment: ['PLUGPOOL_METRICS_TOKEN'],
    placeholder: 'TOKEN',
    help: 'bearer token that reads /metrics; with auth nobody does without; better not as a flag',
  },
  'otlp-endpoint': {
    environment: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
    placeholder: 'URL',
    help: 'send OpenTelemetry traces to this collector, over HTTP at /v1/traces; none without it',
  },
  'otlp-traces-endpoint': {
    environment: ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
    placeholder: 'URL',
    help: 'the same with the path as it is here',
  },
  'otlp-protocol': {
    environment: ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'],
    placeholder: PROTOCOLS.join('|'),
    help: 'in which form (http/protobuf)',
  },
  'traces-disabled': {
    environment: ['OTEL_SDK_DISABLED'],
    placeholder: 'BOOL',
    help: 'true: no traces, whatever the collector (false)',
  },
  'traces-exporter': {
    environment: ['OTEL_TRACES_EXPORTER'],
    placeholder: 'otlp|none',
    help: 'none: the same (otlp)',
  },
  'traces-sampler': {
    environment: ['OTEL_TRACES_SAMPLER'],
    placeholder: 'SAMPLER',
    help: `which traces are kept: one of ${SAMPLERS.join(', ')} (parentbased_always_on)`,
  },
  'traces-sampler-arg': {
    environment: ['OTEL_TRACES_SAMPLER_ARG'],
    placeholder: 'RATIO',
    help: 'from 0 to 1, for the samplers by ratio (1)',
  },
  'traces-delay': {
    environment: ['OTEL_BSP_SCHEDULE_DELAY'],
    placeholder: 'MS',
    help: 'how long spans wait to be sent together (5000)',
  },
  'service-name': {
    environment: ['OTEL_SERVICE_NAME'],
    placeholder: 'NAME',
    help: 'what the server is called in traces (plugpool)',
  },
  peer: {
    environment: ['PLUGPOOL_PEERS'],
    placeholder: 'URL',
    help: 'an ecosystem to ask for what is unknown here; opcp=URL where it speaks that; more than once',
  },
  'peer-deadline-ms': {
    environment: ['PLUGPOOL_PEER_DEADLINE_MS'],
    placeholder: 'N',
    help: 'how long all peers together have for an answer (3000)',
  },
  'webhook-retry-seconds': {
    environment: ['PLUGPOOL_WEBHOOK_RETRY_SECONDS'],
    placeholder: 'N',
    help: 'between two attempts to deliver a webhook (3600)',
  },
  'cleanse-hours': {
    environment: ['PLUGPOOL_CLEANSE_HOURS'],
    placeholder: 'N',
    help: 'between two cleansings of the pools, 0 for none (24)',
  },
  'drain-seconds': {
    environment: ['PLUGPOOL_DRAIN_SECONDS'],
    placeholder: 'N',
    help: 'how long it says that it is not ready before it ends, so that proxies look elsewhere (0)',
  },
  'event-retention': {
    environment: ['PLUGPOOL_EVENT_RETENTION'],
    placeholder: 'DAYS',
    help: 'how long events are kept that nobody waits for; removed by cleansing (30)',
  },
  config: { environment: ['PLUGPOOL_CONFIG'], placeholder: 'FILE', help: 'JSON file with these options' },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof serveOptions;
