/**
 * Octets that are few and many times made. An engine allocates each array of more than 64 of them outside its heap and sweeps
 * it up by itself, which costs more than what is written into most: these share larger blocks.
 */
const BLOCK = 8192;
/** Longer ones have memory of their own: a block would be thrown away half empty. */
const LONGEST = 1024;

let block = new Uint8Array(BLOCK);
let used = 0;

/**
 * The same octets. Not of secrets: whoever is given octets of the same block could read them through `buffer`. And not for
 * what is kept for long, which would keep its whole block.
 */
export function shortLivedCopy(octets: Uint8Array): Uint8Array {
  const copy = shortLivedOctets(octets.length);
  copy.set(octets);
  return copy;
}

/** So many zeros, for the same. */
export function shortLivedOctets(length: number): Uint8Array {
  if (length > LONGEST) return new Uint8Array(length);
  if (used + length > BLOCK) {
    block = new Uint8Array(BLOCK);
    used = 0;
  }
  used += length;
  return block.subarray(used - length, used);
}
