import { parseFingerprint } from '@plugpool/iso15118';
import { beforeEach, describe, expect, test } from 'vitest';
import { pkiOn } from '../../test/pki.ts';
import { eachStore } from '../../test/stores.ts';
import type { CpsSigner } from '../pki/public-key-infrastructure.ts';
import { chooseSigner } from './cps-signer.ts';

describe.each(eachStore())('choice of the CPS signer, authorities on $kind', ({ open }) => {
  let one: CpsSigner;
  let other: CpsSigner;
  /** A root that neither signer is under. */
  const unknown = parseFingerprint('ab'.repeat(32));

  async function signerOfOwnRoot(): Promise<CpsSigner> {
    const { pki } = pkiOn(await open());
    await pki.ensureDemoAuthorities();
    const [signer] = await pki.cpsSigners();
    if (signer === undefined) throw new Error('no signer');
    return signer;
  }

  beforeEach(async () => {
    [one, other] = [await signerOfOwnRoot(), await signerOfOwnRoot()];
  });

  const keyIdentifier = ({ root }: CpsSigner) => Buffer.from(root.subjectKeyIdentifier ?? []).toString('hex');

  test('ok/the asked root comes before all', () => {
    const vehicle = { v2gRootKeyIdentifiers: [keyIdentifier(one)], rootFingerprint: one.root.fingerprint };
    expect(chooseSigner([one, other], 'secp256r1', other.root.fingerprint, vehicle)).toBe(other);
  });

  test('ok/a root that the vehicle has, by key identifier or by its own chain', () => {
    const listed = { v2gRootKeyIdentifiers: ['00', keyIdentifier(other)], rootFingerprint: one.root.fingerprint };
    expect(chooseSigner([one, other], 'secp256r1', undefined, listed)).toBe(other);
    const ownChain = { v2gRootKeyIdentifiers: [], rootFingerprint: other.root.fingerprint };
    expect(chooseSigner([one, other], 'secp256r1', undefined, ownChain)).toBe(other);
  });

  test('ok/else the first', () => {
    const elsewhere = { v2gRootKeyIdentifiers: ['00'], rootFingerprint: unknown };
    expect(chooseSigner([one, other], 'secp256r1', undefined, elsewhere)).toBe(one);
    expect(chooseSigner([one, other], 'secp256r1', undefined, undefined)).toBe(one);
  });

  test('fail/a root without signer, an edition without signer', () => {
    expect(() => chooseSigner([one, other], 'secp256r1', unknown, undefined)).toThrow(
      `cpsV2GRootCertificateFingerprint : no CPS signer under the V2G root ${unknown}`,
    );
    expect(() => chooseSigner([one, other], 'secp521r1', undefined, undefined)).toThrow('ISO15118-20');
  });
});
