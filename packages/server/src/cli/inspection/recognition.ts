/** Finds out which message a byte string is: EXI does not say which schema it was written with. */
import {
  decode,
  decodeFragment,
  ExiError,
  type JsonValue,
  type SchemaSet,
  toJson,
  toJsonFragment,
} from '@plugpool/exi';
import { type ExiSchemaName, exiSchemaNames, exiSchemas } from '../exi-schemas.ts';

export type Kind = 'document' | 'fragment';

/** A byte string as a message. */
export interface Recognised {
  readonly schema: ExiSchemaName;
  readonly kind: Kind;
  /** Local name of the root element. */
  readonly root: string;
  readonly value: unknown;
  readonly json: JsonValue;
  /** A fragment of an element with several types, written by one of them instead of by EXI 1.0 §8.5.3. */
  readonly singleType: boolean;
  /** The octets behind the end of the message are left out of it. */
  readonly trailing: ExiError | undefined;
}

/** No schema reads it to the end; this one came furthest. */
export interface Unrecognised {
  readonly schema: ExiSchemaName;
  readonly kind: Kind;
  readonly error: ExiError;
}

export type Recognition = { readonly ok: true; readonly message: Recognised } | ({ readonly ok: false } & Unrecognised);

interface Attempt {
  readonly schema: ExiSchemaName;
  readonly kind: Kind;
  readonly singleType?: true;
}

const attempts: readonly Attempt[] = [
  ...exiSchemaNames.map((schema): Attempt => ({ schema, kind: 'document' })),
  { schema: 'iso15118-2', kind: 'fragment' },
  { schema: 'iso15118-2', kind: 'fragment', singleType: true },
  { schema: 'xmldsig', kind: 'fragment' },
  { schema: 'iso15118-20-common', kind: 'fragment' },
];

/**
 * Tries every schema set. What reads to the end is taken, messages before single elements; else what came furthest: a
 * message with octets behind it, or an attempt that tells what is wrong.
 */
export function recognise(exi: Uint8Array): Recognition {
  const readings = attempts.map((attempt) => readAs(attempt, exi));
  const whole = readings.flatMap((reading) => ('message' in reading && !reading.error ? [reading.message] : []));
  const [best] = whole.sort((a, b) => rankOf(a) - rankOf(b));
  if (best !== undefined) return { ok: true, message: best };
  const furthest = readings.reduce((far, each) => (reach(each) > reach(far) ? each : far));
  if ('message' in furthest) return { ok: true, message: furthest.message };
  return { ok: false, ...furthest };
}

/** A message, perhaps with octets behind it that the error tells of; or none. */
type Reading = { readonly message: Recognised; readonly error: ExiError | undefined } | Unrecognised;

function readAs(attempt: Attempt, exi: Uint8Array): Reading {
  try {
    return { message: readWhole(attempt, exi, undefined), error: undefined };
  } catch (error) {
    if (!(error instanceof ExiError)) throw error;
    if (error.code === 'trailing-bytes') return { message: readWhole(attempt, exi, error), error };
    const { schema, kind } = attempt;
    return { schema, kind, error };
  }
}

function readWhole({ schema, kind, singleType }: Attempt, exi: Uint8Array, trailing: ExiError | undefined): Recognised {
  const set: SchemaSet = exiSchemas[schema];
  const options = { allowTrailing: trailing !== undefined };
  if (kind === 'document') {
    const document = decode(set, exi, options);
    const [[root, value] = ['', undefined]] = Object.entries(Object(document));
    return { schema, kind, root, value, json: toJson(set, document), singleType: false, trailing };
  }
  const multiTypeElement = singleType === true ? 'single-type' : 'fragment-grammar';
  const { name, uri, value } = decodeFragment(set, exi, { ...options, multiTypeElement });
  const json = { [name]: toJsonFragment(set, { name, uri }, value) };
  return { schema, kind, root: name, value, json, singleType: singleType === true, trailing };
}

/** Lower is likelier. Short byte strings are valid in several schemas, but only one of them makes a message. */
function rankOf({ schema, kind, root, singleType }: Recognised): number {
  if (kind === 'document' && isMessage(schema, root)) return 0;
  // Signatures go over SignedInfo in the schema of signatures, and over nothing else of it.
  if (kind === 'fragment' && (schema !== 'xmldsig' || root === 'SignedInfo')) return singleType ? 2 : 1;
  return 3;
}

function isMessage(schema: ExiSchemaName, root: string): boolean {
  return schema === 'iso15118-2' ? root === 'V2G_Message' : schema !== 'xmldsig' && /Re[qs]$/.test(root);
}

/** Bits that could be made sense of. */
function reach({ error }: Reading): number {
  return error?.bitOffset ?? 0;
}
