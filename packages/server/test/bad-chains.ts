/** Chains that are wrong in one way each. */
import { type Certificate, type Extension, generateKeyPair } from '@plugpool/iso15118';
import type { ChainOctets } from './chain-fields.ts';
import { caExtensions, DAY_MS, type Issued, issue, type Order, type OwnPki, ownPki } from './own-pki.ts';

export interface BadChain {
  readonly title: string;
  readonly chain: ChainOctets;
  /** The certificate that is to blame. */
  readonly blames: keyof ChainOctets;
  readonly why: RegExp;
}

export interface KindOfChain {
  readonly profile: 'oem' | 'contract';
  readonly commonName: string;
  /** Roots of these types are asked for. */
  readonly rootTypes: string;
}

const past = () => ({ notBefore: Date.now() - 90 * DAY_MS, notAfter: Date.now() - DAY_MS });
const future = () => ({ notBefore: Date.now() + DAY_MS, notAfter: Date.now() + 90 * DAY_MS });

/** `trusted` ends at a root that is in the pool. */
export async function badChains({ profile, commonName, rootTypes }: KindOfChain, trusted: OwnPki): Promise<BadChain[]> {
  const { root, subCa2, subCa1 } = trusted;
  const stranger = await ownPki('Stranger');
  const namesake = await ownPki('Trusted');
  const leafOf = (issuer: Issued, more: Partial<Order> = {}) => issue({ profile, commonName, issuer, ...more });
  const leaf = await leafOf(subCa2);
  const branch = async (changes: Parameters<typeof ownPki>[1], blames: keyof ChainOctets, why: RegExp) => {
    const pki = await ownPki('Branch', changes, root);
    return { chain: octets(await leafOf(pki.subCa2), pki.subCa2, pki.subCa1), blames, why };
  };
  const caKey = generateKeyPair('secp256r1');
  const unknown = new RegExp(`the chain does not end at a root of type ${rootTypes} in the Root Certificate Pool`);
  const notIssued = /was not issued by the sub CA that came with it/;
  const notVerified = /signature of the .* does not verify/;
  const cases: Record<string, Omit<BadChain, 'title'> | Promise<Omit<BadChain, 'title'>>> = {
    'a sub CA 2 that is expired': branch({ subCa2: past() }, 'subCa2', /expired on/),
    'a sub CA 1 that is expired': branch({ subCa1: past() }, 'subCa1', /expired on/),
    'a sub CA 2 that is not yet valid': branch({ subCa2: future() }, 'subCa2', /is not valid before/),
    'a sub CA 1 that is not yet valid': branch({ subCa1: future() }, 'subCa1', /is not valid before/),
    'an unknown root': {
      chain: octets(await leafOf(stranger.subCa2), stranger.subCa2, stranger.subCa1),
      blames: 'subCa1',
      why: unknown,
    },
    'a root that only has a known name': {
      chain: octets(await leafOf(namesake.subCa2), namesake.subCa2, namesake.subCa1),
      blames: 'subCa1',
      why: unknown,
    },
    "somebody else's sub CA 2": { chain: octets(leaf, stranger.subCa2, subCa1), blames: 'leaf', why: notIssued },
    "somebody else's sub CA 1": { chain: octets(leaf, subCa2, stranger.subCa1), blames: 'subCa2', why: notIssued },
    'a sub CA 2 of the same name': { chain: octets(leaf, namesake.subCa2, subCa1), blames: 'leaf', why: notVerified },
    'a sub CA 1 of the same name': { chain: octets(leaf, subCa2, namesake.subCa1), blames: 'subCa2', why: notVerified },
    'the root in place of sub CA 1': { chain: octets(leaf, subCa2, root), blames: 'subCa2', why: notIssued },
    'sub CA 2 twice': { chain: octets(leaf, subCa2, subCa2), blames: 'subCa2', why: notIssued },
    'sub CA 1 twice': { chain: octets(leaf, subCa1, subCa1), blames: 'leaf', why: notIssued },
    'the leaf three times': { chain: octets(leaf, leaf, leaf), blames: 'leaf', why: notIssued },
    'a leaf that signs itself': {
      chain: octets(await issue({ profile, commonName }), subCa2, subCa1),
      blames: 'leaf',
      why: notIssued,
    },
    'a leaf with a broken signature': {
      chain: { ...octets(leaf, subCa2, subCa1), leaf: brokenSignature(leaf.certificate) },
      blames: 'leaf',
      why: notVerified,
    },
    'a sub CA 2 with a broken signature': {
      chain: { ...octets(leaf, subCa2, subCa1), subCa2: brokenSignature(subCa2.certificate) },
      blames: 'subCa2',
      why: notVerified,
    },
    'a sub CA 1 with a broken signature': {
      chain: { ...octets(leaf, subCa2, subCa1), subCa1: brokenSignature(subCa1.certificate) },
      blames: 'subCa1',
      why: notVerified,
    },
    'a CA as leaf': {
      chain: octets(await issue({ profile: 'subCa2', commonName, issuer: subCa1 }), subCa2, subCa1),
      blames: 'leaf',
      why: /CA/,
    },
    'a sub CA 2 that is no CA': branch({ subCa2: { profile: 'oem' } }, 'subCa2', /is not that of a CA/),
    'a sub CA 1 that is no CA': branch({ subCa1: { profile: 'oem' } }, 'subCa1', /is not that of a CA/),
    'a sub CA 2 that may not sign': branch(
      { subCa2: { key: caKey, extensions: caExtensions(caKey, ['cRLSign']) } },
      'subCa2',
      /may not sign certificates/,
    ),
    'a sub CA 1 that allows none below': branch(
      { subCa1: { key: caKey, extensions: caExtensions(caKey, ['keyCertSign'], 0) } },
      'subCa1',
      /allows 0 CAs below it and has 1/,
    ),
    'a sub CA 2 with an unknown critical extension': branch(
      { subCa2: { key: caKey, extensions: [...caExtensions(caKey), critical] } },
      'subCa2',
      /critical extension 1.2.3.4/,
    ),
    'a leaf with an unknown critical extension': {
      chain: octets(await leafOf(subCa2, { extensions: [critical] }), subCa2, subCa1),
      blames: 'leaf',
      why: /critical extension 1.2.3.4/,
    },
    'a leaf of the other edition': {
      chain: octets(await leafOf(subCa2, { curve: 'secp521r1' }), subCa2, subCa1),
      blames: 'leaf',
      why: /has a key on secp521r1, which does not belong to ISO15118-2/,
    },
    'a sub CA of the other edition': branch({ subCa2: { curve: 'secp521r1' } }, 'subCa2', /not a curve of ISO15118-2/),
  };
  return await Promise.all(Object.entries(cases).map(async ([title, bad]) => ({ title, ...(await bad) })));
}

export function octets(leaf: Issued, subCa2: Issued, subCa1: Issued): ChainOctets {
  return { leaf: leaf.certificate.der, subCa2: subCa2.certificate.der, subCa1: subCa1.certificate.der };
}

/** An extension of `size` octets that nobody knows. */
export function ballast(size: number): Extension {
  return { oid: '1.2.3.5', critical: false, value: new Uint8Array(size).fill(5) };
}

const critical: Extension = { oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) };

function brokenSignature({ der }: Certificate): Uint8Array {
  const broken = der.slice();
  broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
  return broken;
}
