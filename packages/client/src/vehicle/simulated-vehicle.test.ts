import { sign, verify } from 'node:crypto';
import { decode, iso15118_2 } from '@plugpool/exi';
import {
  commonNameOf,
  generateKeyPair,
  publicKeyObject,
  readCertificateRequest,
  serialNumberOf,
  verifyMessageSignature,
} from '@plugpool/iso15118';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { certifyKey, issue, makePki, type ResponseChanges, respond, sent, type TestPki } from '../../test/pki.ts';
import { refusalOf } from '../../test/vehicle-refusals.ts';
import { SimulatedVehicle } from './simulated-vehicle.ts';
import type { VehicleRefusalCode } from './vehicle-refusal.ts';

const pcid = 'WPPSIM1234567890X';
let pki: TestPki;

beforeAll(async () => {
  pki = await makePki();
});

async function provisionedVehicle(): Promise<SimulatedVehicle> {
  const vehicle = new SimulatedVehicle({ pcid, v2gRoots: [pki.root.certificate] });
  const { publicKey } = readCertificateRequest(await vehicle.certificateRequest());
  const certificate = await certifyKey('oem', pcid, publicKey, pki.oem.subCa2);
  vehicle.installProvisioning({ certificate, ...sent(pki.oem) });
  return vehicle;
}

describe('certificate request', () => {
  test('names the PCID and is signed with the key of the car', async () => {
    const vehicle = new SimulatedVehicle({ pcid, v2gRoots: [] });
    const request = readCertificateRequest(await vehicle.certificateRequest('Test OEM'));
    expect(commonNameOf(request.subject)).toBe(pcid);
    expect(request.publicKey.curve).toBe('secp256r1');
  });

  test('refuses a certificate of another key or another PCID', async () => {
    const keyPair = generateKeyPair('secp256r1');
    const vehicle = new SimulatedVehicle({ pcid, v2gRoots: [], keyPairs: [keyPair] });
    const other = await issue({ profile: 'oem', commonName: pcid, issuer: pki.oem.subCa2 });
    const otherName = await certifyKey('oem', 'WPPSIM000000000XX', keyPair, pki.oem.subCa2);
    for (const certificate of [other.certificate, otherName]) {
      expect(refusalOf(() => vehicle.installProvisioning({ certificate, ...sent(pki.oem) }))).toBe(
        'foreign-certificate',
      );
    }
  });
});

describe('contract request', () => {
  test('is signed as a whole and names the roots of the car', async () => {
    const vehicle = await provisionedVehicle();
    const { exi, sessionId } = await vehicle.requestContract();
    const document = decode(iso15118_2, exi);
    const { Header, Body } = document.V2G_Message ?? expect.fail('no V2G_Message');
    expect(Header.SessionID).toEqual(sessionId);
    expect(sessionId).toHaveLength(8);
    expect(Body.CertificateInstallationReq?.ListOfRootCertificateIDs.RootCertificateID).toEqual([
      { X509IssuerName: 'CN=V2G Root,DC=V2G,O=Test,C=DE', X509SerialNumber: serialNumberOf(pki.root.certificate) },
    ]);
    expect(verifyMessageSignature(document, vehicle.provisioningChain.certificate)).toMatchObject({ valid: true });
  });

  test('has a new session every time', async () => {
    const vehicle = await provisionedVehicle();
    const [first, second] = [await vehicle.requestContract(), await vehicle.requestContract()];
    expect(first.sessionId).not.toEqual(second.sessionId);
  });

  test('is not made without a provisioning certificate', async () => {
    const vehicle = new SimulatedVehicle({ pcid, v2gRoots: [pki.root.certificate] });
    await expect(vehicle.requestContract()).rejects.toMatchObject({ code: 'not-ready' });
    expect(refusalOf(() => vehicle.installContract(new Uint8Array()))).toBe('not-ready');
  });
});

describe('contract', () => {
  test('installed/the key is that of the contract certificate', async () => {
    const vehicle = await provisionedVehicle();
    const { sessionId } = await vehicle.requestContract();
    const contract = vehicle.installContract(await respond(pki, vehicle.provisioningChain.certificate, sessionId));
    expect(contract.emaid).toBe('DEPPLC12345678');
    expect(contract.cpsRoot.fingerprint).toBe(pki.root.certificate.fingerprint);
    expect(contract.contractSubCertificates.map(({ fingerprint }) => fingerprint)).toEqual([
      pki.mo.subCa2.certificate.fingerprint,
      pki.mo.subCa1.certificate.fingerprint,
    ]);
    const challenge = Buffer.from('challenge');
    if (!contract.key.proven) expect.fail(contract.key.why);
    const signature = sign('sha256', challenge, contract.key.privateKey);
    expect(verify('sha256', challenge, publicKeyObject(contract.contractCertificate), signature)).toBe(true);
  });

  test('installed/through the channel of the manufacturer, in no session', async () => {
    const vehicle = await provisionedVehicle();
    const exi = await respond(pki, vehicle.provisioningChain.certificate, Uint8Array.of(0));
    expect(vehicle.installProvidedContract(exi).emaid).toBe('DEPPLC12345678');
  });

  const cases: { name: string; code: VehicleRefusalCode; changes: () => Promise<ResponseChanges> | ResponseChanges }[] =
    [
      { name: 'the answer is a failure', code: 'response-code', changes: () => ({ responseCode: 'FAILED' }) },
      {
        name: 'the signer is no CPS',
        code: 'not-a-cps',
        changes: async () => ({
          cpsLeaf: await issue({
            profile: 'cps',
            commonName: 'Signer',
            issuer: pki.cps.subCa2,
            domainComponent: 'CPO',
          }),
        }),
      },
      {
        name: 'the CPS is of another PKI',
        code: 'cps-chain',
        changes: async () => ({ cpsLeaf: (await makePki()).cpsLeaf }),
      },
      {
        name: 'somebody else signed',
        code: 'signature',
        changes: async () => ({ signer: (await issue({ profile: 'cps', commonName: 'Other' })).signer }),
      },
      {
        name: 'EMAID is not that of the certificate',
        code: 'emaid-mismatch',
        changes: () => ({ emaid: 'DEPPLC00000000' }),
      },
      { name: 'the DH public key is not on the curve', code: 'envelope', changes: () => ({ damagedPoint: true }) },
      {
        name: 'another key is in the envelope',
        code: 'key-mismatch',
        changes: () => ({ sealedKey: generateKeyPair('secp256r1') }),
      },
    ];
  test.each(cases)('refused as $code/$name', async ({ code, changes }) => {
    const vehicle = await provisionedVehicle();
    const { sessionId } = await vehicle.requestContract();
    const exi = await respond(pki, vehicle.provisioningChain.certificate, sessionId, await changes());
    expect(refusalOf(() => vehicle.installContract(exi))).toBe(code);
  });

  test('refused as session-mismatch/the answer is for another session', async () => {
    const vehicle = await provisionedVehicle();
    await vehicle.requestContract();
    const exi = await respond(pki, vehicle.provisioningChain.certificate, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    expect(refusalOf(() => vehicle.installContract(exi))).toBe('session-mismatch');
  });

  test('refused as key-mismatch/the envelope is for another car', async () => {
    const vehicle = await provisionedVehicle();
    const { sessionId } = await vehicle.requestContract();
    const other = await issue({ profile: 'oem', commonName: pcid, issuer: pki.oem.subCa2 });
    const exi = await respond(pki, other.certificate, sessionId);
    expect(refusalOf(() => vehicle.installContract(exi))).toBe('key-mismatch');
  });

  test('refused as unexpected-message/the answer is a request', async () => {
    const vehicle = await provisionedVehicle();
    const { exi } = await vehicle.requestContract();
    expect(refusalOf(() => vehicle.installContract(exi))).toBe('unexpected-message');
  });

  test('refused as cps-chain/the root expired', async () => {
    const vehicle = await provisionedVehicle();
    const { sessionId } = await vehicle.requestContract();
    const exi = await respond(pki, vehicle.provisioningChain.certificate, sessionId);
    const at = pki.root.certificate.notAfter + 86_400_000;
    expect(refusalOf(() => vehicle.installContract(exi, { at }))).toBe('cps-chain');
  });

  test('refused as exi-invalid/the answer is cut off', async () => {
    const vehicle = await provisionedVehicle();
    const { sessionId } = await vehicle.requestContract();
    const exi = await respond(pki, vehicle.provisioningChain.certificate, sessionId);
    expect(refusalOf(() => vehicle.installContract(exi.subarray(0, -10)))).toBe('exi-invalid');
  });

  test('never installs a response with a changed octet, and never fails in another way', async () => {
    const vehicle = await provisionedVehicle();
    const { sessionId } = await vehicle.requestContract();
    const exi = await respond(pki, vehicle.provisioningChain.certificate, sessionId);
    const original = decode(iso15118_2, exi);
    fc.assert(
      fc.property(fc.nat(exi.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Uint8Array.from(exi);
        changed[at] = (changed[at] ?? 0) ^ mask;
        const code = refusalOf(() => vehicle.installContract(changed));
        // What is not signed (response code, padding) may change without harm to the contract.
        if (code === 'none') {
          const contractOf = (document: typeof original) => {
            const { ResponseCode: _, ...rest } = document.V2G_Message?.Body.CertificateInstallationRes ?? {};
            return rest;
          };
          expect(contractOf(decode(iso15118_2, changed))).toEqual(contractOf(original));
        }
      }),
      { numRuns: 200 },
    );
  });
});
