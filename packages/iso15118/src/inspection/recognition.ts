/** Finds out which message a byte string is: EXI does not say which schema it was written with. */
import {
  decode,
  decodeFragment,
  ExiError,
  type FragmentOptions,
  type InspectNode,
  inspectDocument,
  inspectFragment,
  type JsonValue,
  type SchemaSet,
  toJson,
  toJsonFragment,
} from '@plugpool/exi';
import { type ExiSchemaName, exiSchemaNames, exiSchemas } from './exi-schemas.ts';

export type Kind = 'document' | 'fragment';

/** How a byte string is read. */
export interface Reading {
  readonly schema: ExiSchemaName;
  readonly kind: Kind;
  /** A fragment of an element with several types, written by one of them instead of by EXI 1.0 §8.5.3. */
  readonly singleType: boolean;
}

/** A byte string as a message. */
export interface Recognised extends Reading {
  /** Local name of the root element. */
  readonly root: string;
  readonly value: unknown;
  readonly json: JsonValue;
  /** The octets behind the end of the message are left out of it. */
  readonly trailing: ExiError | undefined;
}

/** No schema reads it to the end; this one came furthest. */
export interface Unrecognised extends Reading {
  readonly error: ExiError;
}

export type Recognition = { readonly ok: true; readonly message: Recognised } | ({ readonly ok: false } & Unrecognised);

const attempts: readonly Reading[] = [
  ...exiSchemaNames.map((schema): Reading => ({ schema, kind: 'document', singleType: false })),
  { schema: 'iso15118-2', kind: 'fragment', singleType: false },
  { schema: 'iso15118-2', kind: 'fragment', singleType: true },
  { schema: 'xmldsig', kind: 'fragment', singleType: false },
  { schema: 'iso15118-20-common', kind: 'fragment', singleType: false },
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
type Outcome = { readonly message: Recognised; readonly error: ExiError | undefined } | Unrecognised;

function readAs(attempt: Reading, exi: Uint8Array): Outcome {
  try {
    return { message: readWhole(attempt, exi, undefined), error: undefined };
  } catch (error) {
    if (!(error instanceof ExiError)) throw error;
    if (error.code === 'trailing-bytes') return { message: readWhole(attempt, exi, error), error };
    return { ...attempt, error };
  }
}

function readWhole({ schema, kind, singleType }: Reading, exi: Uint8Array, trailing: ExiError | undefined): Recognised {
  const set: SchemaSet = exiSchemas[schema];
  const options = { allowTrailing: trailing !== undefined };
  if (kind === 'document') {
    const document = decode(set, exi, options);
    const [[root, value] = ['', undefined]] = Object.entries(Object(document));
    return { schema, kind, root, value, json: toJson(set, document), singleType: false, trailing };
  }
  const { name, uri, value } = decodeFragment(set, exi, { ...options, ...fragmentOptions(singleType) });
  const json = { [name]: toJsonFragment(set, { name, uri }, value) };
  return { schema, kind, root: name, value, json, singleType, trailing };
}

function fragmentOptions(singleType: boolean): FragmentOptions {
  return { multiTypeElement: singleType ? 'single-type' : 'fragment-grammar' };
}

/** The pieces of a byte string with the place of every bit; of one that cannot be decoded, those before the fault. */
export function piecesOf({ schema, kind, singleType }: Reading, exi: Uint8Array): readonly InspectNode[] {
  const set = exiSchemas[schema];
  return kind === 'document'
    ? inspectDocument(set, exi).nodes
    : inspectFragment(set, exi, fragmentOptions(singleType)).nodes;
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
function reach({ error }: Outcome): number {
  return error?.bitOffset ?? 0;
}
