import { messagesOf } from './edition-messages.ts';
import type { ExiInput } from './exi-input.ts';
import type { ExiSchemaName } from './exi-schemas.ts';
import type { Problem } from './problem.ts';

interface Payload {
  readonly title: string;
  /** Schemas of the messages that it carries; none for those that are not known here. */
  readonly schemas: readonly ExiSchemaName[];
}

const common: readonly ExiSchemaName[] = ['iso15118-20-common'];

/** V2GTP payload types (ISO 15118-2 §7.8.3, ISO 15118-20 §7.8.3), the usual one of a schema before others. */
const payloads: ReadonlyMap<number, Payload> = new Map([
  [0x8001, { title: 'ISO 15118-2 and the handshake', schemas: ['iso15118-2', 'app-protocol'] }],
  [0x8002, { title: 'the common messages of ISO 15118-20', schemas: common }],
  [0x8003, { title: 'AC charging of ISO 15118-20', schemas: [] }],
  [0x8004, { title: 'DC charging of ISO 15118-20', schemas: [] }],
  [0x8005, { title: 'automated connection devices of ISO 15118-20', schemas: [] }],
  [0x8006, { title: 'wireless charging of ISO 15118-20', schemas: [] }],
  [0x8101, { title: 'schedule renegotiation of ISO 15118-20', schemas: common }],
  [0x8102, { title: 'metering confirmation of ISO 15118-20', schemas: common }],
  [0x8103, { title: 'the status of connection devices of ISO 15118-20', schemas: [] }],
  [0x8104, { title: 'the parking status of ISO 15118-20', schemas: common }],
]);

/**
 * What a V2GTP header says that is not so.
 * @param schema of the document behind it; `undefined` when that could not be decoded, or is a fragment
 */
export function v2gtpProblems(header: ExiInput['v2gtp'], schema: ExiSchemaName | undefined): Problem[] {
  if (header === undefined) return [];
  const { payloadType, payloadLength, octetsBehind } = header;
  const problems = payloadTypeProblems(payloadType, schema);
  if (payloadLength !== octetsBehind) {
    const text = `the V2GTP header announces ${payloadLength} octets and ${octetsBehind} follow; send as many as announced`;
    problems.push({ code: 'v2gtp-length', text });
  }
  return problems;
}

function payloadTypeProblems(type: number, schema: ExiSchemaName | undefined): Problem[] {
  const payload = payloads.get(type);
  const says = `V2GTP payload type ${hex(type)} is that of ${payload?.title ?? 'no EXI message of ISO 15118'}`;
  if (schema === undefined) {
    if (payload !== undefined && payload.schemas.length > 0) return [];
    const why = payload === undefined ? '' : '; messages of that schema are not read here';
    return [{ code: 'v2gtp-payload-type', text: `${says}${why}` }];
  }
  const [right] = [...payloads].find(([, { schemas }]) => schemas.includes(schema)) ?? [];
  if (payload?.schemas.includes(schema) === true || right === undefined) return [];
  const text = `${says}, and the message is one of ${titleOfSchema(schema)}; send it as ${hex(right)}`;
  return [{ code: 'v2gtp-payload-type', text }];
}

function titleOfSchema(schema: ExiSchemaName): string {
  return messagesOf(schema)?.title ?? 'the handshake';
}

function hex(type: number): string {
  return type.toString(16).padStart(4, '0');
}
