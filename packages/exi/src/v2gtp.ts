import { ExiError } from './errors.ts';

/** What a V2GTP message carries (ISO 15118-2 §7.8.3): eight octets of header, then the payload. */
export interface V2gtpMessage {
  /** `0x8001` to `0x8fff` are EXI streams; `0x8001` is the handshake and all of ISO 15118-2, `0x8002` ISO 15118-20. */
  readonly payloadType: number;
  /** A view on the octets that came in. */
  readonly payload: Uint8Array;
}

/** Octets. */
export const V2GTP_HEADER_SIZE = 8;
const VERSION = 0x01;
const INVERSE_VERSION = 0xfe;

/** Whether the octets begin as every V2GTP message does, with version 1 and its inverse. EXI never does. */
export function isV2gtp(bytes: Uint8Array): boolean {
  return bytes[0] === VERSION && bytes[1] === INVERSE_VERSION;
}

/** What a V2GTP header says, whether or not it is so. */
export interface V2gtpHeader {
  readonly payloadType: number;
  /** Octets behind the header. */
  readonly payloadLength: number;
}

/** The header of a V2GTP message; undefined when the octets begin with none, or end within it. */
export function readV2gtpHeader(bytes: Uint8Array): V2gtpHeader | undefined {
  if (!isV2gtp(bytes) || bytes.length < V2GTP_HEADER_SIZE) return undefined;
  const header = new DataView(bytes.buffer, bytes.byteOffset, V2GTP_HEADER_SIZE);
  return { payloadType: header.getUint16(2), payloadLength: header.getUint32(4) };
}

/**
 * Takes the header off a V2GTP message. Throws ExiError `invalid-header` for octets that are none, `truncated` when
 * there are fewer octets than the header says, `trailing-bytes` when there are more (unless `allowTrailing`, then they
 * are left out). Bit offsets count from the first bit of the header.
 */
export function peelV2gtp(bytes: Uint8Array, options: { readonly allowTrailing?: boolean } = {}): V2gtpMessage {
  if (!isV2gtp(bytes)) {
    const found = bytes.length === 0 ? 'nothing' : [...bytes.subarray(0, 2)].map(hex).join(' ');
    throw new ExiError('invalid-header', `the V2GTP message begins with ${found}`, {
      bitOffset: 0,
      expected: ['01 fe'],
    });
  }
  const header = readV2gtpHeader(bytes);
  if (header === undefined) {
    const bitOffset = bytes.length * 8;
    throw new ExiError('truncated', `a V2GTP header of ${bytes.length} octets`, { bitOffset, expected: ['8 octets'] });
  }
  const { payloadType, payloadLength: length } = header;
  const behind = bytes.length - V2GTP_HEADER_SIZE;
  const expected = [`${length} octets`];
  if (behind < length) {
    const bitOffset = bytes.length * 8;
    throw new ExiError('truncated', `a V2GTP payload of ${behind} octets`, { bitOffset, expected });
  }
  if (behind > length && options.allowTrailing !== true) {
    const bitOffset = (V2GTP_HEADER_SIZE + length) * 8;
    throw new ExiError('trailing-bytes', `a V2GTP payload of ${behind} octets`, { bitOffset, expected });
  }
  return { payloadType, payload: bytes.subarray(V2GTP_HEADER_SIZE, V2GTP_HEADER_SIZE + length) };
}

/** The EXI stream in octets that may have a V2GTP header before it. */
export function exiIn(bytes: Uint8Array, options: { readonly allowTrailing?: boolean }): Uint8Array {
  if (!isV2gtp(bytes)) return bytes;
  const { payloadType, payload } = peelV2gtp(bytes, options);
  if (payloadType >>> 12 === 8) return payload;
  throw new ExiError('invalid-header', `V2GTP payload type ${hex(payloadType)}`, {
    bitOffset: 16,
    expected: ['8001 to 8fff, which are EXI'],
  });
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}
