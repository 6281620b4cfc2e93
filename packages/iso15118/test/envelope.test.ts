import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { associatedData } from '../src/envelope/envelope.ts';
import {
  checkEnvelopeShape,
  EnvelopeError,
  fromPem,
  generateKeyPair,
  openContractKey,
  privateKeyFromScalar,
  readCertificate,
  schemeOf,
  sealContractKey,
} from '../src/index.ts';
import { cryptoVectors, type EnvelopeVector, octets } from './vectors.ts';

interface Family {
  readonly curve: 'secp256r1' | 'secp521r1' | 'x448';
  readonly vectors: readonly EnvelopeVector[];
  readonly encrypted: string;
  readonly dh: string;
  readonly plaintext: string;
  readonly vehiclePrivate: string;
  readonly ephemeral: string;
}

const families: readonly Family[] = [
  {
    curve: 'secp256r1',
    vectors: cryptoVectors.iso2ContractKeyEnvelope,
    encrypted: 'ContractSignatureEncryptedPrivateKey',
    dh: 'DHpublickey',
    plaintext: 'plaintextScalar',
    vehiclePrivate: 'oemPrivateScalar',
    ephemeral: 'ephemeralPrivateScalar',
  },
  {
    curve: 'secp521r1',
    vectors: cryptoVectors.iso20Secp521Envelope,
    encrypted: 'SECP521_EncryptedPrivateKey',
    dh: 'DHPublicKey',
    plaintext: 'plaintextScalar',
    vehiclePrivate: 'oemPrivateScalar',
    ephemeral: 'ephemeralPrivateScalar',
  },
  {
    curve: 'x448',
    vectors: cryptoVectors.iso20X448Envelope,
    encrypted: 'X448_EncryptedPrivateKey',
    dh: 'DHPublicKey',
    plaintext: 'plaintext',
    vehiclePrivate: 'oemPrivateKey',
    ephemeral: 'ephemeralPrivateKey',
  },
];

const cases = families.flatMap((family) =>
  family.vectors.map((vector) => ({ name: `${vector.expect}/${vector.name}`, family, vector })),
);
const good = cases.filter(({ vector }) => vector.expect === 'ok');
/** In these only the associated data is built wrongly; an implementation that builds it itself cannot be given it. */
const wronglyBound = cases.filter(({ name }) => /-(lowercase-ski|binary-ski|empty)(-in)?-aad$/.test(name));
const bad = cases.filter((entry) => entry.vector.expect === 'error' && !wronglyBound.includes(entry));

function binding(vector: EnvelopeVector) {
  return vector['pcid'] === undefined
    ? {}
    : { pcid: vector['pcid'], contractSki: octets(vector, 'contractCertificateSKI') };
}

function open({ curve, encrypted, dh, vehiclePrivate }: Family, vector: EnvelopeVector) {
  return openContractKey({
    curve,
    vehiclePrivateKey: octets(vector, vehiclePrivate),
    contractPublicKey: curve === 'x448' ? undefined : octets(vector, 'contractPublicKey'),
    encryptedPrivateKey: octets(vector, encrypted),
    dhPublicKey: octets(vector, dh),
    ...binding(vector),
  });
}

describe('vectors', () => {
  test('all 51 are here', () => {
    expect(cases).toHaveLength(51);
    expect(good.length).toBeGreaterThan(15);
    expect(bad.length).toBeGreaterThan(15);
  });

  test.each(good)('$name is sealed and opened', ({ family, vector }) => {
    const { curve, encrypted, dh, plaintext, ephemeral } = family;
    expect(open(family, vector).scalar).toEqual(octets(vector, plaintext));
    const sealed = sealContractKey({
      curve,
      vehiclePublicKey: octets(vector, 'oemPublicKey'),
      contractKey: octets(vector, plaintext),
      ephemeralPrivateKey: octets(vector, ephemeral),
      iv: octets(vector, 'iv'),
      ...binding(vector),
    });
    expect(sealed.encryptedPrivateKey).toEqual(octets(vector, encrypted));
    expect(sealed.dhPublicKey).toEqual(octets(vector, dh));
  });

  test.each(bad)('$name is refused', ({ family, vector }) => {
    expect(() => open(family, vector)).toThrow(EnvelopeError);
  });

  test.each(good.filter(({ vector }) => vector['AAD'] !== undefined))('$name has our associated data', (entry) => {
    const { family, vector } = entry;
    expect(associatedData(schemeOf(family.curve), binding(vector))).toEqual(Buffer.from(octets(vector, 'AAD')));
  });

  test('error/three vectors with other associated data than ours, which does not open them', () => {
    expect(wronglyBound).toHaveLength(3);
    for (const { vector } of wronglyBound) {
      const sealed = octets(vector, 'SECP521_EncryptedPrivateKey');
      const decrypt = (aad: Uint8Array) => {
        const decipher = createDecipheriv('aes-256-gcm', octets(vector, 'K'), sealed.subarray(0, 12)).setAAD(aad);
        decipher.setAuthTag(sealed.subarray(-16));
        return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
      };
      expect(() => decrypt(octets(vector, 'AAD'))).toThrow();
      const ours = associatedData(schemeOf('secp521r1'), binding(vector)) ?? new Uint8Array(0);
      expect(decrypt(ours)).toEqual(Buffer.from(octets(vector, 'plaintextScalar')));
    }
  });

  const kinds = [
    ['env2-neg-point-not-on-curve', 'point-not-on-curve'],
    ['env2-neg-point-infinity', 'wrong-length'],
    ['env2-neg-x-not-reduced', 'point-not-on-curve'],
    ['env2-neg-scalar-equals-order', 'scalar-out-of-range'],
    ['env2-neg-scalar-zero', 'scalar-out-of-range'],
    ['env2-neg-scalar-other-key', 'key-mismatch'],
    ['env20-secp521-neg-wrong-pcid', 'authentication-failed'],
    ['env20-secp521-neg-iv-bit', 'authentication-failed'],
    ['env20-secp521-neg-ciphertext-bit', 'authentication-failed'],
    ['env20-secp521-neg-tag-bit', 'authentication-failed'],
    ['env20-secp521-neg-length-93', 'wrong-length'],
    ['env20-secp521-neg-length-95', 'wrong-length'],
    ['env20-secp521-neg-point-not-on-curve', 'point-not-on-curve'],
    ['env20-secp521-neg-point-compressed-prefix', 'wrong-length'],
    ['env20-secp521-neg-scalar-equals-order', 'scalar-out-of-range'],
    ['env20-secp521-neg-scalar-zero', 'scalar-out-of-range'],
    ['env20-secp521-neg-scalar-top-bits', 'scalar-out-of-range'],
    ['env20-secp521-neg-scalar-other-key', 'key-mismatch'],
    ['env20-x448-neg-wrong-pcid', 'authentication-failed'],
    ['env20-x448-neg-ciphertext-bit', 'authentication-failed'],
    ['env20-x448-neg-length-83', 'wrong-length'],
    ['env20-x448-neg-low-order-point', 'no-shared-secret'],
  ] as const;
  test.each(kinds)('error/%s is of kind %s', (name, kind) => {
    const found = bad.find(({ vector }) => vector.name === name);
    expect(() => found && open(found.family, found.vector)).toThrow(expect.objectContaining({ kind }));
  });

  test.each(good.filter(({ family }) => family.curve === 'x448'))(
    '$name is opened with 57 and 133 octets of DHPublicKey',
    ({ family, vector }) => {
      const raw = vector['DHPublicKey'] ?? '';
      const padded = { ...vector, DHPublicKey: raw.padEnd(266, '0') };
      const preceded = { ...vector, DHPublicKey: vector['DHPublicKey57'] ?? '' };
      for (const other of [padded, preceded]) {
        expect(open(family, other).scalar).toEqual(octets(vector, 'plaintext'));
      }
      for (const wrong of [`01${raw}`, `${raw.padEnd(264, '0')}01`, `${raw}00`, raw.slice(2)]) {
        expect(() => open(family, { ...vector, DHPublicKey: wrong })).toThrow(EnvelopeError);
      }
    },
  );
});

describe('fresh keys', () => {
  test.each(['secp256r1', 'secp521r1'] as const)('ok/sealed with key objects on %s, opened and proven', (curve) => {
    const [vehicle, contract] = [generateKeyPair(curve), generateKeyPair(curve)];
    const bound = { pcid: 'wmioem1234567890x', contractSki: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
    const seal = () =>
      sealContractKey({ curve, vehiclePublicKey: vehicle.point, contractKey: contract.privateKey, ...bound });
    const sealed = seal();
    expect(() => checkEnvelopeShape(curve, sealed.encryptedPrivateKey, sealed.dhPublicKey)).not.toThrow();
    expect(seal().dhPublicKey).not.toEqual(sealed.dhPublicKey);
    const opened = openContractKey({
      curve,
      vehiclePrivateKey: vehicle.privateKey,
      contractPublicKey: contract.point,
      ...sealed,
      ...bound,
      pcid: bound.pcid.toUpperCase(),
    });
    expect(opened.privateKey?.equals(contract.privateKey)).toBe(true);
    expect(privateKeyFromScalar(curve, opened.scalar, contract.point).equals(contract.privateKey)).toBe(true);
  });

  test('ok/for the vehicle certificate of the vectors', () => {
    const { leaf } = cryptoVectors.pki.oem;
    const certificate = readCertificate(fromPem(leaf.certPem));
    const contract = generateKeyPair('secp256r1');
    const sealed = sealContractKey({
      edition: 'ISO15118-2',
      curve: certificate.publicKey.curve,
      vehiclePublicKey: certificate.publicKey.point,
      contractKey: contract.privateKey,
    });
    const opened = openContractKey({
      curve: 'secp256r1',
      vehiclePrivateKey: createPrivateKey(leaf.keyPem),
      contractPublicKey: contract.point,
      ...sealed,
    });
    expect(opened.privateKey?.equals(contract.privateKey)).toBe(true);
  });

  test.each([
    ['wrong-edition', { edition: 'ISO15118-20' }],
    ['wrong-length', { vehiclePublicKey: new Uint8Array(64) }],
    ['point-not-on-curve', { vehiclePublicKey: Uint8Array.of(4, ...new Uint8Array(64)) }],
    ['wrong-length', { contractKey: new Uint8Array(31) }],
    ['scalar-out-of-range', { contractKey: new Uint8Array(32) }],
    ['wrong-curve', { contractKey: generateKeyPair('secp521r1').privateKey }],
    ['missing-binding', { curve: 'secp521r1' }],
    ['missing-binding', { curve: 'secp521r1', pcid: 'WMIOEM1234567890X' }],
  ] as const)('refused as %s', (kind, change) => {
    const options = {
      curve: 'secp256r1',
      vehiclePublicKey: generateKeyPair('secp256r1').point,
      contractKey: createHash('sha256').digest(),
    } as const;
    expect(() => sealContractKey({ ...options, ...change })).toThrow(
      expect.objectContaining({ name: 'EnvelopeError', kind }),
    );
  });

  test('refused/opened with a private key that is none, or is on another curve', () => {
    const [vehicle, contract] = [generateKeyPair('secp256r1'), generateKeyPair('secp256r1')];
    const sealed = sealContractKey({
      curve: 'secp256r1',
      vehiclePublicKey: vehicle.point,
      contractKey: contract.privateKey,
    });
    const options = { curve: 'secp256r1', contractPublicKey: contract.point, ...sealed } as const;
    const refused = [
      new Uint8Array(32),
      new Uint8Array(5),
      generateKeyPair('secp521r1').privateKey,
      contract.privateKey,
    ];
    for (const vehiclePrivateKey of refused) {
      expect(() => openContractKey({ ...options, vehiclePrivateKey })).toThrow(EnvelopeError);
    }
  });

  describe.each(['secp521r1', 'x448'] as const)('of ISO 15118-20 on %s', (curve) => {
    const bound = { pcid: 'WMIOEM1234567890X', contractSki: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
    const contract = generateKeyPair('secp521r1');
    const x448 = generateKeyPairSync('x448');
    const ec = generateKeyPair('secp521r1');
    const vehicle = curve === 'x448' ? { privateKey: x448.privateKey, point: x448PointOf(x448.publicKey) } : ec;
    const contractKey = curve === 'x448' ? new Uint8Array(56).fill(7) : contract.privateKey;
    const sealed = sealContractKey({ curve, vehiclePublicKey: vehicle.point, contractKey, ...bound });
    const opening = (changes: Partial<Parameters<typeof openContractKey>[0]> = {}) =>
      openContractKey({
        curve,
        vehiclePrivateKey: vehicle.privateKey,
        contractPublicKey: contract.point,
        ...sealed,
        ...bound,
        ...changes,
      });

    test('ok/what it was sealed for opens it', () => {
      expect(opening().scalar).toHaveLength(curve === 'x448' ? 56 : 66);
    });

    const { contractSki } = bound;
    test.each<[string, Partial<Parameters<typeof openContractKey>[0]>]>([
      ['another PCID', { pcid: 'WMIOEM1234567890Y' }],
      ['a PCID that ends earlier', { pcid: 'WMIOEM1234567890' }],
      ['another key identifier', { contractSki: contractSki.with(7, 9) }],
      ['a shorter key identifier', { contractSki: contractSki.subarray(0, 7) }],
    ])('refused/bound to %s', (_, changes) => {
      expect(() => opening(changes)).toThrow(expect.objectContaining({ kind: 'authentication-failed' }));
    });

    test('refused/shorter tags, down to none', () => {
      const { encryptedPrivateKey } = sealed;
      for (let missing = 1; missing <= 16; missing++) {
        const shorter = encryptedPrivateKey.subarray(0, encryptedPrivateKey.length - missing);
        expect(() => opening({ encryptedPrivateKey: shorter })).toThrow(
          expect.objectContaining({ kind: 'wrong-length' }),
        );
        const kept = encryptedPrivateKey.length - missing;
        const changed = encryptedPrivateKey.map((octet, index) => (index < kept ? octet : octet ^ 0xff));
        expect(() => opening({ encryptedPrivateKey: changed })).toThrow(
          expect.objectContaining({ kind: 'authentication-failed' }),
        );
      }
    });

    test('property/any changed octet is found', () => {
      const { encryptedPrivateKey, dhPublicKey } = sealed;
      const split = encryptedPrivateKey.length;
      const flat = Uint8Array.of(...encryptedPrivateKey, ...dhPublicKey);
      fc.assert(
        fc.property(fc.nat(flat.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
          const changed = flat.with(at, (flat[at] ?? 0) ^ mask);
          const envelope = { encryptedPrivateKey: changed.subarray(0, split), dhPublicKey: changed.subarray(split) };
          expect(() => opening(envelope)).toThrow(EnvelopeError);
        }),
      );
    });
  });

  test('refused/points of X448 of which no secret comes, before anybody agrees on one', () => {
    const { privateKey } = generateKeyPairSync('x448');
    const prime = new Uint8Array(56).fill(0xff).with(28, 0xfe);
    const one = new Uint8Array(56).with(0, 1);
    for (const point of [new Uint8Array(56), one, prime.with(0, 0xfe), prime, new Uint8Array(56).fill(0xff, 28)]) {
      const spki = Buffer.concat([Buffer.from('3042300506032b656f033900', 'hex'), point]);
      const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
      expect(() => diffieHellman({ privateKey, publicKey })).toThrow();
      for (const form of [point, Uint8Array.of(0, ...point), Uint8Array.of(...point, ...new Uint8Array(77))]) {
        expect(() => checkEnvelopeShape('x448', new Uint8Array(84), form)).toThrow(
          expect.objectContaining({ kind: 'no-shared-secret', part: 'dhPublicKey' }),
        );
      }
    }
  });

  test('property/any changed octet of an envelope is found', () => {
    const [vehicle, contract] = [generateKeyPair('secp256r1'), generateKeyPair('secp256r1')];
    const sealed = sealContractKey({
      curve: 'secp256r1',
      vehiclePublicKey: vehicle.point,
      contractKey: contract.privateKey,
    });
    const flat = Uint8Array.of(...sealed.encryptedPrivateKey, ...sealed.dhPublicKey);
    fc.assert(
      fc.property(fc.nat(flat.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Uint8Array.from(flat);
        changed[at] = (changed[at] ?? 0) ^ mask;
        expect(() =>
          openContractKey({
            curve: 'secp256r1',
            vehiclePrivateKey: vehicle.privateKey,
            contractPublicKey: contract.point,
            encryptedPrivateKey: changed.subarray(0, 48),
            dhPublicKey: changed.subarray(48),
          }),
        ).toThrow(EnvelopeError);
      }),
    );
  });
});

function x448PointOf(publicKey: KeyObject): Uint8Array {
  return Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-56));
}
