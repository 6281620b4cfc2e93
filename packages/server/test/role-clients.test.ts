/** The typed clients against the real server: every operation of every role, in both dialects and editions. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { clientCredentials, opcpClient, opncClient, type RoleClients, SimulatedVehicle } from '@plugpool/client';
import {
  type Certificate,
  type CurveName,
  commonNameOf,
  type Edition,
  generateKeyPair,
  makeName,
  sealContractKey,
  softwareSigner,
  writeCertificateRequest,
} from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { issue } from './own-pki.ts';
import { addParty } from './parties.ts';
import { randomEmaid, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

const editions = [
  { edition: 'ISO15118-2', curve: 'secp256r1' },
  { edition: 'ISO15118-20', curve: 'secp521r1' },
] as const;
const dialects = { OPNC: opncClient, OPCP: opcpClient } as const;
type DialectName = keyof typeof dialects;
const day = 86_400_000;

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await start();
  });

  const clients = (name: DialectName) => dialects[name]({ baseUrl: server.url, retries: { times: 0 } });

  describe.each(Object.keys(dialects) as DialectName[])('in %s', (name) => {
    test.each(editions)('the life of a contract in $edition, by all roles', async ({ edition, curve }) => {
      const { anyone, oem, emsp, cpo } = clients(name);
      const vehicle = await publishedVehicle(clients(name), edition, curve);
      const { pcid } = vehicle;
      expect(await oem.lookupVehicle(pcid)).toBe(true);
      const fetched = await emsp.fetchVehicle(pcid, { edition });
      expect(fetched).toMatchObject({
        edition,
        fingerprint: vehicle.provisioningChainOf(edition).certificate.fingerprint,
      });
      expect((await oem.fetchVehicle(pcid, { edition })).subCa1.fingerprint).toBe(fetched.subCa1.fingerprint);

      const [own, ours] = [randomEmaid(), randomEmaid()];
      const signed = await emsp.signContractData(
        await contractData(clients(name), edition, curve, own, fetched.certificate, pcid),
      );
      expect(signed).toMatchObject({ edition, emaid: own, pcid });
      await emsp.generateAndSign({ edition, emaid: ours, pcid, begins: Date.now() - day, ends: Date.now() + day });

      const byEmaid = await emsp.contractsByEmaid(own, { edition });
      expect(byEmaid).toMatchObject([{ emaid: own, pcid, edition, isDefault: true }]);
      await oem.setDefault(ours, pcid);
      const byPcid = await oem.contractsOf(pcid, { edition });
      expect(new Map(byPcid.map((entry) => [entry.emaid, entry.isDefault]))).toEqual(
        new Map([
          [own, false],
          [ours, true],
        ]),
      );

      const { exi } = await vehicle.requestContract({ maximumContractCertificateChains: 2, prioritizedEmaids: [ours] });
      const { delivered, responses } = await cpo.installByRequest({ edition, installationReq: exi });
      const installed = responses.map(({ installationRes }) => vehicle.installContract(installationRes));
      expect(delivered).toBe(true);
      expect(installed.map(({ emaid }) => emaid)).toEqual(edition === 'ISO15118-2' ? [ours] : [ours, own]);
      expect(installed.every(({ key }) => key.proven)).toBe(true);

      const [provided] = await oem.provide({
        emaid: own,
        pcid,
        edition,
        sessionId: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      });
      expect(vehicle.installProvidedContract(provided?.installationRes ?? new Uint8Array()).emaid).toBe(own);
      const signers = await anyone.cpsCertificates();
      expect(signers.map((signer) => signer.edition)).toContain(edition);

      await emsp.withdraw(own, { skipRevocation: true });
      await expect(emsp.contractsByEmaid(own, { edition })).rejects.toMatchObject({ refusal: 'contract-not-found' });
      await oem.depublishVehicle(pcid);
      expect(await oem.lookupVehicle(pcid)).toBe(false);
    });

    test.each(editions)('data signed elsewhere is added, $edition', async ({ edition, curve }) => {
      const role = clients(name);
      const vehicle = await publishedVehicle(role, edition, curve);
      const { pcid } = vehicle;
      const emaid = randomEmaid();
      const { certificate } = await role.emsp.fetchVehicle(pcid, { edition });
      const { pcid: _, ...unplaced } = await contractData(role, edition, curve, emaid, certificate, pcid);
      const signed = await role.emsp.signContractData(unplaced);
      await expect(role.emsp.contractsByEmaid(emaid, { edition })).rejects.toMatchObject({ kind: 'refused' });
      await role.cps.addSignedContractData({ edition, emaid, pcid, installationRes: signed.installationRes });
      expect(await role.emsp.contractsByEmaid(emaid, { edition })).toMatchObject([{ emaid, pcid }]);
      const { exi } = await vehicle.requestContract();
      const { responses } = await role.cpo.installByRequest({ edition, installationReq: exi });
      expect(vehicle.installContract(responses[0]?.installationRes ?? new Uint8Array()).key.proven).toBe(true);
    });

    test('a car on Ed448: what an eMSP sealed for X448 arrives, and cannot be proven; generating is refused', async () => {
      const role = clients(name);
      const edition = 'ISO15118-20';
      const x448 = generateKeyPairSync('x448');
      const vehicle = await publishedVehicle(role, edition, 'ed448', { x448PrivateKey: x448.privateKey });
      const { pcid } = vehicle;
      const emaid = randomEmaid();
      const { chain } = await contractLeaf(role, edition, 'ed448', emaid);
      const sealed = sealContractKey({
        edition,
        curve: 'x448',
        vehiclePublicKey: x448.publicKey.export({ format: 'der', type: 'spki' }).subarray(-56),
        contractKey: new Uint8Array(56).fill(9),
        pcid,
        contractSki: chain.certificate.subjectKeyIdentifier,
      });
      await role.emsp.signContractData({ edition, emaid, pcid, contractChain: chain, ...sealed });
      const { exi } = await vehicle.requestContract();
      const { responses } = await role.cpo.installByRequest({ edition, installationReq: exi });
      const { key } = vehicle.installContract(responses[0]?.installationRes ?? new Uint8Array());
      expect(key).toMatchObject({ proven: false, octets: new Uint8Array(56).fill(9) });
      const order = { edition, emaid: randomEmaid(), pcid, begins: Date.now() - day, ends: Date.now() + day } as const;
      await expect(role.emsp.generateAndSign(order)).rejects.toMatchObject({
        status: 400,
        message: expect.stringMatching(/Ed448|X448/i),
      });
    });

    test('certificates of every branch', async () => {
      const { anyone, oem, emsp, cpo, cps } = clients(name);
      for (const { edition, curve } of editions) {
        const pcid = randomPcid();
        const evse = edition === 'ISO15118-2' ? 'DE*ICE*E45B*78C' : 'DE-ICE-S-00003C4D5578-2';
        const options = { algorithm: curve };
        const issued = {
          oem: await oem.enrol(edition, await request(curve, pcid), options),
          emsp: await emsp.enrol(edition, await request(curve, randomEmaid()), options),
          cpo: await cpo.enrol(edition, await request(curve, evse), options),
          cps: await cps.enrol(edition, await request(curve, 'Signer'), options),
          ...(edition === 'ISO15118-20' && { veh: await oem.enrolForTls(await request(curve, pcid), options) }),
        };
        for (const [caDomain, certificate] of Object.entries(issued)) {
          const domain = caDomain as keyof typeof issued;
          const [subCa2] = await anyone.caCertificates({ caDomain: domain, edition, algorithm: curve });
          expect(certificate.authorityKeyIdentifier).toEqual(subCa2?.subjectKeyIdentifier);
        }
      }
    });

    test('roots', async () => {
      const { anyone, operator } = clients(name);
      const { certificate } = await issue({ profile: 'root', commonName: `Foreign root ${name}` });
      const change = await operator.addRoot({ certificate, types: ['eMSP'] });
      const added = change.outcome === 'added' ? change.root : expect.fail(change.outcome);
      expect(added).toMatchObject({ types: ['eMSP'], certificate: { fingerprint: certificate.fingerprint } });
      expect((await anyone.root(added.id)).certificate.fingerprint).toBe(certificate.fingerprint);
      const ofMo = await anyone.roots({ type: 'eMSP' });
      expect(ofMo.map(({ id }) => id)).toContain(added.id);
      expect((await anyone.roots()).length).toBeGreaterThan(ofMo.length);
      expect(await operator.removeRoot(added.id)).toEqual({ outcome: 'removed' });
      await expect(anyone.root(added.id)).rejects.toMatchObject({ refusal: 'root-not-found' });
    });

    test('roots that another operator has to approve', async () => {
      const guarded = await server.beside({ auth: 'oauth2', approvals: { expiresAfterMs: 3_600_000 } });
      const party = await addParty(guarded, { roles: ['operator'] });
      const tokens = clientCredentials({ ...party, tokenUrl: guarded.url });
      const { anyone, operator } = dialects[name]({ baseUrl: guarded.url, tokens });
      const { certificate } = await issue({ profile: 'root', commonName: `Proposed root ${name}` });
      const before = await anyone.roots();
      const proposed = { outcome: 'proposed', approvalId: expect.any(String), expiresAt: expect.any(Number) };
      expect(await operator.addRoot({ certificate, types: ['eMSP'] })).toEqual(proposed);
      expect(await operator.removeRoot(before[0]?.id ?? '')).toEqual(proposed);
      expect(await anyone.roots()).toEqual(before);
    });

    test('the list of all that is trusted', async () => {
      const { anyone } = clients(name);
      if (name === 'OPNC') {
        await expect(anyone.trustList()).rejects.toMatchObject({ kind: 'not-in-dialect' });
        return;
      }
      const { signer, signedAt, list } = await anyone.trustList();
      expect(signedAt).toBeGreaterThan(signer.notBefore);
      expect(list).toMatchObject({ payload: expect.any(String), signature: expect.any(String) });
    });

    test('webhook endpoints', async () => {
      const { webhooks } = clients(name);
      const wanted = { url: 'http://127.0.0.1:9/hook', enabledEvents: ['oem.contract.created'], wmis: ['WPP'] };
      const created = await webhooks.create(wanted);
      expect(created).toMatchObject({ ...wanted, status: 'enabled', secret: expect.stringMatching(/.{16,}/) });
      const { secret: _, ...seen } = created;
      expect(await webhooks.list()).toContainEqual({ ...seen, secret: undefined });
      const changed = await webhooks.change(created.id, { url: wanted.url, status: 'disabled' });
      expect(changed).toMatchObject({ ...wanted, status: 'disabled' });
      expect(await webhooks.get(created.id)).toEqual(changed);
      await webhooks.remove(created.id);
      await expect(webhooks.get(created.id)).rejects.toMatchObject({ refusal: 'not-found' });
    });

    test('revocation', async () => {
      const { operator, oem } = clients(name);
      const certificate = await oem.enrol('ISO15118-2', await request('secp256r1', randomPcid()));
      const revoked = operator.revoke({ certificate, reason: 'keyCompromise' });
      if (name === 'OPNC') expect(await revoked).toBeUndefined();
      else await expect(revoked).rejects.toMatchObject({ kind: 'not-in-dialect' });
    });

    test('refusals say what they are', async () => {
      const { oem, emsp, cpo, operator } = clients(name);
      const edition = 'ISO15118-2';
      const { certificate: root } = await issue({ profile: 'root', commonName: 'Foreign root' });
      const refusals = [
        [() => oem.fetchVehicle(randomPcid()), 'vehicle-not-found'],
        [() => oem.fetchVehicle('short'), 'field-pattern'],
        [() => emsp.contractsByEmaid(randomEmaid()), 'contract-not-found'],
        [() => operator.removeRoot('nothing'), 'root-not-found'],
        [
          () => emsp.generateAndSign({ edition, emaid: randomEmaid(), pcid: randomPcid(), begins: 0, ends: 1 }),
          'contract-ends-in-past',
        ],
        [
          () =>
            emsp.generateAndSign({
              edition,
              emaid: randomEmaid(),
              pcid: randomPcid(),
              begins: 0,
              ends: Date.now() + day,
            }),
          'vehicle-not-available',
        ],
        [() => cpo.installByRequest({ edition, installationReq: Uint8Array.of(1) }), 'exi-invalid'],
        [
          () => oem.publishVehicle({ edition, certificate: { der: Uint8Array.of(1) }, subCa1: root }),
          'certificate-format',
        ],
      ] as const;
      for (const [call, refusal] of refusals) {
        const error: unknown = await call().catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ kind: 'refused', refusal, traceId: expect.any(String) });
      }
    });

    test('a car without a contract gets its failure as EXI, or the caller the texts', async () => {
      const role = clients(name);
      for (const { edition, curve } of editions) {
        const vehicle = await publishedVehicle(role, edition, curve);
        const { exi: installationReq } = await vehicle.requestContract();
        const { delivered, status, responses } = await role.cpo.installByRequest({ edition, installationReq });
        expect([delivered, status, responses.length]).toEqual([false, 404, 1]);
        expect(() => vehicle.installContract(responses[0]?.installationRes ?? new Uint8Array())).toThrow(
          expect.objectContaining({ code: 'response-code' }),
        );
        const plain = role.cpo.installByRequest({ edition, installationReq, alwaysReturnExi: false });
        await expect(plain).rejects.toMatchObject({ refusal: 'contract-or-vehicle-not-found' });
      }
    });
  });
});

async function publishedVehicle(
  { anyone, oem }: RoleClients,
  edition: Edition,
  curve: CurveName,
  options: { readonly x448PrivateKey?: KeyObject } = {},
): Promise<SimulatedVehicle> {
  const roots = await anyone.roots({ type: 'V2G' });
  const vehicle = new SimulatedVehicle({
    pcid: randomPcid(),
    v2gRoots: roots.map(({ certificate }) => certificate),
    keyPairs: [generateKeyPair(curve)],
    ...options,
  });
  const certificate = await oem.enrol(edition, await vehicle.certificateRequest(), { algorithm: curve });
  const [subCa2, subCa1] = await anyone.caCertificates({ caDomain: 'oem', edition, algorithm: curve });
  if (subCa1 === undefined) throw new Error('the OEM chain is cut');
  vehicle.installProvisioning({ certificate, subCa2, subCa1 });
  await oem.publishVehicle({ edition, ...vehicle.provisioningChain });
  return vehicle;
}

/** A contract key, and the chain of its certificate. */
async function contractLeaf({ anyone, emsp }: RoleClients, edition: Edition, curve: CurveName, emaid: string) {
  const { privateKey } = generateKeyPair(curve);
  const subject = makeName([{ type: 'CN', value: emaid }]);
  const csr = await writeCertificateRequest({ subject, signer: softwareSigner(privateKey) });
  const certificate = await emsp.enrol(edition, csr, { algorithm: curve });
  expect(commonNameOf(certificate.subject)).toBe(emaid);
  const [subCa2, subCa1] = await anyone.caCertificates({ caDomain: 'emsp', edition, algorithm: curve });
  if (subCa1 === undefined) throw new Error('the MO chain is cut');
  return { privateKey, chain: { certificate, subCa2, subCa1 } };
}

/** What an eMSP with its own keys has signed. */
async function contractData(
  role: RoleClients,
  edition: Edition,
  curve: 'secp256r1' | 'secp521r1',
  emaid: string,
  vehicle: Certificate,
  pcid: string,
) {
  const { privateKey, chain } = await contractLeaf(role, edition, curve, emaid);
  const sealed = sealContractKey({
    edition,
    curve,
    vehiclePublicKey: vehicle.publicKey.point,
    contractKey: privateKey,
    pcid,
    contractSki: chain.certificate.subjectKeyIdentifier,
  });
  return { edition, emaid, pcid, contractChain: chain, ...sealed };
}

function request(curve: CurveName, commonName: string): Promise<Uint8Array> {
  const subject = makeName([{ type: 'CN', value: commonName }]);
  return writeCertificateRequest({ subject, signer: softwareSigner(generateKeyPair(curve).privateKey) });
}
