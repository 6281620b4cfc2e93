import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { shake256 } from '@noble/hashes/sha3.js';

/** The hashes of ISO 15118, X.509 and OCSP, by their names in `node:crypto`. */
const hashes: Readonly<Record<string, (data: Uint8Array, size: number | undefined) => Uint8Array>> = {
  sha1: (data) => sha1(data),
  sha256: (data) => sha256(data),
  sha384: (data) => sha384(data),
  sha512: (data) => sha512(data),
  shake256: (data, size = 32) => shake256(data, { dkLen: size }),
};

export function digest(name: string, data: Uint8Array, size?: number): Uint8Array {
  const hash = hashes[name];
  if (hash === undefined) throw new Error(`there is no hash ${name} here`);
  return hash(data, size);
}
