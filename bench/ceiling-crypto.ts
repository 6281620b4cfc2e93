/**
 * The cryptography that neither operation can do without, by plain calls of node:crypto: what ISO 15118 and RFC 5280 ask for, and
 * nothing that is this server's own, such as fingerprints or the chain of the audit log.
 */
import {
  createCipheriv,
  createECDH,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import type { Edition } from '@plugpool/iso15118';

interface Scheme {
  readonly namedCurve: 'prime256v1' | 'secp521r1';
  readonly hash: 'sha256' | 'sha512';
  readonly cipher: { readonly name: 'aes-128-cbc' | 'aes-256-gcm'; readonly keySize: number; readonly ivSize: number };
  /** Octets of SignedInfo in the request of a car. */
  readonly requestSignedInfo: number;
  /** Octets of a contract certificate to be signed. */
  readonly certificate: number;
  /** Octets of SignedInfo of a response, and of each element whose digest is in it. */
  readonly responseSignedInfo: number;
  readonly signedElements: readonly number[];
  /** Octets of a response as it is stored. */
  readonly response: number;
}

/** Sizes as they are in the sandbox. */
export const schemes: Readonly<Record<Edition, Scheme>> = {
  'ISO15118-2': {
    namedCurve: 'prime256v1',
    hash: 'sha256',
    cipher: { name: 'aes-128-cbc', keySize: 16, ivSize: 16 },
    requestSignedInfo: 260,
    certificate: 532,
    responseSignedInfo: 559,
    // Chain, sealed private key, DH public key, eMAID.
    signedElements: [1_886, 57, 74, 26],
    response: 4_553,
  },
  'ISO15118-20': {
    namedCurve: 'secp521r1',
    hash: 'sha512',
    cipher: { name: 'aes-256-gcm', keySize: 32, ivSize: 12 },
    requestSignedInfo: 240,
    certificate: 610,
    responseSignedInfo: 241,
    // SignedInstallationData.
    signedElements: [2_580],
    response: 5_340,
  },
};

const SERIAL_NUMBER_SIZE = 16;

/**
 * One verification for each call: of a request of the next car, with the key of that car, which is in its request.
 * @throws Error when it does not verify
 */
export function requestVerification(edition: Edition, cars: number): () => void {
  const { namedCurve, hash: digest, requestSignedInfo } = schemes[edition];
  const requests = Array.from({ length: cars }, () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const signedInfo = randomBytes(requestSignedInfo);
    return {
      key: publicKey.export({ format: 'pem', type: 'spki' }),
      signedInfo,
      signature: sign(digest, signedInfo, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    };
  });
  let turn = 0;
  return () => {
    const request = requests[turn++ % requests.length];
    if (request === undefined) throw new RangeError('there are no cars');
    const key = createPublicKey(request.key);
    if (verify(digest, request.signedInfo, { key, dsaEncoding: 'ieee-p1363' }, request.signature)) return;
    throw new Error('the signature of the ceiling does not verify');
  };
}

/** One contract for each call: its key pair and certificate, the key sealed for the next car, and what the CPS signs. */
export function contractMaking(edition: Edition, cars: number): () => void {
  const scheme = schemes[edition];
  const { namedCurve } = scheme;
  const authority = generateKeyPairSync('ec', { namedCurve }).privateKey;
  const provisioningService = generateKeyPairSync('ec', { namedCurve }).privateKey;
  const vehicles = Array.from({ length: cars }, () =>
    generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'pem', type: 'spki' }),
  );
  const certificate = randomBytes(scheme.certificate);
  const elements = scheme.signedElements.map((size) => randomBytes(size));
  const signedInfo = randomBytes(scheme.responseSignedInfo);
  let turn = 0;
  return () => {
    const contract = createECDH(namedCurve);
    const point = contract.generateKeys();
    // The certificate has a serial number and the identifier of its key (RFC 5280 §4.2.1.2).
    randomBytes(SERIAL_NUMBER_SIZE);
    hash('sha1', point);
    sign(scheme.hash, certificate, authority);
    const ephemeral = generateKeyPairSync('ec', { namedCurve });
    // Its public half is in the message.
    ephemeral.publicKey.export({ format: 'jwk' });
    const vehicle = createPublicKey(vehicles[turn++ % vehicles.length] ?? '');
    const secret = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: vehicle });
    seal(scheme, secret, contract.getPrivateKey());
    for (const element of elements) hash(scheme.hash, element, 'buffer');
    sign(scheme.hash, signedInfo, { key: provisioningService, dsaEncoding: 'ieee-p1363' });
  };
}

/** Key of the agreement (NIST SP 800-56A), and the contract key encrypted with it. */
function seal({ hash: digest, cipher: { name, keySize, ivSize } }: Scheme, secret: Buffer, privateKey: Buffer): void {
  const key = hash(digest, secret, 'buffer').subarray(0, keySize);
  const iv = randomBytes(ivSize);
  const cipher = createCipheriv(name, key, iv);
  cipher.update(privateKey);
  cipher.final();
}
