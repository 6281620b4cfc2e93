/**
 * Stands in for `node:crypto` in the browser, so that `@plugpool/iso15118` and `@plugpool/client` run there as they
 * are. WebCrypto answers with promises and has neither Ed448 nor P-521 everywhere; their code asks and expects the
 * answer. Only what these packages use is here.
 */
import { ed448 } from '@noble/curves/ed448.js';
import { digest } from './hashes.ts';
import { type Curve, ecCurves, KeyObject, keyOfPkcs8, keyOfSecret, keyOfSpki } from './key-object.ts';

export { createCipheriv, createDecipheriv } from './ciphers.ts';
export { KeyObject };

export function hash(name: string, data: Uint8Array, encoding: 'hex' | 'binary' | 'buffer'): Buffer | string {
  const octets = Buffer.from(digest(name, data));
  return encoding === 'buffer' ? octets : octets.toString(encoding);
}

export function createHash(name: string, { outputLength }: { readonly outputLength?: number } = {}) {
  const parts: Uint8Array[] = [];
  return {
    update(part: Uint8Array) {
      parts.push(part);
      return this;
    },
    digest(encoding?: 'hex') {
      const octets = Buffer.from(digest(name, Buffer.concat(parts), outputLength));
      return encoding === 'hex' ? octets.toString('hex') : octets;
    },
  };
}

export function randomBytes(size: number): Buffer {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(size)));
}

/** Evenly from 0 on, below `end`, which has to fit into an octet. */
export function randomInt(end: number): number {
  const most = 256 - (256 % end);
  for (;;) {
    const [octet = 0] = crypto.getRandomValues(new Uint8Array(1));
    if (octet < most) return octet % end;
  }
}

export function randomUUID(): string {
  return crypto.randomUUID();
}

interface KeyOctets {
  readonly key: Uint8Array;
}

/** Of a private key, of SubjectPublicKeyInfo, or of the same in PEM. */
export function createPublicKey(from: KeyObject | KeyOctets | string): KeyObject {
  if (from instanceof KeyObject) return new KeyObject(from.curve, from.point);
  return keyOfSpki(
    typeof from === 'string' ? Buffer.from(from.replaceAll(/-----[^-]*-----/g, ''), 'base64') : from.key,
  );
}

export function createPrivateKey({ key }: KeyOctets): KeyObject {
  return keyOfPkcs8(key);
}

/** For the ciphers, which take octets here; a copy, as the caller overwrites its own. */
export function createSecretKey(octets: Uint8Array): Uint8Array {
  return Uint8Array.from(octets);
}

export function generateKeyPairSync(kind: string, { namedCurve }: { readonly namedCurve?: string } = {}) {
  const curve = kind === 'ed448' ? 'ed448' : curveNamed(namedCurve);
  const secret = curve === 'ed448' ? ed448.utils.randomSecretKey() : ecCurves[curve].utils.randomSecretKey();
  const privateKey = keyOfSecret(curve, secret);
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

function curveNamed(name: string | undefined): Exclude<Curve, 'ed448'> {
  if (name === 'prime256v1' || name === 'secp521r1') return name;
  if (name === 'P-256') return 'prime256v1';
  if (name === 'P-521') return 'secp521r1';
  throw new Error(`there is no curve ${name} here`);
}

type KeyToUse = KeyObject | { readonly key: KeyObject; readonly dsaEncoding?: 'ieee-p1363' | 'der' };

function useOf(key: KeyToUse): { key: KeyObject; format: 'compact' | 'der' } {
  if (key instanceof KeyObject) return { key, format: 'der' };
  return { key: key.key, format: key.dsaEncoding === 'ieee-p1363' ? 'compact' : 'der' };
}

export function verify(hashName: string | null, data: Uint8Array, use: KeyToUse, signature: Uint8Array): boolean {
  const { key, format } = useOf(use);
  try {
    if (key.curve === 'ed448') return ed448.verify(signature, data, key.point);
    const hashed = digest(hashName ?? 'sha256', data);
    return ecCurves[key.curve].verify(signature, hashed, key.point, { prehash: false, lowS: false, format });
  } catch {
    // Octets that are no signature at all do not verify, as with OpenSSL.
    return false;
  }
}

export function sign(hashName: string | null, data: Uint8Array, use: KeyToUse): Buffer {
  const { key, format } = useOf(use);
  if (key.secret === undefined) throw new Error('a public key does not sign');
  if (key.curve === 'ed448') return Buffer.from(ed448.sign(data, key.secret));
  const hashed = digest(hashName ?? 'sha256', data);
  return Buffer.from(ecCurves[key.curve].sign(hashed, key.secret, { prehash: false, lowS: false, format }));
}

export function diffieHellman(keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }): Buffer {
  const { privateKey, publicKey } = keys;
  if (privateKey.curve === 'ed448' || privateKey.secret === undefined || privateKey.curve !== publicKey.curve) {
    throw new Error('no shared secret comes of these keys');
  }
  return sharedX(privateKey.curve, privateKey.secret, publicKey.point);
}

function sharedX(curve: Exclude<Curve, 'ed448'>, secret: Uint8Array, point: Uint8Array): Buffer {
  const shared = ecCurves[curve].getSharedSecret(secret, point, false);
  return Buffer.from(shared.subarray(1, 1 + (shared.length - 1) / 2));
}

/** Key agreement by octets instead of key objects. */
export class ECDH {
  readonly #curve: Exclude<Curve, 'ed448'>;
  #secret: Uint8Array = new Uint8Array(0);

  constructor(name: string) {
    this.#curve = curveNamed(name);
  }

  generateKeys(): Buffer {
    this.#secret = ecCurves[this.#curve].utils.randomSecretKey();
    return this.getPublicKey();
  }

  getPrivateKey(): Buffer {
    return Buffer.from(this.#secret);
  }

  setPrivateKey(secret: Uint8Array): void {
    if (!ecCurves[this.#curve].utils.isValidSecretKey(secret)) throw new Error('no private key on this curve');
    this.#secret = Uint8Array.from(secret);
  }

  getPublicKey(): Buffer {
    return Buffer.from(ecCurves[this.#curve].getPublicKey(this.#secret, false));
  }

  computeSecret(point: Uint8Array): Buffer {
    return sharedX(this.#curve, this.#secret, point);
  }
}

export function createECDH(name: string): ECDH {
  return new ECDH(name);
}
