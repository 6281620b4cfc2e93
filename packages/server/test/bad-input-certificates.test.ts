/** Certificates and chains that are not to be trusted, in every call that takes one. */
import { generateKeyPair } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { type BadChain, badChains, ballast, octets } from './bad-chains.ts';
import { type ChainOctets, type ChainPlaces, contractChains, vehicleChains, withChain } from './chain-fields.ts';
import { call } from './dialects.ts';
import { examplesOf } from './examples.ts';
import { type JsonObject, withValue } from './json-places.ts';
import { noCertificates, wrongKeys } from './no-certificates.ts';
import { callOf, type Example, type Samples, samplesOn } from './operations.ts';
import { caExtensions, DAY_MS, type Issued, issue, type OwnPki, ownPki } from './own-pki.ts';
import { expectRefused, type Spoilt } from './refusal.ts';
import { base64, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

const roots = ['PUT /opnc/v1/rcp/rootcertificates', 'PUT /v1/root/rootCerts'];
/** Calls that take one certificate and no chain. */
const singles = [
  ...roots.map((name) => ({ name, field: 'caCertificate' })),
  { name: 'POST /opnc/v1/pki/revokeCertificate', field: 'certificate' },
];
const places = ['leaf', 'subCa2', 'subCa1'] as const;
const vehicleNames = { leaf: 'vehicleCertificate', subCa2: 'subCa2Certificate', subCa1: 'subCa1Certificate' };
const contractNames = {
  leaf: 'contractCertificate',
  subCa2: 'contractSubCa2Certificate',
  subCa1: 'contractSubCa1Certificate',
};

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let samples: Samples;
  let examples: Map<string, Example>;
  let trusted: OwnPki;
  let travelled = 0;
  beforeAll(async () => {
    server = await start({ clock: { now: () => Date.now() + travelled } });
    samples = await samplesOn(server.url);
    const all = examplesOf({ opnc: samples, opcp: samples, quickstart: samples });
    examples = new Map(all.map((example) => [example.name, example]));
    trusted = await ownPki('Trusted');
    await trust(trusted.root, ['V2G', 'OEM', 'eMSP']);
  });

  const refusesAll = (calls: readonly Spoilt[]) => expectRefused(server, calls);

  async function trust({ certificate }: Issued, rootTypeList: string[]) {
    const body = { caCertificate: base64(certificate.der), rootTypeList };
    const path = '/opnc/v1/rcp/rootcertificates';
    expect((await call(server.url, { method: 'PUT', path, body })).status).toBe(200);
  }

  function exampleOf(name: string): Example & { readonly body: JsonObject } {
    const example = examples.get(name);
    if (example?.body === undefined) throw new Error(`there is no ${name}`);
    return { ...example, body: example.body };
  }

  const withChainOf = (at: ChainPlaces, chain: ChainOctets) => {
    const example = exampleOf(at.name);
    return callOf({ ...example, body: withChain(example.body, at, chain) });
  };

  const blamed = (at: ChainPlaces, { title, chain, blames, why }: BadChain, names: typeof vehicleNames): Spoilt => ({
    title: `${title} at ${at.name}`,
    call: withChainOf(at, chain),
    names: new RegExp(`^${names[blames]} : .*${why.source}`),
  });

  test('fail/what is no certificate', async () => {
    const chained = [...vehicleChains, ...contractChains].flatMap((at) =>
      places.flatMap((place) =>
        noCertificates(samples.car.certificate).map(([title, bad]) => {
          const example = exampleOf(at.name);
          const noBase64 = place === 'leaf' && at.called.leaf.includes('Chain.contractSignatureCertChainCertificate');
          return {
            title: `${title} as ${place} at ${at.name}`,
            call: callOf({ ...example, body: withValue(example.body, at.places[place], bad) }),
            // The nested shape has a pattern for its leaf, which PEM does not match either.
            names: noBase64 ? new RegExp(`${at.called[place]}`) : `Invalid certificate format on ${at.called[place]}`,
          };
        }),
      ),
    );
    const alone = singles.flatMap(({ name, field }) =>
      noCertificates(samples.root.certificate).map(([title, bad]) => ({
        title: `${title} at ${name}`,
        call: callOf({ ...exampleOf(name), body: withValue(exampleOf(name).body, [field], bad) }),
        text: `Invalid certificate format on ${field}`,
        names: `${field} : `,
      })),
    );
    await refusesAll([...chained, ...alone]);
  });

  test('fail/keys of other algorithms, and points that are not on the curve', async () => {
    const keys = await wrongKeys(trusted.subCa2, randomPcid());
    const calls = [...vehicleChains, ...contractChains].flatMap((at) =>
      places.flatMap((place) =>
        keys.map(([title, bad]) => ({
          title: `${title} as ${place} at ${at.name}`,
          call: callOf({
            ...exampleOf(at.name),
            body: withValue(exampleOf(at.name).body, at.places[place], base64(bad)),
          }),
          text: `Invalid certificate format on ${at.called[place]}`,
          names: new RegExp(`^${at.called[place]} : .*(not supported|uncompressed|not a point on)`),
        })),
      ),
    );
    const alone = singles.flatMap(({ name, field }) =>
      keys.map(([title, bad]) => ({
        title: `${title} at ${name}`,
        call: callOf({ ...exampleOf(name), body: withValue(exampleOf(name).body, [field], base64(bad)) }),
        text: `Invalid certificate format on ${field}`,
      })),
    );
    await refusesAll([...calls, ...alone]);
  });

  test('fail/chains of vehicles', async () => {
    const kind = { profile: 'oem', commonName: randomPcid(), rootTypes: 'OEM or V2G' } as const;
    const { profile, commonName } = kind;
    const leaf = (times: { notBefore: number; notAfter: number }) =>
      issue({ profile, commonName, issuer: trusted.subCa2, ...times });
    const expired = await leaf({ notBefore: Date.now() - 9 * DAY_MS, notAfter: Date.now() - 2000 });
    const early = await leaf({ notBefore: Date.now() + DAY_MS, notAfter: Date.now() + 9 * DAY_MS });
    const cases: BadChain[] = [
      ...(await badChains(kind, trusted)),
      { title: 'expired', chain: under(expired), blames: 'leaf', why: /expired on/ },
      { title: 'not yet valid', chain: under(early), blames: 'leaf', why: /is not valid before/ },
    ];
    await refusesAll(vehicleChains.flatMap((at) => cases.map((bad) => blamed(at, bad, vehicleNames))));
  });

  test('fail/chains of contracts', async () => {
    const { emaid: commonName } = samples.data;
    const kind = { profile: 'contract', commonName, rootTypes: 'MO or V2G' } as const;
    const { profile } = kind;
    const issuer = trusted.subCa2;
    const late = { notBefore: Date.now() + 60 * DAY_MS, notAfter: Date.now() + 90 * DAY_MS };
    const key = generateKeyPair('secp256r1');
    const extensions = [...caExtensions(key), ballast(800)];
    const large = await ownPki('Large', { subCa2: { key, extensions } }, trusted.root);
    const cases: BadChain[] = [
      ...(await badChains(kind, trusted)),
      {
        title: 'a contract that begins when its CA is expired',
        chain: under(await issue({ profile, commonName, issuer, ...late })),
        blames: 'subCa2',
        why: /expired on/,
      },
      {
        title: 'a contract that fits into no message',
        chain: under(await issue({ profile, commonName, issuer, extensions: [ballast(800)] })),
        blames: 'leaf',
        why: /is larger than 800 bytes/,
      },
      {
        title: 'a sub CA that fits into no message',
        chain: octets(await issue({ profile, commonName, issuer: large.subCa2 }), large.subCa2, large.subCa1),
        blames: 'subCa2',
        why: /is larger than 800 bytes/,
      },
    ];
    await refusesAll(contractChains.flatMap((at) => cases.map((bad) => blamed(at, bad, contractNames))));
  });

  const under = (leaf: Issued) => octets(leaf, trusted.subCa2, trusted.subCa1);

  test('fail/roots of another type, and roots that are expired since they came', async () => {
    const operatorOnly = await ownPki('Private');
    const shortLived = await ownPki('Short', { root: { notAfter: Date.now() + DAY_MS } });
    await trust(operatorOnly.root, ['PE']);
    await trust(shortLived.root, ['V2G', 'OEM', 'eMSP']);
    const cases = async (profile: 'oem' | 'contract', commonName: string, { subCa2, subCa1 }: OwnPki) =>
      octets(await issue({ profile, commonName, issuer: subCa2 }), subCa2, subCa1);
    const calls = async (pki: OwnPki, why: RegExp): Promise<Spoilt[]> => {
      const vehicle = await cases('oem', randomPcid(), pki);
      const contract = await cases('contract', samples.data.emaid, pki);
      const bad = { title: String(why), blames: 'subCa1', why } as const;
      return [
        ...vehicleChains.map((at) => blamed(at, { ...bad, chain: vehicle }, vehicleNames)),
        ...contractChains.map((at) => blamed(at, { ...bad, chain: contract }, contractNames)),
      ];
    };
    await refusesAll(await calls(operatorOnly, /does not end at a root of type/));
    travelled = 2 * DAY_MS;
    await refusesAll(await calls(shortLived, /the root certificate expired on/));
    travelled = 0;
  });

  test('fail/roots that are none', async () => {
    const { root, subCa1, subCa2 } = trusted;
    const commonName = 'Bad root';
    const pretender = await issue({ profile: 'root', commonName: 'Trusted root', issuer: root });
    const broken = root.certificate.der.slice();
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    const day = { profile: 'root', commonName } as const;
    const cases: [string, Uint8Array, RegExp][] = [
      [
        'a leaf',
        (await issue({ profile: 'oem', commonName: randomPcid(), issuer: subCa2 })).certificate.der,
        /is not a CA/,
      ],
      ['a leaf that signs itself', (await issue({ profile: 'oem', commonName })).certificate.der, /is not a CA/],
      ['a sub CA', subCa1.certificate.der, /is not self-signed/],
      ['a broken signature', broken, /is not self-signed/],
      ['its own name, another key', pretender.certificate.der, /is not self-signed/],
      ['expired', (await issue({ ...day, notAfter: Date.now() - 2000 })).certificate.der, /expired at/],
      [
        'not yet valid',
        (await issue({ ...day, notBefore: Date.now() + DAY_MS })).certificate.der,
        /is not valid before/,
      ],
    ];
    await refusesAll(
      roots.flatMap((name) =>
        cases.map(([title, bad, why]) => ({
          title: `${title} at ${name}`,
          call: callOf({ ...exampleOf(name), body: withValue(exampleOf(name).body, ['caCertificate'], base64(bad)) }),
          names: new RegExp(`^caCertificate : .*${why.source}`),
        })),
      ),
    );
  });

  test('fail/revoking what is not ours, and for no reason', async () => {
    const example = exampleOf('POST /opnc/v1/pki/revokeCertificate');
    const strange = [trusted.root, trusted.subCa2, await issue({ profile: 'oem', commonName: randomPcid() })];
    await refusesAll([
      ...strange.map(({ certificate }) => ({
        title: 'a certificate of somebody else',
        call: callOf({ ...example, body: withValue(example.body, ['certificate'], base64(certificate.der)) }),
        names: 'certificate : ',
      })),
      ...['', 'none', 'keycompromise', 'removeFromCRL', '1', '__proto__'].map((reason) => ({
        title: `reason ${reason}`,
        call: callOf({ ...example, body: withValue(example.body, ['revocationReason'], reason) }),
        names: 'revocationReason : ',
      })),
    ]);
  });

  test('ok/a good chain of an own PKI, and one whose sub CAs have changed places', async () => {
    const { emaid, pcid } = samples.data;
    const vehicle = under(
      await issue({ profile: 'oem', commonName: pcid, issuer: trusted.subCa2, key: samples.car.key }),
    );
    const contract = under(await issue({ profile: 'contract', commonName: emaid, issuer: trusted.subCa2 }));
    for (const [at, chain] of [
      ...vehicleChains.map((each) => [each, vehicle] as const),
      ...contractChains.map((each) => [each, contract] as const),
    ]) {
      const swapped = { ...chain, subCa2: chain.subCa1, subCa1: chain.subCa2 };
      for (const each of [chain, swapped]) {
        const { status, text } = await call(server.url, withChainOf(at, each));
        expect({ name: at.name, status, text }).toMatchObject({ name: at.name, status: examples.get(at.name)?.good });
      }
    }
  });
});
