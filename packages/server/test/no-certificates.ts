/** Octets that are no certificate, or none with a key that the project knows. */
import { type createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { type Certificate, der, keyIdentifierOf, ski, spkiOf, toPem } from '@plugpool/iso15118';
import { type Issued, issueDer } from './own-pki.ts';
import { base64 } from './roles.ts';

/** Texts that take the place of the base64 of a good certificate, by what is wrong with them. */
export function noCertificates(good: Certificate): [string, string][] {
  const octets = good.der;
  const longer = octets.slice();
  longer[3] = ((longer[3] ?? 0) + 1) & 0xff;
  const indefinite = Uint8Array.of(0x30, 0x80, ...octets.subarray(4), 0, 0);
  const pem = toPem('CERTIFICATE', octets);
  const garbage: [string, Uint8Array][] = [
    ['one octet', Uint8Array.of(0x30)],
    ['an empty sequence', Uint8Array.of(0x30, 0)],
    ['random octets', randomBytes(600)],
    ['zeros', new Uint8Array(600)],
    ['ones', new Uint8Array(600).fill(0xff)],
    ['truncated by an octet', octets.subarray(0, -1)],
    ['truncated by half', octets.subarray(0, octets.length / 2)],
    ['truncated in its header', octets.subarray(0, 3)],
    ['an octet behind', Uint8Array.of(...octets, 0)],
    ['another certificate behind', Uint8Array.of(...octets, ...octets)],
    ['a length too long', longer],
    ['an indefinite length', indefinite],
    ['a length of 4 GiB', Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0)],
    ['over 64 KiB', new Uint8Array(70_000).fill(0x30)],
    ['nested too deep', nested(3000)],
    ['a public key', good.publicKey.spki],
    ['words', Buffer.from('a certificate, I promise')],
  ];
  return [
    ...garbage.map(([title, bytes]): [string, string] => [title, base64(bytes)]),
    ['no base64', '%%%%'],
    ['base64url', `-_${base64(octets).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`],
    ['base64 with blanks', `${base64(octets)} `],
    ['hexadecimal', Buffer.from(octets).toString('hex')],
    ['PEM of another kind', pem.replaceAll('CERTIFICATE', 'PUBLIC KEY')],
    ['PEM without end', pem.replace(/-----END.*\n/, '')],
    ['PEM of no base64', pem.replace(/\n.{10}/, '\n**********')],
    ['PEM of something else', toPem('CERTIFICATE', good.publicKey.spki)],
  ];
}

/** DER of certificates that are all right but for their keys, signed by `issuer`. */
export async function wrongKeys(issuer: Issued, commonName: string): Promise<[string, Uint8Array][]> {
  const onCurve = (namedCurve: string) => spkiOfNode(generateKeyPairSync('ec', { namedCurve }).publicKey);
  const { point, curve } = issuer.key;
  const points: [string, Uint8Array][] =
    curve === 'ed448'
      ? [
          ['a point that is too short', point.subarray(1)],
          ['no octets as point', new Uint8Array(0)],
        ]
      : [
          ['a point that is not on the curve', offCurve(point)],
          ['a point of zeros', Uint8Array.of(4, ...new Uint8Array(point.length - 1))],
          ['a compressed point', compressed(point)],
          ['the point at infinity', Uint8Array.of(0)],
        ];
  const keys: [string, Uint8Array][] = [
    ['RSA', spkiOfNode(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)],
    ['secp384r1', onCurve('secp384r1')],
    ['secp256k1', onCurve('secp256k1')],
    ['brainpoolP256r1', onCurve('brainpoolP256r1')],
    ['Ed25519', spkiOfNode(generateKeyPairSync('ed25519').publicKey)],
    ...points.map(([title, octets]): [string, Uint8Array] => [title, spkiOf(curve, octets)]),
  ];
  return await Promise.all(
    keys.map(async ([title, spki]): Promise<[string, Uint8Array]> => {
      const order = { profile: 'oem', commonName, issuer, extensions: [ski(keyIdentifierOf({ point }))] } as const;
      return [title, (await issueDer({ ...order, content: { spki } })).der];
    }),
  );
}

/** Of an uncompressed point. */
export function offCurve(point: Uint8Array): Uint8Array {
  return point.with(-1, (point.at(-1) ?? 0) ^ 1);
}

export function compressed(point: Uint8Array): Uint8Array {
  return Uint8Array.of(2 + ((point.at(-1) ?? 0) & 1), ...point.subarray(1, (point.length + 1) / 2));
}

function spkiOfNode(key: ReturnType<typeof createPublicKey>): Uint8Array {
  return Uint8Array.from(key.export({ format: 'der', type: 'spki' }));
}

/** DER of sequences in sequences. */
export function nested(levels: number): Uint8Array {
  let node = der.sequence();
  for (let level = 0; level < levels; level++) node = der.sequence(node);
  return der.encodeDer(node);
}
