/** Contract data and orders for it that are wrong in their values: envelopes, EMAIDs, terms, roots, editions. */
import { beforeAll, describe, test } from 'vitest';
import { contractChains } from './chain-fields.ts';
import type { Call } from './dialects.ts';
import { examplesOf } from './examples.ts';
import { type Json, type JsonObject, type Place, valueAt, without, withValue } from './json-places.ts';
import { callOf, type Example, type Samples, samplesOn, withBody } from './operations.ts';
import { issue } from './own-pki.ts';
import { expectRefused, type Spoilt } from './refusal.ts';
import { base64, enrol } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

type Spoiling = readonly (readonly [Place, Json])[];

const generate = ['PUT /opnc/v1/cps/contractData/generateandsign', 'PUT /v1/cps/generate/signedContractData'];
const NOBODY = 'ab'.repeat(32);

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let samples: Samples;
  let examples: Example[];
  beforeAll(async () => {
    server = await start();
    samples = await samplesOn(server.url);
    examples = examplesOf({ opnc: samples, opcp: samples, quickstart: samples });
  });

  const refusesAll = (calls: readonly Spoilt[]) => expectRefused(server, calls);

  function bodyOf(name: string): Example & { readonly body: JsonObject } {
    const [example] = withBody(examples.filter((each) => each.name === name));
    if (example === undefined) throw new Error(`there is no ${name} with a body`);
    return example;
  }

  function spoilt(name: string, changes: Spoiling): Call {
    const example = bodyOf(name);
    return callOf({
      ...example,
      body: changes.reduce((body, [place, bad]) => withValue(body, place, bad), example.body),
    });
  }

  /** Every body that has the field, at whatever depth its dialect has it. */
  const having = (field: string) =>
    withBody(examples).flatMap(({ name, body }) => {
      const inside = ['contractCertificateBundle', 'contractData'].filter((part) => valueAt(body, [part, field]));
      const part = valueAt(body, [field]) === undefined ? inside[0] : undefined;
      if (part !== undefined) return [{ name, place: [part, field] }];
      return valueAt(body, [field]) === undefined ? [] : [{ name, place: [field] }];
    });

  test('fail/envelopes of the wrong size, and points that are not on the curve', async () => {
    const { dhPublicKey } = samples.data;
    const offCurve = dhPublicKey.slice();
    offCurve[64] = (offCurve[64] ?? 0) ^ 1;
    const keys = [1, 16, 32, 47, 49, 64, 94, 800].map((size) => new Uint8Array(size).fill(7));
    const points = [
      offCurve,
      dhPublicKey.subarray(0, 64),
      Uint8Array.of(...dhPublicKey, 0),
      Uint8Array.of(2, ...dhPublicKey.subarray(1, 33)),
      Uint8Array.of(6, ...dhPublicKey.subarray(1)),
      Uint8Array.of(4, ...new Uint8Array(64)),
      Uint8Array.of(4, ...new Uint8Array(64).fill(0xff)),
      Uint8Array.of(0),
      new Uint8Array(133).fill(4),
      new Uint8Array(56),
    ];
    const cases = [
      ...keys.map((octets) => ({ field: 'contractSignatureEncryptedPrivateKey', octets })),
      ...points.map((octets) => ({ field: 'dHpublickey', octets })),
    ];
    await refusesAll(
      cases.flatMap(({ field, octets }) =>
        having(field).map(({ name, place }) => ({
          title: `${field} of ${octets.length} octets at ${name}`,
          call: spoilt(name, [[place, base64(octets)]]),
          names: `${field} : the `,
        })),
      ),
    );
  });

  test('fail/EMAIDs that are not that of the certificate, or have no room in a message', async () => {
    const long = 'DEPPLC12345678901234';
    const nameless = await issue({ profile: 'contract', commonName: 'NOEMAID', issuer: samples.root });
    const another = await enrol(server.url, 'mo', 'DEPPLC99999999');
    const oversized = base64((await enrol(server.url, 'mo', long)).certificate.der);
    const tooLong = /^emaid : has \d+ characters, messages of ISO15118-2 have room for 15/;
    const flat = bodyOf('PUT /v1/cps/contractData/signed');
    const unnamed = without(without(flat.body, ['emaid']), ['contractData', 'emaid']);
    await refusesAll([
      ...contractChains.flatMap(({ name, places }) => [
        {
          title: `no EMAID at ${name}`,
          call: spoilt(name, [[places.leaf, base64(nameless.certificate.der)]]),
          names: 'contractCertificate : has a common name that is no EMAID',
        },
        {
          title: `another EMAID at ${name}`,
          call: spoilt(name, [[places.leaf, base64(another.certificate.der)]]),
          names: 'emaid : is not the common name of the contract certificate',
        },
      ]),
      {
        title: 'a long EMAID to sign in OPNC',
        call: spoilt('PUT /opnc/v1/cps/contractData/sign', [
          [['contractCertificateBundle', 'contractCertificateChain', 'certificate'], oversized],
          [['contractCertificateBundle', 'emaid'], long],
        ]),
        names: tooLong,
      },
      {
        title: 'a long EMAID in the certificate alone',
        call: callOf({ ...flat, body: withValue(unnamed, ['contractData', 'contractCertificate'], oversized) }),
        names: tooLong,
      },
      ...[long, 'DEPPLC1234567890', 'DE-PPL-C1234567890-1', `DEPPL${'C'.repeat(28)}`].map((emaid) => ({
        title: `${emaid} to generate`,
        call: spoilt('PUT /opnc/v1/cps/contractData/generateandsign', [[['emaid'], emaid]]),
        names: tooLong,
      })),
      ...contractChains
        .filter(({ name }) => !name.includes('/opnc/'))
        .map(({ name }) => ({
          title: `two EMAIDs at ${name}`,
          call: spoilt(name, [[['emaid'], 'DEPPLC99999999']]),
          names: 'emaid : is not the EMAID of the contract data',
        })),
    ]);
  });

  test('fail/namespaces and editions', async () => {
    const unknown = ['urn:iso:15118:2:2010:MsgDef', 'urn:iso:15118:2:2013:MsgBody', 'ISO15118-2', ' ', '__proto__'];
    const bodies = having('xsdMsgDefNamespace');
    const queries = examples.filter(({ query }) => query?.['xsdMsgDefNamespace'] !== undefined);
    await refusesAll([
      ...unknown.flatMap((namespace) => [
        ...bodies.map(({ name, place }) => ({
          title: `${namespace} at ${name}`,
          call: spoilt(name, [[place, namespace]]),
          text: `xsdMsgDefNamespace : "${namespace}" is not a known message definition namespace`,
        })),
        ...queries.map((example) => ({
          title: `${namespace} at ${example.name}`,
          call: callOf({ ...example, query: { ...example.query, xsdMsgDefNamespace: namespace } }),
          text: `xsdMsgDefNamespace : "${namespace}" is not a known message definition namespace`,
        })),
      ]),
      // What is on the curve of one edition does not become something of the other one by its namespace.
      ...bodies.map(({ name, place }) => ({
        title: `the other edition at ${name}`,
        call: spoilt(name, [[place, 'urn:iso:15118:20:2022:MsgDef']]),
        names: /ISO15118-20/,
      })),
    ]);
  });

  test('fail/fingerprints', async () => {
    const form = 'must match "^[0-9a-fA-F]{64}$"';
    const bad = ['', 'ab', NOBODY.slice(1), `${NOBODY}0`, `${NOBODY.slice(2)}zz`, NOBODY.replaceAll('ab', 'ab:')];
    const bodies = ['cpsV2GRootCertificateFingerprint', 'moRootCertificateFingerprint'].flatMap((field) =>
      having(field).map((each) => ({ ...each, field })),
    );
    const reading = examples.filter(({ query }) => query?.['xsdMsgDefNamespace'] !== undefined);
    await refusesAll([
      ...bad.flatMap((fingerprint) => [
        ...bodies.map(({ name, place, field }) => ({
          title: `${field} ${fingerprint} at ${name}`,
          call: spoilt(name, [[place, fingerprint]]),
          text: `${field} : ${form}`,
        })),
        ...reading.map((example) => ({
          title: `${fingerprint} at ${example.name}`,
          call: callOf({ ...example, query: { cpsV2GRootCertificateFingerprint: fingerprint } }),
          text: `cpsV2GRootCertificateFingerprint : ${form}`,
        })),
      ]),
      ...bodies.map(({ name, place, field }) => ({
        title: `an unknown ${field} at ${name}`,
        call: spoilt(name, [[place, NOBODY]]),
        names: `${field} : `,
      })),
    ]);
  });

  test('fail/terms', async () => {
    const iso = (time: number) => new Date(time).toISOString();
    const day = 86_400_000;
    const now = Date.now();
    const terms: [string, string, string][] = [
      [iso(now + 2 * day), iso(now + day), 'contractEnds : is not after contractBegins'],
      [iso(now + day), iso(now + day), 'contractEnds : is not after contractBegins'],
      [iso(now - 2 * day), iso(now - day), 'The given contractEnds date is in the past.'],
      [iso(now + 100 * 365 * day), iso(now + 200 * 365 * day), 'contractBegins : '],
      ['9998-01-01T00:00:00Z', '9999-12-31T23:59:59Z', 'contractBegins : '],
    ];
    await refusesAll(
      generate.flatMap((name) =>
        terms.map(([begins, ends, names]) => ({
          title: `${begins} to ${ends} at ${name}`,
          call: spoilt(name, [
            [['contractBegins'], begins],
            [['contractEnds'], ends],
          ]),
          names,
        })),
      ),
    );
  });

  test('fail/types of roots, key identifiers, and texts that are too long', async () => {
    const fields: [string, Json, RegExp | string][] = [
      ['rootType', 'ROOT', 'rootType : must match'],
      ['rootType', '', 'rootType : must match'],
      ['rootTypeList', [], 'rootTypeList : '],
      ['rootTypeList', ['V2G', 'root'], 'rootTypeList[1] : must match'],
      ['rootTypeList', many(10_000, 'V2G'), 'rootTypeList : '],
      ['rootCtlList', ['a'.repeat(101)], 'rootCtlList[0] : '],
      ['rootCtlList', many(21, 'list'), 'rootCtlList : '],
      ['v2gRootAuthorityKeyIdentifiers', ['xyz'], 'v2gRootAuthorityKeyIdentifiers : must be hexadecimal octets'],
      ['v2gRootAuthorityKeyIdentifiers', ['abc'], 'v2gRootAuthorityKeyIdentifiers : must be hexadecimal octets'],
      ['v2gRootAuthorityKeyIdentifiers', [''], 'v2gRootAuthorityKeyIdentifiers : must be hexadecimal octets'],
      ['v2gRootAuthorityKeyIdentifiers', ['ab'.repeat(65)], 'v2gRootAuthorityKeyIdentifiers : must be'],
      ['v2gRootAuthorityKeyIdentifiers', many(51, 'ab'), 'v2gRootAuthorityKeyIdentifiers : '],
      ['v2gRootAuthorityKeyIdentifier', 'xyz', /^v2gRootAuthorityKeyIdentifier/],
      ['previousPcid', 'short', 'previousPcid : must match'],
      ['metaData', 'a'.repeat(4097), 'metaData : '],
    ];
    const queries = [
      ['GET /opnc/v1/rcp/rootcertificates', 'pkiType'],
      ['GET /v1/root/rootCerts', 'rootType'],
    ] as const;
    await refusesAll([
      ...fields.flatMap(([field, bad, names]) =>
        having(field).map(({ name, place }) => ({
          title: `${field} ${JSON.stringify(bad).slice(0, 50)} at ${name}`,
          call: spoilt(name, [[place, bad]]),
          names,
        })),
      ),
      ...queries.flatMap(([name, parameter]) =>
        ['', 'V2G ', 'all', 'V2G,OEM', '__proto__'].map((type) => ({
          title: `${parameter}=${type}`,
          call: callOf({ name, good: 200, query: { [parameter]: type } }),
          names: `${parameter} : must match`,
        })),
      ),
    ]);
  });
});

function many(count: number, text: string): Json {
  return Array.from({ length: count }, () => text);
}
