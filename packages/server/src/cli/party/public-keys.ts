/** The public keys of a client, as a JWK set: from PEM, a JWK or a JWK set. */
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CommandFailure } from '../command.ts';

interface PublicKeys {
  readonly keys: readonly JsonWebKey[];
}

/** @throws CommandFailure */
export async function publicKeysInFile(file: string): Promise<PublicKeys> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandFailure(`${file} cannot be read`, { cause });
  });
  try {
    const keys = text.includes('-----BEGIN')
      ? [createPublicKey(text).export({ format: 'jwk' })]
      : keysIn(JSON.parse(text));
    if (keys.length > 0) return { keys: keys.map(publicHalf) };
  } catch {
    // What a decoder says of what may be a private key stays inside.
  }
  throw new CommandFailure(`${file}: there is no public key that can be read: PEM, a JWK or a JWK set`);
}

function keysIn(value: object): JsonWebKey[] {
  const { keys } = new Map(Object.entries(value)).has('keys') ? (value as { keys: unknown }) : { keys: [value] };
  return Array.isArray(keys) ? keys : [];
}

/** Whatever else stands in it, only the public half is kept; the id stays. */
function publicHalf(key: JsonWebKey): JsonWebKey {
  const { kid } = new Map<string, unknown>(Object.entries(key)).has('kid') ? { kid: String(key['kid']) } : {};
  return { ...createPublicKey({ key, format: 'jwk' }).export({ format: 'jwk' }), ...(kid !== undefined && { kid }) };
}
