import { readV2gtpHeader, V2GTP_HEADER_SIZE, type V2gtpHeader } from '@plugpool/exi';

/** What was handed in, as octets. */
export interface ExiInput {
  /** Without the V2GTP header, if there was one. */
  readonly exi: Uint8Array;
  readonly v2gtp: AnnouncedLength | undefined;
}

/** What a V2GTP header says, and how much there is. */
export interface AnnouncedLength extends V2gtpHeader {
  /** Octets that follow the header. */
  readonly octetsBehind: number;
}

/** Takes a V2GTP header off, where there is one. */
export function exiInputOf(octets: Uint8Array): ExiInput {
  const header = readV2gtpHeader(octets);
  if (header === undefined) return { exi: octets, v2gtp: undefined };
  const exi = octets.subarray(V2GTP_HEADER_SIZE);
  return { exi, v2gtp: { ...header, octetsBehind: exi.length } };
}

/** The octets that a text of nothing else spells in base64 or hexadecimal, whatever blanks are in it. */
export function octetsOfText(text: string): Uint8Array | undefined {
  const plain = text.replace(/\s+/g, '').replace(/^"(.*)"$/, '$1');
  const hex = plain.replace(/^0x/i, '').replaceAll(':', '');
  if (hex.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(hex)) return Buffer.from(hex, 'hex');
  const base64 = plain.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  return base64.length % 4 !== 1 && /^[A-Za-z0-9+/]+$/.test(base64) ? Buffer.from(base64, 'base64') : undefined;
}
