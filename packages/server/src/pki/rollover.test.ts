import { generateKeyPair } from '@plugpool/iso15118';
import { describe, expect, test } from 'vitest';
import { opensslVerify } from '../../test/openssl.ts';
import { pkiOn, TEST_NOW } from '../../test/pki.ts';
import { eachStore } from '../../test/stores.ts';
import { recordIssued } from './issued.ts';

const YEAR = 365 * 86_400_000;
const order = { edition: 'ISO15118-2', emaidCommonName: 'DE8AACA2B3C4D5' } as const;

describe.each(eachStore())('rollover on $kind', ({ open }) => {
  async function founded() {
    const store = await open();
    let now = Date.now();
    const { pki } = pkiOn(store, () => now);
    await pki.ensureDemoAuthorities();
    const contract = () =>
      pki.issueContract({
        ...order,
        publicKey: generateKeyPair('secp256r1'),
        notBefore: now,
        notAfter: now + 1e9,
      });
    const later = (milliseconds: number) => {
      now += milliseconds;
    };
    return { store, pki, contract, later };
  }

  test('ok/the successor issues, what its predecessor issued stays valid, and both have chains', async () => {
    const { store, pki, contract } = await founded();
    const before = await contract();
    const successor = await pki.rotate('mo-sub2');
    expect([successor.name, successor.issuer?.name]).toEqual(['mo-sub2-g2', 'mo-sub1']);
    const after = await contract();
    for (const { certificate, chain, root } of [before, after]) {
      expect(await opensslVerify(certificate, chain, root)).toBe('leaf.pem: OK\n');
    }
    expect([before, after].map(({ certificate }) => certificate.crlUrls)).toEqual([
      ['http://127.0.0.1:8080/crl/mo-sub2.crl'],
      ['http://127.0.0.1:8080/crl/mo-sub2-g2.crl'],
    ]);
    await store.transaction((tx) => recordIssued(tx, [after.record]));
    expect(await pki.isOurs(after.certificate)).toBe(true);
    expect((await pki.authority('mo-sub2')).certificate.fingerprint).toBe(before.chain[0].fingerprint);
  });

  test('ok/any generation names the line, and what is under an authority goes on under its successor', async () => {
    const { pki, contract } = await founded();
    const names: string[] = [];
    for (const name of ['mo-sub1', 'mo-sub1', 'mo-sub1-g2', 'mo-sub2', 'cps-signer-ed448']) {
      names.push((await pki.rotate(name)).name);
    }
    expect(names).toEqual(['mo-sub1-g2', 'mo-sub1-g3', 'mo-sub1-g4', 'mo-sub2-g2', 'cps-signer-ed448-g2']);
    const { certificate, chain, root } = await contract();
    expect(chain[1].fingerprint).toBe((await pki.authority('mo-sub1-g4')).certificate.fingerprint);
    expect(await opensslVerify(certificate, chain, root)).toBe('leaf.pem: OK\n');
  });

  test('ok/of signers the successor alone is offered', async () => {
    const { pki } = await founded();
    const before = await pki.cpsSigners();
    await pki.rotate('cps-signer');
    const after = await pki.cpsSigners();
    expect(after).toHaveLength(before.length);
    expect(after[0]?.certificate.fingerprint).toBe((await pki.authority('cps-signer-g2')).certificate.fingerprint);
    expect(after[0]?.signer.publicKey.spki).toEqual(after[0]?.certificate.publicKey.spki);
  });

  test('ok/replicas that find the same authorities due make one successor of each', async () => {
    const { store, pki, later } = await founded();
    later(3.3 * YEAR);
    const other = pkiOn(store, () => Date.now() + 3.3 * YEAR).pki;
    const before = (await pki.authorities()).length;
    const made = (await Promise.all([pki.rotateDue(), other.rotateDue()])).flat();
    // Either may have found in place, and so not due, what the other had just made.
    expect(new Set(made)).toEqual(new Set(['cps-signer-g2', 'cps-signer-p521-g2', 'cps-signer-ed448-g2']));
    const third = pkiOn(store, () => Date.now() + 3.3 * YEAR).pki;
    expect((await third.authorities()).length).toBe(before + 3);
  });

  test('ok/operators who rotate at the same time leave one unbroken line', async () => {
    const { store, pki } = await founded();
    const other = pkiOn(store, () => Date.now()).pki;
    const made = await Promise.all([pki.rotate('oem-sub2'), other.rotate('oem-sub2')]);
    // Both may have seen the first generation, or one of them already what the other had made.
    const generations = [...new Set(made.map(({ name }) => name))].sort();
    expect(generations).toEqual(['oem-sub2-g2', 'oem-sub2-g3'].slice(0, generations.length));
  });

  test('ok/what nears its end is rotated once, and nothing before', async () => {
    const { pki, later } = await founded();
    expect(await pki.rotateDue()).toEqual([]);
    later(3.1 * YEAR);
    expect(await pki.rotateDue()).toEqual([]);
    later(0.2 * YEAR);
    expect(await pki.rotateDue()).toEqual(['cps-signer-g2', 'cps-signer-p521-g2', 'cps-signer-ed448-g2']);
    expect(await pki.rotateDue()).toEqual([]);
    later(21 * YEAR);
    const due = await pki.rotateDue();
    expect(due).toContain('mo-sub2-g2');
    expect(due).not.toContain('mo-sub1-g2');
    expect(due).toContain('cps-signer-g3');
  });

  test('ok/a revoked authority signs and issues nothing until it is rotated, nor does what is under it', async () => {
    const { store, pki, contract, later } = await founded();
    const revoke = async (name: string) => {
      const { fingerprint } = (await pki.authority(name)).certificate;
      await store.transaction((tx) => pki.revoke(tx, fingerprint, 'keyCompromise', 1));
      later(3_000);
    };
    await revoke('cps-signer');
    await revoke('mo-sub1');
    expect((await pki.cpsSigners()).map(({ edition }) => edition)).toEqual(['ISO15118-20', 'ISO15118-20']);
    await expect(contract()).rejects.toMatchObject({ kind: 'edition-unavailable' });
    await expect(pki.rotate('mo-sub2')).rejects.toThrow('mo-sub1 : is revoked and issues nothing any more');
    for (const name of ['cps-signer', 'mo-sub1', 'mo-sub2']) await pki.rotate(name);
    expect(await pki.cpsSigners()).toHaveLength(3);
    expect((await contract()).chain[1].fingerprint).toBe((await pki.authority('mo-sub1-g2')).certificate.fingerprint);
  });

  test('refused/roots and unknown names', async () => {
    const { pki } = await founded();
    await expect(pki.rotate('v2g-root')).rejects.toThrow('v2g-root : a root has no successor');
    for (const name of ['oem-sub2-7', 'nobody']) {
      await expect(pki.rotate(name)).rejects.toMatchObject({ kind: 'authority-not-found' });
    }
  });
});

describe.each(eachStore())('further roots on $kind', ({ open }) => {
  test('ok/each with branches and signers of its own, and contracts under the one that is asked for', async () => {
    const store = await open();
    const { pki } = pkiOn(store, () => TEST_NOW);
    await pki.ensureDemoAuthorities();
    const added: number[] = [];
    const addRoots = async () => {
      const { names, record } = await pki.prepareRoots();
      await store.transaction((tx) =>
        record(tx, async (_tx, roots) => {
          added.push(roots.length);
        }),
      );
      return names;
    };
    const names = await addRoots();
    expect([added, names.length]).toEqual([[3], 34]);
    expect(names).toEqual(
      expect.arrayContaining(['v2g-root-2', 'cps-sub1-2', 'veh-sub2-2-p521', 'cps-signer-2-ed448']),
    );
    expect(await addRoots()).toContain('v2g-root-3');

    const signers = await pki.cpsSigners();
    expect(signers.map(({ certificate }) => certificate.publicKey.curve)).toEqual(
      Array.from({ length: 3 }, () => ['secp256r1', 'secp521r1', 'ed448']).flat(),
    );
    expect(new Set(signers.map(({ root }) => root.fingerprint)).size).toBe(9);
    const { certificate } = await pki.authority('v2g-root-2');
    const asked = {
      ...order,
      publicKey: generateKeyPair('secp256r1'),
      notBefore: TEST_NOW,
      notAfter: TEST_NOW + 1e9,
    };
    expect((await pki.issueContract({ ...asked, moRoot: certificate.fingerprint })).root.fingerprint).toBe(
      certificate.fingerprint,
    );
    expect((await pki.issueContract(asked)).root.fingerprint).not.toBe(certificate.fingerprint);
  });
});
