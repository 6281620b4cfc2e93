import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { decode, type Iso15118_20CommonDocument, iso15118_20Common } from '@plugpool/exi';
import {
  type CurveName,
  generateKeyPair,
  type KeyPair,
  publicKeyObject,
  readCertificateRequest,
  sealContractKey,
  verifyMessageSignature,
} from '@plugpool/iso15118';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { certifyKey, issue, makePki, respond, sent, type TestPki } from '../../test/pki.ts';
import { type Changes20, type KnownVehicle, opaqueKey, respond20 } from '../../test/response-20.ts';
import { refusalOf } from '../../test/vehicle-refusals.ts';
import { SimulatedVehicle } from './simulated-vehicle.ts';
import type { VehicleRefusalCode } from './vehicle-refusal.ts';

const edition = 'ISO15118-20';
const pcid = 'WPPSIM1234567890X';
const emaid = 'DEPPLC12345678';
const x448 = generateKeyPairSync('x448');

let iso2: TestPki;
const pkis = new Map<CurveName, TestPki>();

beforeAll(async () => {
  iso2 = await makePki();
  for (const curve of ['secp521r1', 'ed448'] as const) pkis.set(curve, await makePki(curve));
});

function pkiOn(curve: CurveName): TestPki {
  return pkis.get(curve) ?? expect.fail(`no PKI on ${curve}`);
}

interface Car {
  readonly vehicle: SimulatedVehicle;
  readonly known: KnownVehicle;
}

/** A car of ISO 15118-20 alone, with its certificate. */
async function carOn(curve: CurveName, keys: { readonly x448?: boolean } = {}): Promise<Car> {
  const pki = pkiOn(curve);
  const vehicle = new SimulatedVehicle({
    pcid,
    v2gRoots: [pki.root.certificate],
    keyPairs: [generateKeyPair(curve)],
    ...(keys.x448 !== false && curve === 'ed448' && { x448PrivateKey: x448.privateKey }),
  });
  await provision(vehicle, pki);
  const { certificate } = vehicle.provisioningChain;
  return { vehicle, known: { pcid, certificate, ...(curve === 'ed448' && { x448PublicKey: x448.publicKey }) } };
}

async function provision(vehicle: SimulatedVehicle, pki: TestPki): Promise<void> {
  const spoken = pki.root.keys.curve === 'secp256r1' ? 'ISO15118-2' : edition;
  const { publicKey } = readCertificateRequest(await vehicle.certificateRequest('Test OEM', spoken));
  const certificate = await certifyKey('oem', pcid, publicKey, pki.oem.subCa2);
  vehicle.installProvisioning({ certificate, ...sent(pki.oem) });
}

function requestIn(exi: Uint8Array) {
  const document = decode(iso15118_20Common, exi);
  return { document, request: document.CertificateInstallationReq ?? expect.fail('no request') };
}

describe.each(['secp521r1', 'ed448'] as const)('a car on %s', (curve) => {
  test('asks for several contracts, with its chain signed', async () => {
    const { vehicle } = await carOn(curve);
    const {
      exi,
      sessionId,
      edition: asked,
    } = await vehicle.requestContract({
      maximumContractCertificateChains: 3,
      prioritizedEmaids: [emaid, 'DE8AAA1A2B3C4D5EF67'],
    });
    const { document, request } = requestIn(exi);
    expect(asked).toBe(edition);
    expect(request.Header.SessionID).toEqual(sessionId);
    expect(request.MaximumContractCertificateChains).toBe(3);
    expect(request.PrioritizedEMAIDs?.EMAID).toEqual([emaid, 'DE8AAA1A2B3C4D5EF67']);
    expect(request.ListOfRootCertificateIDs.RootCertificateID).toHaveLength(1);
    const { subCa2, subCa1 } = pkiOn(curve).oem;
    expect(request.OEMProvisioningCertificateChain.SubCertificates?.Certificate).toEqual([
      subCa2.certificate.der,
      subCa1.certificate.der,
    ]);
    expect(verifyMessageSignature(document, vehicle.provisioningChain.certificate)).toMatchObject({
      valid: true,
      references: [{ element: 'OEMProvisioningCertificateChain' }],
    });
  });

  test('installed/one response after the other, counting down', async () => {
    const { vehicle, known } = await carOn(curve);
    const { sessionId } = await vehicle.requestContract({ maximumContractCertificateChains: 2 });
    const emaids = [emaid, 'DEPPLC12345679'];
    for (const [index, wanted] of emaids.entries()) {
      const exi = await respond20(pkiOn(curve), known, sessionId, { emaid: wanted, remaining: 1 - index });
      const contract = vehicle.installContract(exi);
      expect(contract).toMatchObject({ edition, emaid: wanted, remaining: 1 - index });
      expect(contract.cpsRoot.fingerprint).toBe(pkiOn(curve).root.certificate.fingerprint);
    }
  });

  test('installed/through the channel of the manufacturer, in no session', async () => {
    const { vehicle, known } = await carOn(curve);
    const exi = await respond20(pkiOn(curve), known, new Uint8Array(8));
    expect(vehicle.installProvidedContract(exi)).toMatchObject({ edition, emaid });
  });

  const cases: { name: string; code: VehicleRefusalCode; changes: () => Promise<Changes20> | Changes20 }[] = [
    {
      name: 'a warning',
      code: 'response-code',
      changes: () => ({ fields: { responseCode: 'WARNING_NoContractMatchingPCIDFound' } }),
    },
    {
      name: 'a failure',
      code: 'response-code',
      changes: () => ({ fields: { responseCode: 'FAILED_SignatureError' } }),
    },
    { name: 'the answer is on its way', code: 'not-finished', changes: () => ({ processing: 'Ongoing' }) },
    {
      name: 'the signer is no CPS',
      code: 'not-a-cps',
      changes: async () => ({
        cpsLeaf: await issue({
          profile: 'cps',
          commonName: 'Signer',
          issuer: pkiOn(curve).cps.subCa2,
          domainComponent: 'CPO',
        }),
      }),
    },
    {
      name: 'the CPS is of another PKI',
      code: 'cps-chain',
      changes: async () => ({ cpsLeaf: (await makePki(curve)).cpsLeaf }),
    },
    { name: 'the CPS has sent no sub CA', code: 'cps-chain', changes: () => ({ fields: { cpsChain: lone(curve) } }) },
    {
      name: 'somebody else signed',
      code: 'signature',
      changes: async () => ({ signer: (await issue({ profile: 'cps', commonName: 'Other', curve })).signer }),
    },
    {
      name: 'a contract certificate of more than 1600 octets',
      code: 'certificate-too-large',
      changes: async () => ({
        contract: await issue({
          profile: 'contract',
          commonName: emaid,
          issuer: pkiOn(curve).mo.subCa2,
          organization: 'x'.repeat(1600),
        }),
      }),
    },
    {
      name: 'the contract certificate is none',
      code: 'certificate-malformed',
      changes: () => {
        const broken = Uint8Array.of(0x30, 0);
        return { fields: { contractChain: { certificate: broken, subCa1: broken } } };
      },
    },
    {
      name: 'a contract key on the curve of ISO 15118-2',
      code: 'envelope',
      changes: async () => {
        const { certificate } = await issue({ profile: 'contract', commonName: emaid, issuer: iso2.mo.subCa2 });
        return { fields: { contractChain: { certificate, ...sent(iso2.mo) } } };
      },
    },
    {
      name: 'the key is sealed for a TPM',
      code: 'tpm-key',
      changes: () => ({ fields: { encryptedPrivateKey: new Uint8Array(206).fill(7) } }),
    },
    {
      name: 'bound to another PCID',
      code: 'envelope-binding',
      changes: () => ({ binding: { pcid: 'WPPSIM000000000XX' } }),
    },
    {
      name: 'bound to another contract certificate',
      code: 'envelope-binding',
      changes: () => ({ binding: { contractSki: new Uint8Array(8).fill(1) } }),
    },
  ];
  test.each(cases)('refused as $code/$name', async ({ code, changes }) => {
    const { vehicle, known } = await carOn(curve);
    const { sessionId } = await vehicle.requestContract();
    const exi = await respond20(pkiOn(curve), known, sessionId, await changes());
    expect(refusalOf(() => vehicle.installContract(exi))).toBe(code);
  });

  test('refused as session-mismatch/the answer is for another session', async () => {
    const { vehicle, known } = await carOn(curve);
    await vehicle.requestContract();
    const exi = await respond20(pkiOn(curve), known, new Uint8Array(8));
    expect(refusalOf(() => vehicle.installContract(exi))).toBe('session-mismatch');
  });

  test('refused as unexpected-message/the answer is a request', async () => {
    const { vehicle } = await carOn(curve);
    const { exi } = await vehicle.requestContract();
    expect(refusalOf(() => vehicle.installContract(exi))).toBe('unexpected-message');
  });

  test('refused as remaining-count/not one less, or more than asked for', async () => {
    const { vehicle, known } = await carOn(curve);
    const { sessionId } = await vehicle.requestContract({ maximumContractCertificateChains: 2 });
    const response = (remaining: number) => respond20(pkiOn(curve), known, sessionId, { remaining });
    vehicle.installContract(await response(4));
    for (const remaining of [4, 5, 2]) {
      const exi = await response(remaining);
      expect(refusalOf(() => vehicle.installContract(exi))).toBe('remaining-count');
    }
    vehicle.installContract(await response(3));
    const third = await response(2);
    expect(refusalOf(() => vehicle.installContract(third))).toBe('remaining-count');
  });

  test('never installs a response with a changed octet, and never fails in another way', async () => {
    const { vehicle, known } = await carOn(curve);
    const exi = await respond20(pkiOn(curve), known, new Uint8Array(8));
    const dataOf = (octets: Uint8Array) => signedDataIn(decode(iso15118_20Common, octets));
    fc.assert(
      fc.property(fc.nat(exi.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Uint8Array.from(exi);
        changed[at] = (changed[at] ?? 0) ^ mask;
        const code = refusalOf(() => vehicle.installProvidedContract(changed));
        // What is not signed (header, response code, count, padding) may change without harm to the contract.
        if (code === 'none') expect(dataOf(changed)).toEqual(dataOf(exi));
      }),
      { numRuns: 100 },
    );
  });
});

function signedDataIn(document: Iso15118_20CommonDocument) {
  return document.CertificateInstallationRes?.SignedInstallationData;
}

function lone(curve: CurveName) {
  const { cpsLeaf } = pkiOn(curve);
  return { certificate: cpsLeaf.certificate, subCa1: cpsLeaf.certificate };
}

/** An envelope for a car that agrees keys on X448. */
function x448Envelope() {
  const curve = 'ed448';
  const vehiclePublicKey = x448.publicKey.export({ format: 'der', type: 'spki' }).subarray(-56);
  const binding = { pcid, contractSki: new Uint8Array(8) };
  return { curve, ...sealContractKey({ curve, vehiclePublicKey, contractKey: opaqueKey, ...binding }) } as const;
}

describe('the contract key', () => {
  test('on secp521r1 is proven to be that of the contract certificate', async () => {
    const { vehicle, known } = await carOn('secp521r1');
    const { sessionId } = await vehicle.requestContract();
    const { key, contractCertificate } = vehicle.installContract(await respond20(pkiOn('secp521r1'), known, sessionId));
    if (!key.proven) expect.fail(key.why);
    const challenge = Buffer.from('challenge');
    const signature = sign('sha512', challenge, key.privateKey);
    expect(verify('sha512', challenge, publicKeyObject(contractCertificate), signature)).toBe(true);
  });

  test('refused as key-mismatch/another key is in the envelope', async () => {
    const { vehicle, known } = await carOn('secp521r1');
    const { sessionId } = await vehicle.requestContract();
    const mo = pkiOn('secp521r1').mo.subCa2;
    const contract = await issue({ profile: 'contract', commonName: emaid, issuer: mo });
    const exi = await respond20(pkiOn('secp521r1'), known, sessionId, {
      contract: { ...contract, keys: generateKeyPair('secp521r1') },
    });
    expect(refusalOf(() => vehicle.installContract(exi))).toBe('key-mismatch');
  });

  test('in X448 comes out as 56 octets that cannot be proven, and the car says so', async () => {
    const { vehicle, known } = await carOn('ed448');
    const { sessionId } = await vehicle.requestContract();
    const { key } = vehicle.installContract(await respond20(pkiOn('ed448'), known, sessionId));
    expect(key).toEqual({ proven: false, octets: opaqueKey, why: expect.stringContaining('cannot be proven') });
  });

  test('refused as not-ready/an Ed448 car without an X448 key', async () => {
    const { vehicle, known } = await carOn('ed448', { x448: false });
    const { sessionId } = await vehicle.requestContract();
    const exi = await respond20(pkiOn('ed448'), known, sessionId);
    expect(refusalOf(() => vehicle.installContract(exi))).toBe('not-ready');
  });

  test('refused as envelope/X448 for a car that agrees on secp521r1', async () => {
    const { vehicle, known } = await carOn('secp521r1');
    const { sessionId } = await vehicle.requestContract();
    const exi = await respond20(pkiOn('secp521r1'), known, sessionId, { fields: x448Envelope() });
    expect(refusalOf(() => vehicle.installContract(exi))).toBe('envelope');
  });
});

describe('a car of both editions', () => {
  async function mixed(): Promise<SimulatedVehicle> {
    const pki = pkiOn('secp521r1');
    const keyPairs: KeyPair[] = [generateKeyPair('secp256r1'), generateKeyPair('secp521r1')];
    const v2gRoots = [iso2.root.certificate, pki.root.certificate];
    const vehicle = new SimulatedVehicle({ pcid, v2gRoots, keyPairs });
    await provision(vehicle, iso2);
    await provision(vehicle, pki);
    return vehicle;
  }

  test('has both certificates under one PCID, and names the roots of the edition it asks in', async () => {
    const vehicle = await mixed();
    expect(vehicle.editions).toEqual(['ISO15118-2', 'ISO15118-20']);
    const { exi } = await vehicle.requestContract({ edition });
    expect(requestIn(exi).request.ListOfRootCertificateIDs.RootCertificateID).toEqual([
      expect.objectContaining({ X509IssuerName: 'CN=V2G Root,DC=V2G,O=Test,C=DE' }),
    ]);
    const curves = vehicle.editions.map((each) => vehicle.provisioningChainOf(each).certificate.publicKey.curve);
    expect(curves).toEqual(['secp256r1', 'secp521r1']);
  });

  test('installs a contract of each', async () => {
    const vehicle = await mixed();
    const first = await vehicle.requestContract();
    const { certificate } = vehicle.provisioningChainOf('ISO15118-2');
    const contract2 = vehicle.installContract(await respond(iso2, certificate, first.sessionId));
    const second = await vehicle.requestContract({ edition });
    const known = { pcid, certificate: vehicle.provisioningChainOf(edition).certificate };
    const contract20 = vehicle.installContract(await respond20(pkiOn('secp521r1'), known, second.sessionId));
    expect([contract2, contract20].map((contract) => [contract.edition, contract.key.proven])).toEqual([
      ['ISO15118-2', true],
      ['ISO15118-20', true],
    ]);
  });

  test('refused/an answer of the other edition', async () => {
    const vehicle = await mixed();
    const { sessionId } = await vehicle.requestContract();
    const known = { pcid, certificate: vehicle.provisioningChainOf(edition).certificate };
    const exi = await respond20(pkiOn('secp521r1'), known, sessionId);
    expect(['exi-invalid', 'unexpected-message']).toContain(refusalOf(() => vehicle.installContract(exi)));
  });

  test('refused/two keys of one edition, a certificate of an edition it has no key of', async () => {
    const keyPairs = [generateKeyPair('secp521r1'), generateKeyPair('ed448')];
    expect(() => new SimulatedVehicle({ pcid, v2gRoots: [], keyPairs })).toThrow(RangeError);
    const { vehicle } = await carOn('secp521r1');
    const { certificate } = await issue({ profile: 'oem', commonName: pcid, issuer: iso2.oem.subCa2 });
    const chain = { certificate, ...sent(iso2.oem) };
    expect(refusalOf(() => vehicle.installProvisioning(chain))).toBe('foreign-certificate');
    await expect(vehicle.requestContract({ edition: 'ISO15118-2' })).rejects.toMatchObject({ code: 'not-ready' });
  });

  test('refused/a car without a root of the edition', async () => {
    const keyPairs = [generateKeyPair('secp521r1')];
    const vehicle = new SimulatedVehicle({ pcid, v2gRoots: [iso2.root.certificate], keyPairs });
    await provision(vehicle, pkiOn('secp521r1'));
    await expect(vehicle.requestContract()).rejects.toMatchObject({ code: 'not-ready' });
  });
});
