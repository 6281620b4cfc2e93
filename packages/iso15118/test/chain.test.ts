import { beforeAll, describe, expect, test } from 'vitest';
import {
  aki,
  basicConstraints,
  buildChain,
  type Certificate,
  type ChainPosition,
  type ChainProblemKind,
  checkChain,
  fromPem,
  generateKeyPair,
  keyIdentifierOf,
  keyUsage,
  makeName,
  readCertificate,
  ski,
} from '../src/index.ts';
import { caExtensions, day, type Issued, issue, issueChain, now, type TestChain } from './pki.ts';
import { cryptoVectors } from './vectors.ts';

let chain: TestChain;
let otherRoot: Issued;
beforeAll(async () => {
  chain = await issueChain();
  otherRoot = await issue({ profile: 'root', commonName: 'V2G Root' });
});

interface Parts {
  leaf: Certificate;
  subCa2?: Certificate;
  subCa1: Certificate;
  roots: Certificate[];
  at: number;
}

function parts(change: Partial<Parts> = {}): Parts {
  return {
    leaf: chain.leaf.certificate,
    subCa2: chain.subCa2.certificate,
    subCa1: chain.subCa1.certificate,
    roots: [otherRoot.certificate, chain.root.certificate],
    at: now,
    ...change,
  };
}

describe('checkChain accepts', () => {
  test('ok/an issued chain, no deviation, root among two of one name', () => {
    const checked = checkChain({ ...parts(), profile: 'oem' });
    expect(checked).toMatchObject({ ok: true, deviations: [] });
    expect(checked.ok && checked.root).toBe(chain.root.certificate);
    expect(checked.ok && checked.chain).toEqual([
      chain.leaf.certificate,
      chain.subCa2.certificate,
      chain.subCa1.certificate,
      chain.root.certificate,
    ]);
  });

  test('ok/sub CAs that changed places', () => {
    const checked = checkChain(parts({ subCa2: chain.subCa1.certificate, subCa1: chain.subCa2.certificate }));
    expect(checked.ok && checked.subCa2).toBe(chain.subCa2.certificate);
  });

  test('ok/one sub CA', async () => {
    const leaf = await issue({ profile: 'contract', commonName: 'DE8AACA2B3C4D5', issuer: chain.subCa1 });
    const { leaf: certificate, subCa1, roots } = { ...parts(), leaf: leaf.certificate };
    const checked = checkChain({ leaf: certificate, subCa1, roots, at: now, profile: 'contract' });
    expect(checked).toMatchObject({ ok: true, subCa2: undefined, deviations: [] });
  });

  test('ok/-20 chains', async () => {
    for (const curve of ['secp521r1', 'ed448'] as const) {
      const other = await issueChain(curve);
      const checked = checkChain({
        leaf: other.leaf.certificate,
        subCa2: other.subCa2.certificate,
        subCa1: other.subCa1.certificate,
        roots: [otherRoot.certificate, other.root.certificate],
        at: now,
      });
      expect(checked).toMatchObject({ ok: true, deviations: [] });
    }
  });

  test('ok/the last second of the validity and the first', () => {
    expect(checkChain(parts({ at: chain.leaf.certificate.notAfter + 999 })).ok).toBe(true);
    expect(checkChain(parts({ at: chain.leaf.certificate.notBefore })).ok).toBe(true);
  });

  test('ok/chains of the vectors, with what they lack reported', () => {
    const read = (pem: string) => readCertificate(fromPem(pem));
    for (const [profile, { root, sub1, sub2, leaf }] of [
      ['oem', cryptoVectors.pki.oem],
      ['cps', cryptoVectors.pki.cps],
      ['contract', cryptoVectors.pki.mo],
    ] as const) {
      const checked = checkChain({
        leaf: read(leaf.certPem),
        subCa2: read(sub2.certPem),
        subCa1: read(sub1.certPem),
        roots: [read(root.certPem)],
        at: now,
        profile,
      });
      expect(checked.ok && checked.deviations.map(({ code }) => code)).toContain('no-ocsp-url');
    }
  });

  test('ok/an expired root of the same key is passed over for a valid one', async () => {
    const expired = await issue({
      profile: 'root',
      commonName: 'V2G Root',
      keys: chain.root.keys,
      notAfter: now - day,
    });
    const checked = checkChain(parts({ roots: [expired.certificate, chain.root.certificate] }));
    expect(checked.ok && checked.root).toBe(chain.root.certificate);
    expect(checkChain(parts({ roots: [expired.certificate] }))).toMatchObject({
      ok: false,
      problem: { kind: 'expired', certificate: 'root' },
    });
  });
});

describe('checkChain refuses', () => {
  type Case = readonly [ChainProblemKind, ChainPosition, string, () => Parts | Promise<Parts>];
  const cases: readonly Case[] = [
    ['leaf-is-ca', 'leaf', 'a sub CA as leaf', () => parts({ leaf: chain.subCa2.certificate })],
    ['expired', 'leaf', 'a second after the end', () => parts({ at: chain.leaf.certificate.notAfter + 1000 })],
    ['not-yet-valid', 'leaf', 'a millisecond early', () => parts({ at: chain.leaf.certificate.notBefore - 1 })],
    [
      'expired',
      'subCa1',
      'sub CA 1 of last year',
      async () => {
        const subCa1 = await issue({
          profile: 'subCa1',
          commonName: 'OEM Sub1',
          issuer: chain.root,
          notAfter: now - day,
        });
        return parts({ subCa1: subCa1.certificate });
      },
    ],
    [
      'not-yet-valid',
      'subCa2',
      'sub CA 2 of next year',
      async () => {
        const subCa2 = await issue({
          profile: 'subCa2',
          commonName: 'OEM Sub2',
          issuer: chain.subCa1,
          notBefore: now + day,
        });
        return parts({ subCa2: subCa2.certificate });
      },
    ],
    ['unknown-root', 'subCa1', 'no root known', () => parts({ roots: [] })],
    ['unknown-root', 'subCa1', 'root of that name with another key', () => parts({ roots: [otherRoot.certificate] })],
    [
      'bad-signature',
      'leaf',
      'sub CA of that name with another key',
      async () => {
        const subCa2 = await issue({ profile: 'subCa2', commonName: 'OEM Sub2', issuer: chain.subCa1 });
        return parts({ subCa2: subCa2.certificate });
      },
    ],
    [
      'bad-signature',
      'leaf',
      'one bit of the signature changed',
      () => {
        const der = Uint8Array.from(chain.leaf.certificate.der);
        der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
        return parts({ leaf: readCertificate(der) });
      },
    ],
    [
      'issuer-mismatch',
      'leaf',
      'leaf of another family',
      async () => {
        const subCa1 = await issue({ profile: 'subCa1', commonName: 'MO Sub1', issuer: chain.root });
        const leaf = await issue({ profile: 'oem', commonName: 'WMIOEM1234567890X', issuer: subCa1 });
        return parts({ leaf: leaf.certificate });
      },
    ],
    [
      'issuer-mismatch',
      'subCa2',
      'sub CA 1 of another family',
      async () => {
        const subCa1 = await issue({ profile: 'subCa1', commonName: 'MO Sub1', issuer: chain.root });
        return parts({ subCa1: subCa1.certificate });
      },
    ],
    [
      'issuer-mismatch',
      'subCa2',
      'a sub CA that is no part of the chain',
      async () => {
        const leaf = await issue({ profile: 'oem', commonName: 'WMIOEM1234567890X', issuer: chain.subCa1 });
        return parts({ leaf: leaf.certificate });
      },
    ],
    [
      'not-a-ca',
      'subCa2',
      'leaf signed by a leaf',
      () => signedBy((keys) => [keyUsage('keyCertSign'), ski(keyIdentifierOf(keys))]),
    ],
    [
      'missing-key-cert-sign',
      'subCa2',
      'sub CA that may only sign CRLs',
      () => signedBy((keys) => [...caExtensions(keys, chain.subCa1, 0), keyUsage('cRLSign')]),
    ],
    [
      'missing-digital-signature',
      'leaf',
      'leaf that may only encrypt',
      async () => {
        const leaf = await issue({
          profile: 'oem',
          commonName: 'WMIOEM1234567890X',
          issuer: chain.subCa2,
          extensions: [keyUsage('keyEncipherment')],
        });
        return parts({ leaf: leaf.certificate });
      },
    ],
    [
      'unknown-critical-extension',
      'subCa2',
      'name constraints',
      () =>
        signedBy((keys) => [
          ...caExtensions(keys, chain.subCa1, 0),
          { oid: '2.5.29.30', critical: true, value: Uint8Array.of(0x30, 0) },
        ]),
    ],
    [
      'path-length',
      'subCa1',
      'sub CA 1 that allows none below',
      async () => {
        const subCa1 = await issue({ profile: 'subCa2', commonName: 'OEM Sub1', issuer: chain.root });
        const subCa2 = await issue({ profile: 'subCa2', commonName: 'OEM Sub2', issuer: subCa1 });
        const leaf = await issue({ profile: 'oem', commonName: 'WMIOEM1234567890X', issuer: subCa2 });
        return parts({ leaf: leaf.certificate, subCa2: subCa2.certificate, subCa1: subCa1.certificate });
      },
    ],
    [
      'wrong-curve',
      'subCa2',
      'a vehicle of -20 under a CA of -2',
      async () => {
        const leaf = await issue({
          profile: 'vehicle',
          commonName: 'WMIOEM1234567890X',
          curve: 'secp521r1',
          issuer: chain.subCa2,
        });
        return parts({ leaf: leaf.certificate });
      },
    ],
  ];

  test.each(cases)('refused as %s at %s/%s', async (kind, certificate, _reason, make) => {
    const checked = checkChain(await make());
    expect(checked).toMatchObject({ ok: false, problem: { kind, certificate, text: expect.stringMatching(/^the /) } });
  });

  async function signedBy(extensions: (keys: ReturnType<typeof generateKeyPair>) => ReturnType<typeof aki>[]) {
    const keys = generateKeyPair('secp256r1');
    const authority = await issue({
      profile: 'subCa2',
      commonName: 'Odd Sub2',
      issuer: chain.subCa1,
      keys,
      extensions: extensions(keys),
    });
    const leaf = await issue({ profile: 'oem', commonName: 'WMIOEM1234567890X', issuer: authority });
    return parts({ leaf: leaf.certificate, subCa2: authority.certificate });
  }
});

describe('tolerance', () => {
  test('reported/vehicle certificate as the field has them', async () => {
    const keys = generateKeyPair('secp256r1');
    const leaf = await issue({
      profile: 'oem',
      commonName: 'WMIOEM1234567890X',
      issuer: chain.subCa2,
      keys,
      extensions: [
        basicConstraints(false),
        keyUsage('digitalSignature', 'keyEncipherment'),
        ski(new Uint8Array(20)),
        aki(new Uint8Array(8)),
      ],
      content: { subject: makeName([{ type: 'CN', value: 'WMIOEM1234567890X' }]) },
    });
    const checked = checkChain({ ...parts({ leaf: leaf.certificate }), profile: 'oem' });
    expect(checked.ok && checked.deviations.map(({ code }) => code)).toEqual([
      'key-encipherment-instead-of-key-agreement',
      'missing-domain-component',
      'key-identifier-size',
      'authority-key-identifier-mismatch',
      'no-ocsp-url',
    ]);
  });

  test('ok/names in other case and spacing are the same name', async () => {
    const subject = makeName([
      { type: 'C', value: 'de' },
      { type: 'O', value: 'PLUGPOOL  test' },
      { type: 'CN', value: 'oem SUB2' },
    ]);
    const leaf = await issue({
      profile: 'oem',
      commonName: 'WMIOEM1234567890X',
      issuer: chain.subCa2,
      content: { issuer: subject },
    });
    expect(checkChain(parts({ leaf: leaf.certificate })).ok).toBe(true);
  });

  test('ok/buildChain orders any intermediates', () => {
    const { root, subCa1, subCa2, leaf } = chain;
    const built = buildChain({
      leaf: leaf.certificate,
      intermediates: [otherRoot, subCa1, subCa2].map(({ certificate }) => certificate),
      roots: [root.certificate],
    });
    expect(built.ok && built.chain).toHaveLength(4);
  });
});
