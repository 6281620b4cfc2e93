import { readFileSync } from 'node:fs';
import { appProtocol, iso15118_2, iso15118_20Common, type JsonValue, type SchemaSet, xmldsig } from '../src/index.ts';

/** The golden vectors in `vectors/`, as made with independent codecs. */
export interface Vector {
  readonly name: string;
  readonly message: { readonly [root: string]: JsonValue };
  readonly exiHex: string;
  /** The same message as another codec writes it. */
  readonly altHex?: { readonly openexi?: string; readonly cbv2g?: string };
}

export interface FragmentVector extends Vector {
  readonly schemaSet: string;
}

export interface InvalidVector {
  readonly name: string;
  readonly exiHex: string;
}

export const setsByName: Readonly<Record<string, SchemaSet>> = {
  'iso15118-2': iso15118_2,
  'iso15118-20-common': iso15118_20Common,
  'app-protocol': appProtocol,
  xmldsig,
};

export function setNamed(name: string): SchemaSet {
  const set = setsByName[name];
  if (set === undefined) throw new Error(`no schema set ${name}`);
  return set;
}

export function vectorsIn<V = Vector>(file: string): V[] {
  return JSON.parse(readFileSync(vectorPath(`${file}.json`), 'utf8')).vectors;
}

export function vectorPath(file: string): URL {
  return new URL(`./vectors/${file}`, import.meta.url);
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** ChargingStatusReq, SessionID 00: the worked example of the EXI profile. */
export const chargingStatusReq = fromHex('8098004010b0');
/** In bits, as `fromBits` takes them. */
export const HEADER = '10000000 |';

/** Octets from bits written as text; words, spaces and `|` are only for the eye, the last octet is padded with zeros. */
export function fromBits(text: string): Uint8Array {
  const bits = text.replace(/[A-Za-z]\w*|[^01]/g, '');
  const octets = bits.match(/.{1,8}/g) ?? [];
  return Uint8Array.from(octets, (octet) => Number.parseInt(octet.padEnd(8, '0'), 2));
}
