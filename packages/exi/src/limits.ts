/** What a decoder is willing to read. All counts are checked before anything is allocated. */
export interface Limits {
  /** Octets of the whole input. */
  readonly inputOctets: number;
  /** Code points of one string. */
  readonly stringLength: number;
  /** Octets of one binary value. */
  readonly binaryLength: number;
  /** Octets of one EXI integer, seven bits each. */
  readonly integerOctets: number;
  /** Entries of one list, on top of what the schema allows. */
  readonly occurrences: number;
  /** Nested elements. In streams those with a plain value do not count. */
  readonly depth: number;
}

/**
 * Generous for every ISO 15118 message: the largest real ones have some 10 KiB, certificates stay under 2 KiB, the
 * longest list has 2,048 entries, serial numbers have 20 octets (23 EXI octets).
 */
export const defaultLimits: Limits = Object.freeze({
  inputOctets: 256 * 1024,
  stringLength: 16 * 1024,
  binaryLength: 64 * 1024,
  integerOctets: 64,
  occurrences: 4096,
  depth: 32,
});
