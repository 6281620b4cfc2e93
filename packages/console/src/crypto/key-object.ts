/** Keys as `node:crypto` has them, as far as `@plugpool/iso15118` looks at them. */
import { ed448 } from '@noble/curves/ed448.js';
import { p256, p521 } from '@noble/curves/nist.js';

export type Curve = 'prime256v1' | 'secp521r1' | 'ed448';

/** What stands before the octets of a key in SubjectPublicKeyInfo: RFC 5480 and RFC 8410 leave no choice. */
const spkiPrefixes: Readonly<Record<Curve, string>> = {
  prime256v1: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
  secp521r1: '30819b301006072a8648ce3d020106052b8104002303818600',
  ed448: '3043300506032b6571033a00',
};

/** What stands before the scalar in PKCS #8 without a public key (RFC 5208, RFC 5915). */
const pkcs8Prefixes: Readonly<Record<Exclude<Curve, 'ed448'>, string>> = {
  prime256v1: '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
  secp521r1: '3060020100301006072a8648ce3d020106052b81040023044930470201010442',
};

export const ecCurves = { prime256v1: p256, secp521r1: p521 } as const;

export class KeyObject {
  readonly type: 'public' | 'private';
  readonly curve: Curve;
  readonly point: Uint8Array;
  /** Of private keys. */
  readonly secret: Uint8Array | undefined;

  constructor(curve: Curve, point: Uint8Array, secret?: Uint8Array) {
    this.type = secret === undefined ? 'public' : 'private';
    this.curve = curve;
    this.point = point;
    this.secret = secret;
  }

  export(form: { readonly format: 'jwk' }): { readonly x: string; readonly y: string };
  export(form: { readonly format?: string; readonly type: string }): Buffer;
  export({ format, type }: { readonly format?: string; readonly type?: string }) {
    if (format === 'jwk') return this.#coordinates();
    if (type === 'pkcs8') return this.#pkcs8();
    return Buffer.concat([Buffer.from(spkiPrefixes[this.curve], 'hex'), this.point]);
  }

  /** In base64; who reads base64url reads that as well. */
  #coordinates() {
    const size = (this.point.length - 1) / 2;
    const x = Buffer.from(this.point.subarray(1, 1 + size)).toString('base64');
    const y = Buffer.from(this.point.subarray(1 + size)).toString('base64');
    return { x, y };
  }

  /** For whoever seals the key for one car, in this page. */
  #pkcs8(): Buffer {
    if (this.secret === undefined || this.curve === 'ed448') throw new Error('there is no PKCS #8 of this key here');
    return Buffer.concat([Buffer.from(pkcs8Prefixes[this.curve], 'hex'), this.secret]);
  }
}

export function keyOfSecret(curve: Curve, secret: Uint8Array): KeyObject {
  const point = curve === 'ed448' ? ed448.getPublicKey(secret) : ecCurves[curve].getPublicKey(secret, false);
  return new KeyObject(curve, point, secret);
}

/** @throws Error for SubjectPublicKeyInfo of any other kind of key */
export function keyOfSpki(spki: Uint8Array): KeyObject {
  const hex = Buffer.from(spki).toString('hex');
  for (const curve of ['prime256v1', 'secp521r1', 'ed448'] as const) {
    const prefix = spkiPrefixes[curve];
    if (hex.startsWith(prefix)) return new KeyObject(curve, Uint8Array.from(spki.subarray(prefix.length / 2)));
  }
  throw new Error('this is no public key on a curve of ISO 15118');
}

/** Where the scalar begins in PKCS #8 of an elliptic curve key (RFC 5915): version 1, then an OCTET STRING. */
const scalarMarks: readonly (readonly [Curve, string, number])[] = [
  ['prime256v1', '0201010420', 32],
  ['secp521r1', '0201010442', 66],
];

/** @throws Error for PKCS #8 of any other kind of key */
export function keyOfPkcs8(pkcs8: Uint8Array): KeyObject {
  const hex = Buffer.from(pkcs8).toString('hex');
  for (const [curve, mark, size] of scalarMarks) {
    const at = hex.indexOf(mark);
    if (at < 0) continue;
    const start = (at + mark.length) / 2;
    return keyOfSecret(curve, Uint8Array.from(pkcs8.subarray(start, start + size)));
  }
  throw new Error('this is no private key on a curve of ISO 15118');
}
