/**
 * The contract key envelope: a contract's private key encrypted for one vehicle. ISO 15118-2 [V2G2-815 … 823] and
 * ISO 15118-20 [V2G20-2492 … 2535].
 */
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { algorithms, type Edition } from '../algorithms.ts';
import { privateKeyFromScalar } from '../certificates/keys.ts';
import { agreeEphemeral, agreeStatic, deriveKey } from './agreement.ts';
import { copyPrivateOctets } from './contract-key.ts';
import { EnvelopeError } from './envelope-error.ts';
import {
  agreementKey,
  checkEnvelopeShape,
  type EnvelopeCurve,
  type EnvelopeScheme,
  formOf,
  schemeOf,
} from './scheme.ts';

/** What ISO 15118-20 binds an envelope to; ISO 15118-2 binds it to nothing. */
export interface EnvelopeBinding {
  /** PCID of the vehicle, any case. */
  readonly pcid?: string | undefined;
  /** Subject key identifier of the contract certificate, as that carries it. */
  readonly contractSki?: Uint8Array | undefined;
}

export interface SealOptions extends EnvelopeBinding {
  /** Checked against the curve where given. */
  readonly edition?: Edition;
  /** Curve of the vehicle's key. */
  readonly curve: EnvelopeCurve;
  /** Uncompressed point of the vehicle's certificate, or the 56 octets of its X448 key. */
  readonly vehiclePublicKey: Uint8Array;
  /** Private key of the contract certificate: a key object, or its scalar (32 or 66 octets; 56 opaque for X448). */
  readonly contractKey: KeyObject | Uint8Array;
  /** Only for reproducing test vectors; otherwise fresh and random. */
  readonly ephemeralPrivateKey?: Uint8Array;
  readonly iv?: Uint8Array;
}

/** The two fields of the message; in -20 they are `SECP521_…`/`X448_EncryptedPrivateKey` and `DHPublicKey`. */
export interface Envelope {
  readonly encryptedPrivateKey: Uint8Array;
  readonly dhPublicKey: Uint8Array;
}

/**
 * Encrypts a contract key for one vehicle.
 * @throws EnvelopeError when the keys are not on the curve, the scalar is out of range or the binding of -20 is missing
 */
export function sealContractKey(options: SealOptions): Envelope {
  const scheme = schemeOf(options.curve, options.edition);
  const aad = associatedData(scheme, options);
  const vehicleKey = agreementKey(scheme, options.vehiclePublicKey, 'vehicleKey');
  const plaintext = copyPrivateOctets(scheme, options.contractKey);
  try {
    checkScalar(scheme, plaintext);
    const { sharedSecret, ownPublicKey } = agreeEphemeral(scheme, vehicleKey, options.ephemeralPrivateKey);
    const key = deriveKey(scheme, sharedSecret);
    sharedSecret.fill(0);
    const iv = options.iv ?? randomBytes(scheme.ivSize);
    const encryptedPrivateKey = encrypt(scheme, key, iv, aad, plaintext);
    key.fill(0);
    return { encryptedPrivateKey, dhPublicKey: ownPublicKey };
  } finally {
    plaintext.fill(0);
  }
}

export interface OpenOptions extends EnvelopeBinding, Envelope {
  readonly edition?: Edition;
  readonly curve: EnvelopeCurve;
  /** The vehicle's private key: a key object, or its scalar (56 octets for X448). */
  readonly vehiclePrivateKey: KeyObject | Uint8Array;
  /** Point of the contract certificate. Needed on secp256r1 and secp521r1; X448 contents cannot be checked. */
  readonly contractPublicKey: Uint8Array | undefined;
}

export interface OpenedContractKey {
  /** Big-endian scalar, or the 56 opaque octets of X448. Overwrite it after use. */
  readonly scalar: Uint8Array;
  /** The contract key for node:crypto; `undefined` for X448. */
  readonly privateKey: KeyObject | undefined;
}

/**
 * Decrypts a contract key as the vehicle does, and checks that it is that of the contract certificate [V2G2-823].
 * @throws EnvelopeError for every envelope that does not hold the key
 */
export function openContractKey(options: OpenOptions): OpenedContractKey {
  const scheme = schemeOf(options.curve, options.edition);
  const aad = associatedData(scheme, options);
  checkEnvelopeShape(options.curve, options.encryptedPrivateKey, options.dhPublicKey);
  if (formOf(options.curve, options.encryptedPrivateKey).form === 'TPM') {
    const text = 'the encrypted private key is sealed into the TPM of the vehicle, which alone can open it';
    throw new EnvelopeError('sealed-for-tpm', 'encryptedPrivateKey', text);
  }
  const dhPublicKey = agreementKey(scheme, options.dhPublicKey, 'dhPublicKey');
  const sharedSecret = agreeStatic(scheme, dhPublicKey, options.vehiclePrivateKey);
  const key = deriveKey(scheme, sharedSecret);
  sharedSecret.fill(0);
  const scalar = decrypt(scheme, key, aad, options.encryptedPrivateKey);
  key.fill(0);
  try {
    checkScalar(scheme, scalar);
    return { scalar, privateKey: privateKeyFor(scheme, scalar, options.contractPublicKey) };
  } catch (error) {
    scalar.fill(0);
    throw error;
  }
}

function privateKeyFor(
  { curve }: EnvelopeScheme,
  scalar: Uint8Array,
  expected: Uint8Array | undefined,
): KeyObject | undefined {
  if (curve === 'x448') {
    return undefined;
  }
  const ecdh = createECDH(algorithms[curve].ecdhName ?? '');
  ecdh.setPrivateKey(scalar);
  const point = ecdh.getPublicKey();
  if (expected === undefined || Buffer.compare(point, expected) !== 0) {
    throw new EnvelopeError(
      'key-mismatch',
      'encryptedPrivateKey',
      'the private key is not that of the contract certificate',
    );
  }
  return privateKeyFromScalar(curve, scalar, point);
}

function checkScalar({ curve }: EnvelopeScheme, scalar: Uint8Array): void {
  const order = curve === 'x448' ? undefined : algorithms[curve].order;
  if (order !== undefined && (Buffer.compare(scalar, order) >= 0 || scalar.every((octet) => octet === 0))) {
    throw new EnvelopeError(
      'scalar-out-of-range',
      'contractKey',
      `the private key is not within the order of ${curve}`,
    );
  }
}

/** PCID in upper case, then the subject key identifier as upper-case hex [V2G20-2492]. */
export function associatedData(scheme: EnvelopeScheme, { pcid, contractSki }: EnvelopeBinding): Uint8Array | undefined {
  if (scheme.tagSize === 0) {
    return undefined;
  }
  if (pcid === undefined || pcid === '') {
    throw new EnvelopeError('missing-binding', 'pcid', `an envelope of ${scheme.edition} is bound to a PCID`);
  }
  if (contractSki === undefined || contractSki.length === 0) {
    throw new EnvelopeError(
      'missing-binding',
      'contractSki',
      `an envelope of ${scheme.edition} is bound to the subject key identifier of the contract certificate`,
    );
  }
  return Buffer.from(pcid.toUpperCase() + Buffer.from(contractSki).toString('hex').toUpperCase(), 'latin1');
}

function encrypt(
  { cipher: name, tagSize }: EnvelopeScheme,
  key: Uint8Array,
  iv: Uint8Array,
  aad: Uint8Array | undefined,
  plaintext: Uint8Array,
): Uint8Array {
  const secret = createSecretKey(key);
  if (name === 'aes-128-cbc') {
    const cipher = createCipheriv(name, secret, iv).setAutoPadding(false);
    return joined(iv, cipher.update(plaintext), cipher.final());
  }
  const cipher = createCipheriv(name, secret, iv, { authTagLength: tagSize }).setAAD(aad ?? new Uint8Array(0));
  return joined(iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

function decrypt(
  { cipher: name, ivSize, tagSize }: EnvelopeScheme,
  key: Uint8Array,
  aad: Uint8Array | undefined,
  sealed: Uint8Array,
): Uint8Array {
  const iv = sealed.subarray(0, ivSize);
  const ciphertext = sealed.subarray(ivSize, sealed.length - tagSize);
  if (name === 'aes-128-cbc') {
    const decipher = createDecipheriv(name, key, iv).setAutoPadding(false);
    const decrypted = decipher.update(ciphertext);
    const plaintext = joined(decrypted, decipher.final());
    decrypted.fill(0);
    return plaintext;
  }
  const decipher = createDecipheriv(name, key, iv, { authTagLength: tagSize }).setAAD(aad ?? new Uint8Array(0));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagSize));
  const plaintext = decipher.update(ciphertext);
  try {
    decipher.final();
  } catch (cause) {
    plaintext.fill(0);
    throw new EnvelopeError(
      'authentication-failed',
      'encryptedPrivateKey',
      'the encrypted private key was changed, or is for another vehicle or contract certificate',
      { cause },
    );
  }
  const copy = Uint8Array.from(plaintext);
  plaintext.fill(0);
  return copy;
}

/** The parts one after another in octets of their own. */
function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
