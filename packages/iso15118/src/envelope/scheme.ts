import { algorithms, type CurveName, type Edition } from '../algorithms.ts';
import { pointProblem } from '../certificates/public-key.ts';
import { EnvelopeError } from './envelope-error.ts';

/** Curve of the key agreement. `ed448` is taken for `x448`: vehicles with Ed448 certificates agree keys on X448. */
export type EnvelopeCurve = CurveName | 'x448';

/** How one curve's contract keys are sealed. Sizes in octets. */
export interface EnvelopeScheme {
  readonly curve: 'secp256r1' | 'secp521r1' | 'x448';
  readonly edition: Edition;
  readonly form: Exclude<EnvelopeForm, 'TPM'>;
  readonly hash: 'sha256' | 'sha512';
  readonly cipher: 'aes-128-cbc' | 'aes-256-gcm';
  readonly keySize: number;
  readonly ivSize: number;
  readonly tagSize: number;
  readonly plaintextSize: number;
  readonly encryptedSize: number;
  readonly dhPublicKeySize: number;
}

const iso2 = {
  edition: 'ISO15118-2',
  hash: 'sha256',
  cipher: 'aes-128-cbc',
  keySize: 16,
  ivSize: 16,
  tagSize: 0,
} as const;
const iso20 = {
  edition: 'ISO15118-20',
  hash: 'sha512',
  cipher: 'aes-256-gcm',
  keySize: 32,
  ivSize: 12,
  tagSize: 16,
} as const;

const x448: EnvelopeScheme = {
  curve: 'x448',
  form: 'X448',
  ...iso20,
  plaintextSize: 56,
  encryptedSize: 84,
  dhPublicKeySize: 56,
};
const schemes: Readonly<Record<EnvelopeCurve, EnvelopeScheme>> = {
  secp256r1: {
    curve: 'secp256r1',
    form: 'AES-CBC',
    ...iso2,
    plaintextSize: 32,
    encryptedSize: 48,
    dhPublicKeySize: 65,
  },
  secp521r1: {
    curve: 'secp521r1',
    form: 'SECP521',
    ...iso20,
    plaintextSize: 66,
    encryptedSize: 94,
    dhPublicKeySize: 133,
  },
  x448,
  ed448: x448,
};

/** @throws EnvelopeError `wrong-edition` when the curve is not one of the edition */
export function schemeOf(curve: EnvelopeCurve, edition?: Edition): EnvelopeScheme {
  const scheme = schemes[curve];
  if (edition !== undefined && edition !== scheme.edition) {
    throw new EnvelopeError('wrong-edition', 'edition', `${curve} is not a curve of ${edition}`);
  }
  return scheme;
}

/** How a contract key is sealed: towards a key of the vehicle, or into its TPM, which alone can open it. */
export type EnvelopeForm = 'AES-CBC' | 'SECP521' | 'X448' | 'TPM';

/** Octets of a key that is sealed into a TPM, `TPM_EncryptedPrivateKey` of ISO 15118-20. */
export const tpmSealedSize = 206;

/**
 * The form of an envelope, told by its size, and the curve of the agreement as messages of ISO 15118-20 name it.
 * @throws EnvelopeError `wrong-length` for an envelope of no form on this curve
 */
export function formOf(
  curve: EnvelopeCurve,
  encryptedPrivateKey: Uint8Array,
): { readonly form: EnvelopeForm; readonly ecdhCurve: 'SECP521' | 'X448' } {
  const scheme = schemeOf(curve);
  const ecdhCurve = scheme.curve === 'x448' ? 'X448' : 'SECP521';
  const { length } = encryptedPrivateKey;
  if (length === scheme.encryptedSize) return { form: scheme.form, ecdhCurve };
  if (length === tpmSealedSize && scheme.edition === 'ISO15118-20') return { form: 'TPM', ecdhCurve };
  const orTpm = scheme.edition === 'ISO15118-20' ? ` (or ${tpmSealedSize} for a TPM)` : '';
  throw new EnvelopeError(
    'wrong-length',
    'encryptedPrivateKey',
    `the encrypted private key for ${scheme.curve} must have ${scheme.encryptedSize} octets${orTpm}, not ${length}`,
  );
}

/**
 * Sizes of both fields, and that the DH public key is a point on the curve: all that can be known of an envelope
 * without the vehicle's key.
 * @throws EnvelopeError `wrong-length`, `point-not-on-curve` or, on X448, `no-shared-secret`
 */
export function checkEnvelopeShape(
  curve: EnvelopeCurve,
  encryptedPrivateKey: Uint8Array,
  dhPublicKey: Uint8Array,
): void {
  const scheme = schemeOf(curve);
  formOf(curve, encryptedPrivateKey);
  agreementKey(scheme, dhPublicKey, 'dhPublicKey');
}

const paddedX448Size = 133;

/**
 * A public key for the agreement, in its plain form: a checked uncompressed point, or the 56 octets of X448. X448 keys
 * are also read with one zero octet in front (57) or zeros behind (133, the size of the schema), since the standard
 * leaves open how they get there.
 * @throws EnvelopeError `wrong-length`, `point-not-on-curve` or, on X448, `no-shared-secret`
 */
export function agreementKey(
  scheme: EnvelopeScheme,
  octets: Uint8Array,
  part: 'dhPublicKey' | 'vehicleKey',
): Uint8Array {
  const title = part === 'dhPublicKey' ? 'the DH public key' : 'the public key of the vehicle';
  if (scheme.curve === 'x448') {
    const plain = plainX448(octets, scheme.dhPublicKeySize);
    if (plain === undefined) {
      throw new EnvelopeError('wrong-length', part, `${title} for x448 must have ${scheme.dhPublicKeySize} octets`);
    }
    if (isOfLowOrder(plain)) {
      throw new EnvelopeError('no-shared-secret', part, `${title} is a point of low order, of which no secret comes`);
    }
    return plain;
  }
  const problem = pointProblem(scheme.curve, octets);
  if (problem === undefined) {
    return octets;
  }
  if (problem.kind === 'point-not-on-curve') {
    throw new EnvelopeError('point-not-on-curve', part, `${title} is not a point on ${scheme.curve}`);
  }
  const { pointSize } = algorithms[scheme.curve];
  throw new EnvelopeError(
    'wrong-length',
    part,
    `${title} must be an uncompressed point on ${scheme.curve}: ${pointSize} octets that begin with 04`,
  );
}

function plainX448(octets: Uint8Array, size: number): Uint8Array | undefined {
  if (octets.length === size) {
    return octets;
  }
  if (octets.length === size + 1 && octets[0] === 0) {
    return octets.subarray(1);
  }
  const behind = octets.subarray(size);
  return octets.length === paddedX448Size && behind.every((octet) => octet === 0)
    ? octets.subarray(0, size)
    : undefined;
}

const x448Prime = 2n ** 448n - 2n ** 224n - 1n;

/** The points of order 1, 2 and 4 have u = 0, 1 or −1, little-endian; with them Z is zero (RFC 7748 §6.2). */
function isOfLowOrder(plain: Uint8Array): boolean {
  const u = BigInt(`0x${Buffer.from(plain.toReversed()).toString('hex')}`) % x448Prime;
  return u === 0n || u === 1n || u === x448Prime - 1n;
}
