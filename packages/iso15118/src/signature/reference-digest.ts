import { createHash } from 'node:crypto';
import type { ReferenceDigest } from '../algorithms.ts';
import { digestOf } from '../digest.ts';

/** Digest of the fragment of an element, in the size that is written. */
export function referenceDigest(digest: ReferenceDigest, fragment: Uint8Array): Uint8Array {
  return digestOfSize(digest, fragment, digest.size);
}

/** Whether a digest value that came in is that of the fragment. */
export function isDigestOf(digest: ReferenceDigest, fragment: Uint8Array, value: Uint8Array): boolean {
  if (value.length < digest.size || value.length > digest.largestSize) return false;
  return Buffer.compare(digestOfSize(digest, fragment, value.length), value) === 0;
}

function digestOfSize(digest: ReferenceDigest, fragment: Uint8Array, outputLength: number): Uint8Array {
  return digest.largestSize === digest.size
    ? digestOf(digest.hash, fragment)
    : Uint8Array.from(createHash(digest.hash, { outputLength }).update(fragment).digest());
}
