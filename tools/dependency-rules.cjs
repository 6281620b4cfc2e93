/**
 * The walls of the house. Arrows point inward: wiring → dialects and protocols → rooms → store → kernel.
 * A room may use another room's door (the file of its public interface and the values that pass through it),
 * never what lies behind it.
 */
const server = '^packages/server/src';
const rooms = [
  'rcp',
  'pcp',
  'cps',
  'ccp',
  'pki',
  'keys',
  'revocation',
  'outgoing',
  'access',
  'approvals',
  'events',
  'cleansing',
  'federation',
  'overview',
  'listing',
  'history',
];

/** What other rooms may import of a room. */
const doors = [
  `${server}/rcp/(root-certificate-pool|root-certificate)\\.ts$`,
  `${server}/pcp/(provisioning-certificate-pool|vehicle|vehicle-listing)\\.ts$`,
  `${server}/cps/(certificate-provisioning-service|contract-data|contract-data-checks)\\.ts$`,
  `${server}/ccp/(contract-certificate-pool|contract-entries|contract-listing|stored-contract|install-by-request)\\.ts$`,
  `${server}/pki/(public-key-infrastructure|profiles|authorities|issued|issued-certificates|own-status|revocation)\\.ts$`,
  `${server}/pki/status/certificate-status\\.ts$`,
  `${server}/keys/(key-store|master-secret)\\.ts$`,
  `${server}/revocation/revocation-checks\\.ts$`,
  `${server}/access/(access|party|party-register|public-keys|rights|audit-log|audit-chain|audit-reading|audit-sequence)\\.ts$`,
  `${server}/access/operators/operators\\.ts$`,
  `${server}/approvals/(approval|approvals)\\.ts$`,
  `${server}/events/(event|hearing|event-log|event-origins|event-reading|webhook-endpoint|webhook-endpoints)\\.ts$`,
  `${server}/outgoing/(outgoing-http|outgoing-fetch|outgoing-error)\\.ts$`,
  `${server}/events/delivery/(delivery|webhook-deliveries)\\.ts$`,
  `${server}/cleansing/cleansing\\.ts$`,
  `${server}/federation/(federation|peer|peer-events|peer-register|peer-roots)\\.ts$`,
  `${server}/overview/overview\\.ts$`,
  `${server}/listing/(certificate-listing|keyset)\\.ts$`,
  `${server}/history/history\\.ts$`,
];

const forbidden = [
  {
    name: 'no-circles',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'exi-stands-alone',
    comment: 'the codec runs in browsers and has no dependencies',
    severity: 'error',
    from: { path: '^packages/exi/src', pathNot: '\\.test\\.ts$' },
    to: { pathNot: '^packages/exi/src' },
  },
  {
    name: 'iso15118-knows-exi-only',
    severity: 'error',
    from: { path: '^packages/iso15118/src', pathNot: '\\.test\\.ts$' },
    to: { path: '^packages/(client|server|console)' },
  },
  {
    name: 'client-knows-no-server',
    severity: 'error',
    from: { path: '^packages/client/src', pathNot: '\\.test\\.ts$' },
    to: { path: '^packages/(server|console)' },
  },
  {
    name: 'console-knows-no-server',
    comment: 'the console asks the server over HTTP',
    severity: 'error',
    from: { path: '^packages/console/src' },
    to: { path: '^packages/server' },
  },
  {
    name: 'packages-through-their-doors',
    comment: 'another package is reached through its doors only',
    severity: 'error',
    from: { path: '^packages/([^/]+)/' },
    to: { path: '^packages/[^/]+/src/', pathNot: ['^packages/$1/', '^packages/[^/]+/src/(index|pki)\\.ts$'] },
  },
  {
    name: 'kernel-knows-nobody',
    severity: 'error',
    from: { path: `${server}/kernel` },
    to: { path: server, pathNot: `${server}/kernel` },
  },
  {
    name: 'store-knows-no-room',
    severity: 'error',
    from: { path: `${server}/store`, pathNot: '\\.test\\.ts$' },
    to: { path: server, pathNot: `${server}/(store|kernel)` },
  },
  {
    name: 'http-knows-no-room',
    severity: 'error',
    from: { path: `${server}/http`, pathNot: '\\.test\\.ts$' },
    to: { path: server, pathNot: `${server}/(http|kernel|store)` },
  },
  {
    name: 'observe-knows-no-room',
    comment: 'rooms are measured where they are wired together',
    severity: 'error',
    from: { path: `${server}/observe`, pathNot: '\\.test\\.ts$' },
    to: { path: server, pathNot: `${server}/(observe|kernel)` },
  },
  {
    name: 'openapi-knows-no-room',
    comment: 'documents are written from route tables, whoever brings them',
    severity: 'error',
    from: { path: `${server}/openapi`, pathNot: '\\.test\\.ts$' },
    to: { path: server, pathNot: `${server}/(openapi|http|kernel)/` },
  },
  ...rooms.map((room) => ({
    name: `${room}-uses-doors`,
    severity: 'error',
    from: { path: `${server}/${room}/`, pathNot: '\\.test\\.ts$' },
    to: { path: server, pathNot: [`${server}/(${room}|kernel|store)/`, ...doors] },
  })),
  {
    name: 'dialects-use-doors',
    comment: 'dialects and protocols translate: no SQL, no insides of rooms',
    severity: 'error',
    from: { path: `${server}/(dialects|protocols)/`, pathNot: '\\.test\\.ts$' },
    to: {
      path: server,
      pathNot: [`${server}/(dialects|protocols|http|kernel)/`, `${server}/ecosystem\\.ts$`, ...doors],
    },
  },
  {
    name: 'sql-in-rooms-only',
    severity: 'error',
    from: { path: `${server}/(dialects|protocols|cli|kernel)/`, pathNot: '\\.test\\.ts$' },
    to: { path: ['(^|node_modules/)(kysely|pg)(/|$)', `${server}/store/query-builder\\.ts$`] },
  },
  {
    name: 'kysely-through-its-door',
    comment: 'values of Kysely come from store/query-builder.ts, or there would be two of them',
    severity: 'error',
    from: { path: '^packages/server', pathNot: `${server}/store/query-builder\\.ts$` },
    to: { path: '(^|node_modules/)kysely(/|$)', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'tests-stay-out',
    severity: 'error',
    from: { pathNot: ['\\.test\\.ts$', '/test/'] },
    to: { path: ['\\.test\\.ts$', '^packages/[^/]+/test/'] },
  },
];

module.exports = { forbidden };
