/**
 * Keys in a PKCS#11 token (an HSM, SoftHSM2): made there, never outside of it. Signing happens in the token on a digest
 * made here. Its library runs in a process of its own, and there is a bound for all who wait for it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { algorithms, type CurveName, DerReader, der, type Signer, spkiOf } from '@plugpool/iso15118/pki';
import { TokenError } from '../kernel/token-error.ts';
import type { TokenSettings } from './key-locations.ts';
import { tokenLine } from './token-line.ts';

export interface TokenKey {
  /** By which the token knows the key: CKA_ID in hexadecimal. */
  readonly reference: string;
  readonly spki: Uint8Array;
  readonly signer: Signer;
}

export interface Token {
  /** @throws TokenError, also for Ed448 */
  generate(curve: CurveName, label: string): Promise<TokenKey>;
  /** @throws TokenError when the token is not there or has no such key */
  signer(reference: string, curve: CurveName, publicKey: Signer['publicKey']): Promise<Signer>;
  /** @throws TokenError when the token does not sign */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Connects on first use. */
export function token(settings: TokenSettings): Token {
  const line = tokenLine(settings);
  let checking: Promise<unknown> | undefined;

  function signerOf(reference: string, curve: CurveName, publicKey: Signer['publicKey']): Signer {
    const { signatureHash, signatureSize } = algorithms[curve];
    return {
      curve,
      publicKey,
      async sign(data) {
        // CKM_ECDSA takes the digest and gives r‖s, so the token sees 32 or 64 octets whatever is signed.
        const digest = createHash(signatureHash ?? 'sha512')
          .update(data)
          .digest();
        return Uint8Array.from(await line.call('sign', { name: 'sign', reference, digest, signatureSize }));
      },
    };
  }

  return {
    async generate(curve, label) {
      const ecParams = ecParamsOf(curve);
      if (ecParams === undefined) {
        throw new TokenError(
          `Ed448 keys are not kept in tokens: put ${label}=database before the rule that says pkcs11`,
        );
      }
      const reference = randomBytes(16).toString('hex');
      const point = await line.call('make a key', { name: 'generate', reference, label, ecParams });
      const spki = spkiOf(curve, pointIn(point, curve));
      const publicKey = { point: spki.subarray(spki.length - algorithms[curve].pointSize), spki };
      return { reference, spki, signer: signerOf(reference, curve, publicKey) };
    },
    async signer(reference, curve, publicKey) {
      await line.call('find a key', { name: 'find', reference });
      return signerOf(reference, curve, publicKey);
    },
    async check() {
      // However many ask at the same time, the token is asked once.
      const ecParams = ecParamsOf('secp256r1') ?? new Uint8Array(0);
      checking ??= line.call('sign', { name: 'check', ecParams }).finally(() => {
        checking = undefined;
      });
      await checking;
    },
    close: line.close,
  };
}

/** Undefined for Ed448, which CKM_EC_KEY_PAIR_GEN does not make. */
function ecParamsOf(curve: CurveName): Uint8Array | undefined {
  const { curveOid } = algorithms[curve];
  return curveOid === undefined ? undefined : der.encodeDer(der.oid(curveOid));
}

/** An OCTET STRING around the point by the standard; some tokens give the point itself. */
function pointIn(value: Uint8Array, curve: CurveName): Uint8Array {
  if (value.length === algorithms[curve].pointSize) return Uint8Array.from(value);
  return Uint8Array.from(new DerReader(value).readOctetString('CKA_EC_POINT'));
}
