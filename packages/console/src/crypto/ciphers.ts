/** The two ciphers of the contract key envelope, in the shape of `node:crypto`: one `update`, then `final`. */
import { cbc, gcm } from '@noble/ciphers/aes.js';

const nothing = new Uint8Array(0);
const tagSize = 16;

class AesCbc {
  readonly #work: (data: Uint8Array) => Uint8Array;

  constructor(work: (data: Uint8Array) => Uint8Array) {
    this.#work = work;
  }

  setAutoPadding(): this {
    return this;
  }

  update(data: Uint8Array): Uint8Array {
    return this.#work(data);
  }

  final(): Uint8Array {
    return nothing;
  }
}

class AesGcm {
  readonly #key: Uint8Array;
  readonly #iv: Uint8Array;
  readonly #opens: boolean;
  #aad = nothing;
  #tag = nothing;
  #fault: unknown;

  constructor(key: Uint8Array, iv: Uint8Array, opens: boolean) {
    this.#key = key;
    this.#iv = iv;
    this.#opens = opens;
  }

  setAAD(aad: Uint8Array): this {
    this.#aad = Uint8Array.from(aad);
    return this;
  }

  setAuthTag(tag: Uint8Array): this {
    this.#tag = Uint8Array.from(tag);
    return this;
  }

  getAuthTag(): Uint8Array {
    return this.#tag;
  }

  update(data: Uint8Array): Uint8Array {
    const cipher = gcm(this.#key, this.#iv, this.#aad);
    if (this.#opens) {
      try {
        return cipher.decrypt(Uint8Array.from([...data, ...this.#tag]));
      } catch (fault) {
        this.#fault = fault;
        return new Uint8Array(data.length);
      }
    }
    const sealed = cipher.encrypt(data);
    this.#tag = sealed.slice(-tagSize);
    return sealed.slice(0, -tagSize);
  }

  final(): Uint8Array {
    if (this.#fault !== undefined) throw this.#fault;
    return nothing;
  }
}

export function createCipheriv(name: string, key: Uint8Array, iv: Uint8Array): AesCbc | AesGcm {
  if (name !== 'aes-128-cbc') return new AesGcm(key, iv, false);
  return new AesCbc((data) => cbc(key, iv, { disablePadding: true }).encrypt(data));
}

export function createDecipheriv(name: string, key: Uint8Array, iv: Uint8Array): AesCbc | AesGcm {
  if (name !== 'aes-128-cbc') return new AesGcm(key, iv, true);
  return new AesCbc((data) => cbc(key, iv, { disablePadding: true }).decrypt(data));
}
