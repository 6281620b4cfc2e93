/** The public keys by which a client shows who it is: by JWTs that it signs, or by certificates in TLS that carry them. */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { refuse } from '../kernel/domain-error.ts';

/** A JWK set (RFC 7517 §5) without private parts. */
export interface PublicKeys {
  readonly keys: readonly JsonWebKey[];
}

const MOST_KEYS = 10;
const LEAST_RSA_BITS = 2048;
const LONGEST_KEY_ID = 200;
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];

/**
 * From PEM (public keys, or certificates that carry them), a JWK or a JWK set, as text.
 * @throws DomainError `party-refused` naming `publicKeys`
 */
export function publicKeysInText(text: string): PublicKeys {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z ]+)-----[^-]*-----END \1-----/g)].map(([block]) => block);
  if (blocks.length > 0) return checked(blocks.map((block) => key(() => createPublicKey(block), undefined)));
  return publicKeysIn(parsed(text));
}

/**
 * From a JWK or a JWK set. Whatever else stands in it, only the public half is kept; the id stays.
 * @throws DomainError `party-refused` naming `publicKeys`
 */
export function publicKeysIn(value: unknown): PublicKeys {
  const members = new Map<string, unknown>(Object.entries(Object(value)));
  const keys: unknown = members.has('keys') ? members.get('keys') : [value];
  if (!Array.isArray(keys)) throw unfit('must be a JWK set');
  return checked(
    keys.slice(0, MOST_KEYS + 1).map((each) => {
      const jwk: JsonWebKey = { ...Object(each) };
      const kid: unknown = new Map<string, unknown>(Object.entries(jwk)).get('kid');
      return key(() => createPublicKey({ key: jwk, format: 'jwk' }), kid);
    }),
  );
}

function checked(keys: readonly JsonWebKey[]): PublicKeys {
  if (keys.length === 0) throw unfit('must not be empty');
  if (keys.length > MOST_KEYS) throw unfit(`must hold ${MOST_KEYS} keys at most`);
  return { keys };
}

function key(read: () => KeyObject, kid: unknown): JsonWebKey {
  const found = readKey(read);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = found;
  const fits =
    type === 'ed25519' ||
    (type === 'ec' && CURVES.includes(details?.namedCurve ?? '')) ||
    (type === 'rsa' && (details?.modulusLength ?? 0) >= LEAST_RSA_BITS);
  if (!fits) throw unfit('must be keys on P-256, P-384, P-521 or Ed25519, or RSA keys of 2048 bits');
  const isName = typeof kid === 'string' && kid.length <= LONGEST_KEY_ID && !kid.includes('\0');
  return { ...found.export({ format: 'jwk' }), ...(isName && { kid }) };
}

/** What a decoder says of what may be a private key stays inside. */
function readKey(read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch {
    throw unfit('holds something that cannot be read as a public key');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unfit('must be PEM, a JWK or a JWK set');
  }
}

function unfit(why: string) {
  return refuse('party-refused', 'publicKeys', why);
}
