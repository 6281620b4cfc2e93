/** Whatever is sent, the answer is a 2xx or a 4xx, comes soon, and leaves nothing behind that spoils other answers. */
import { sign } from 'node:crypto';
import { commonNameOf, der, readCertificate } from '@plugpool/iso15118';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { contractChains, vehicleChains, withChain } from './chain-fields.ts';
import { call, DIALECTS, opnc } from './dialects.ts';
import { examplesOf } from './examples.ts';
import { withValue } from './json-places.ts';
import { flips, mutated, mutations, spoiltBody } from './mutations.ts';
import { callOf, type Example, type Samples, samplesOn, withBody } from './operations.ts';
import { type Issued, issue, type OwnPki, ownPki } from './own-pki.ts';
import { answeredWell, type RawCall } from './refusal.ts';
import { base64, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

const roots = ['PUT /opnc/v1/rcp/rootcertificates', 'PUT /v1/root/rootCerts'];

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let samples: Samples;
  let examples: Example[];
  let own: OwnPki;
  beforeAll(async () => {
    server = await start();
    samples = await samplesOn(server.url);
    // What removes something would leave the rest of the suite without its objects.
    examples = examplesOf({ opnc: samples, opcp: samples, quickstart: samples }).filter(
      ({ name }) => !name.startsWith('DELETE') && !name.includes('/revoke'),
    );
    own = await ownPki('Own');
    const body = { caCertificate: base64(own.root.certificate.der), rootTypeList: ['V2G', 'OEM', 'eMSP'] };
    await call(server.url, { method: 'PUT', path: '/opnc/v1/rcp/rootcertificates', body });
  });

  const wellAnswered = (sent: RawCall) => answeredWell(server.url, sent);

  const exampleOf = (name: string) => {
    const [example] = withBody(examples.filter((each) => each.name === name));
    if (example === undefined) throw new Error(`there is no ${name} with a body`);
    return example;
  };

  test('requests of cars with octets changed', async () => {
    const statuses = new Set<number>();
    const property = fc.asyncProperty(
      fc.constantFrom(...DIALECTS),
      mutations,
      fc.boolean(),
      async (dialect, changes, alwaysReturnEXI) => {
        const exi = mutated(samples.request, changes);
        statuses.add(await wellAnswered(dialect.install(exi, { alwaysReturnEXI: String(alwaysReturnEXI) })));
      },
    );
    await fc.assert(property, { numRuns: 300 });
    expect(statuses).toContain(400);
  });

  test('contract data in EXI and in XML with octets changed', async () => {
    const [exi, xml] = [exampleOf('PUT /opnc/v1/ccp/signedcontractdata'), exampleOf('PUT /v1/ccp/signedContractData')];
    const forms = [
      { example: exi, place: ['certificateInstallationRes'] },
      { example: xml, place: ['signedContractDataXML'] },
    ];
    const property = fc.asyncProperty(fc.constantFrom(...forms), mutations, async ({ example, place }, changes) => {
      const good = Buffer.from(String(example.body[place[0] ?? '']), 'base64');
      const body = withValue(example.body, place, base64(mutated(good, changes)));
      await wellAnswered(callOf({ ...example, body }));
    });
    await fc.assert(property, { numRuns: 200 });
  });

  test('bodies with anything anywhere', async () => {
    const statuses = new Set<number>();
    const spoilt = fc.constantFrom(...withBody(examples)).chain((example) => {
      return fc.record({ example: fc.constant(example), body: spoiltBody(example.body) });
    });
    const property = fc.asyncProperty(spoilt, async ({ example, body }) => {
      statuses.add(await wellAnswered(callOf({ ...example, body })));
    });
    await fc.assert(property, { numRuns: 500 });
    expect(statuses).toContain(400);
  });

  test('certificates with octets changed', async () => {
    const places = [...vehicleChains, ...contractChains].flatMap(({ name, places }) =>
      Object.values(places).map((place) => ({ name, place })),
    );
    const all = [...places, ...roots.map((name) => ({ name, place: ['caCertificate'] }))];
    const { der: good } = samples.car.certificate;
    const property = fc.asyncProperty(fc.constantFrom(...all), mutations, async ({ name, place }, changes) => {
      const example = exampleOf(name);
      const body = withValue(example.body, place, base64(mutated(good, changes)));
      await wellAnswered(callOf({ ...example, body }));
    });
    await fc.assert(property, { numRuns: 300 });
  });

  test('certificates with a bit changed before they were signed: what is taken can be read again', async () => {
    const { emaid } = samples.data;
    const { subCa2, subCa1 } = own;
    const pcid = randomPcid();
    const vehicle = (await issue({ profile: 'oem', commonName: pcid, issuer: subCa2 })).certificate;
    const contract = (await issue({ profile: 'contract', commonName: emaid, issuer: subCa2 })).certificate;
    const root = await issue({ profile: 'root', commonName: 'Changed root' });
    const between = { subCa2: subCa2.certificate.der, subCa1: subCa1.certificate.der };
    const taken = { vehicle: 0, contract: 0, root: 0 };
    const kinds = fc.constantFrom('vehicle', 'contract', 'root');
    const property = fc.asyncProperty(kinds, fc.nat(7), flips, async (kind, which, changes) => {
      if (kind === 'root') {
        const name = roots[which % roots.length] ?? '';
        const leaf = signedAgain(mutated(root.certificate.tbs, changes), root);
        const body = withValue(exampleOf(name).body, ['caCertificate'], base64(leaf));
        if ((await wellAnswered(callOf({ ...exampleOf(name), body }))) >= 400) return;
      } else {
        const [good, chains] = kind === 'vehicle' ? [vehicle, vehicleChains] : [contract, contractChains];
        const at = chains[which % chains.length] ?? chains[0];
        if (at === undefined) return;
        const leaf = signedAgain(mutated(good.tbs, changes), subCa2);
        const body = withChain(exampleOf(at.name).body, at, { leaf, ...between });
        if ((await wellAnswered(callOf({ ...exampleOf(at.name), body }))) >= 400) return;
        const shown = commonNameOf(readCertificate(leaf).subject) ?? '';
        if (kind === 'vehicle') expect(await wellAnswered(opnc.vehicle(shown))).toBe(200);
      }
      taken[kind]++;
      for (const example of examples.filter(({ name }) => name.startsWith('GET'))) {
        expect([example.name, await wellAnswered(callOf(example))]).toEqual([example.name, example.good]);
      }
    });
    await fc.assert(property, { numRuns: 120 });
    expect(taken.vehicle + taken.contract + taken.root).toBeGreaterThan(0);
  });

  test('any octets under any type', async () => {
    const types = ['application/json', 'application/xml', 'text/xml', 'application/pkcs10', 'text/plain', ''];
    const calls = [
      ...examples.map(callOf),
      ...['oem', 'mo'].map((ca) => ({ method: 'POST', path: `/.well-known/est/${ca}/simpleenroll` })),
    ].filter(({ method }) => method !== 'GET');
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .tuple(fc.constantFrom('{"', '<a>', '-----BEGIN ', 'MII', '\ufeff'), fc.string({ unit: 'binary' }))
        .map(([start, rest]) => Buffer.from(start + rest)),
    );
    const property = fc.asyncProperty(
      fc.constantFrom(...calls),
      fc.constantFrom(...types),
      bodies,
      async (to, type, body) => {
        await wellAnswered({ ...to, headers: { 'content-type': type }, body });
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });

  test('anything in paths, queries and headers', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('..', '.', '%', "' or 1=1 --", '\0'),
    );
    const property = fc.asyncProperty(
      fc.constantFrom(...examples),
      fc.dictionary(fc.constantFrom('pcid', 'emaid', 'rootCertificateId'), text, { noNullPrototype: true }),
      fc.dictionary(fc.constantFrom('pkiType', 'rootType', 'sessionID', 'xsdMsgDefNamespace', '__proto__'), text, {
        noNullPrototype: true,
      }),
      fc.stringMatching(/^[\x20-\x7e]{0,30}$/),
      async (example, params, query, header) => {
        const wellFormed = Object.entries({ ...example.params, ...params }).map(([name, value]) => [
          name,
          value.toWellFormed(),
        ]);
        const spoilt = { ...example, params: Object.fromEntries(wellFormed), query: { ...example.query, ...query } };
        const headers = { alwaysReturnEXI: header, 'x-skip-revocation': header, 'x-request-id': header };
        await wellAnswered({ ...callOf(spoilt), headers });
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
});

/** A certificate with this content, signed by the issuer as if it were its own. */
function signedAgain(tbs: Uint8Array, { key }: Issued): Uint8Array {
  const signature = sign('sha256', tbs, { key: key.privateKey, dsaEncoding: 'der' });
  const ecdsaWithSha256 = der.sequence(der.oid('1.2.840.10045.4.3.2'));
  return der.encodeDer(der.sequence(der.raw(tbs), ecdsaWithSha256, der.bitString(signature)));
}
