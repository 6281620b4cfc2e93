import { KeyObject } from 'node:crypto';
import { algorithms } from '../algorithms.ts';
import { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { EnvelopeError } from './envelope-error.ts';
import type { EnvelopeScheme } from './scheme.ts';

/**
 * The octets that are sealed, in a buffer of their own that the caller overwrites.
 * @throws EnvelopeError `wrong-curve` or `wrong-length`
 */
export function copyPrivateOctets(scheme: EnvelopeScheme, key: KeyObject | Uint8Array): Uint8Array {
  const octets = key instanceof KeyObject ? privateOctets(scheme, key) : Uint8Array.from(key);
  if (octets.length !== scheme.plaintextSize) {
    octets.fill(0);
    throw new EnvelopeError(
      'wrong-length',
      'contractKey',
      `the contract key for ${scheme.curve} must have ${scheme.plaintextSize} octets, not ${octets.length}`,
    );
  }
  return octets;
}

/** The private octets within PKCS #8: ECPrivateKey of RFC 5915, or the OCTET STRING of RFC 8410 §7. */
function privateOctets(scheme: EnvelopeScheme, key: KeyObject): Uint8Array {
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  try {
    const info = new DerReader(pkcs8).enter(tags.sequence, 'PrivateKeyInfo');
    info.readSmallInteger('version');
    const algorithm = info.enter(tags.sequence, 'algorithm');
    const keyOid = algorithm.readOid('algorithm');
    const curveOid = algorithm.peek() === tags.oid ? algorithm.readOid('curve') : undefined;
    const content = info.wrapped(info.next(tags.octetString, 'privateKey'));
    if (scheme.curve === 'x448') {
      return Uint8Array.from(content.readOctetString('privateKey'));
    }
    const expected = algorithms[scheme.curve];
    if (keyOid !== expected.keyOid || curveOid !== expected.curveOid) {
      throw new EnvelopeError('wrong-curve', 'contractKey', `the contract key is not a key on ${scheme.curve}`);
    }
    const ecPrivateKey = content.enter(tags.sequence, 'ECPrivateKey');
    ecPrivateKey.readSmallInteger('version');
    return Uint8Array.from(ecPrivateKey.readOctetString('privateKey'));
  } finally {
    pkcs8.fill(0);
  }
}
