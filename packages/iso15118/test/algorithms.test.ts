import { createECDH } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  algorithms,
  editionOfNamespace,
  generateKeyPair,
  keyUsages,
  namespaceOfEdition,
  softwareSigner,
} from '../src/index.ts';

describe('algorithms', () => {
  test.each(Object.values(algorithms))('ok/sizes of $curve are those of its keys and signatures', async (algorithm) => {
    const keys = generateKeyPair(algorithm.curve);
    expect(keys.point).toHaveLength(algorithm.pointSize);
    expect(await softwareSigner(keys.privateKey).sign(Uint8Array.of(1))).toHaveLength(algorithm.signatureSize);
  });

  test.each(['secp256r1', 'secp521r1'] as const)('ok/order of %s: the scalar below is the last one', (curve) => {
    const { order, ecdhName = '', scalarSize } = algorithms[curve];
    const last = Buffer.from(order ?? []);
    expect(last).toHaveLength(scalarSize);
    const ecdh = createECDH(ecdhName);
    expect(() => ecdh.setPrivateKey(last)).toThrow();
    last[last.length - 1] = (last.at(-1) ?? 0) - 1;
    expect(() => ecdh.setPrivateKey(last)).not.toThrow();
  });

  test('ok/namespaces of both editions, and of -20 both years', () => {
    expect(editionOfNamespace('urn:iso:15118:2:2013:MsgDef')).toBe('ISO15118-2');
    expect(editionOfNamespace('urn:iso:15118:20:2020:MsgDef')).toBe('ISO15118-20');
    expect(editionOfNamespace('urn:iso:15118:20:2022:MsgDef')).toBe('ISO15118-20');
    expect(editionOfNamespace('urn:iso:15118:2:2010:MsgDef')).toBeUndefined();
    for (const edition of ['ISO15118-2', 'ISO15118-20'] as const) {
      expect(editionOfNamespace(namespaceOfEdition(edition))).toBe(edition);
    }
    expect(keyUsages).toHaveLength(9);
  });
});
