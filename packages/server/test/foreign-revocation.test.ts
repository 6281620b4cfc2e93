/** Vehicles, contracts and signers of another PKI, whose own responder and lists say whether they are revoked. */
import { softwareSigner } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { call, opcp, opnc, quickstart, type SealedContract } from './dialects.ts';
import { carriers, type ForeignFields, sentChain, signed } from './foreign-data.ts';
import {
  asLeaf,
  endForeignServers,
  type ForeignPki,
  foreignPki,
  httpServer,
  listOf,
  type OpensslResponder,
  opensslInstalled,
  opensslResponder,
} from './foreign-pki.ts';
import { base64, enrol, installationReq, type Leaf, randomEmaid, randomPcid, sealedFor } from './roles.ts';
import { eachServer, type ServerKind, type TestServer } from './running-server.ts';

const HOUR_MS = 3_600_000;
const revokedText = 'is revoked since 2026-01-02T03:04:05.000Z (keyCompromise)';
const unreachable = 'http://127.0.0.1:9/';

endForeignServers();

describe.skipIf(!opensslInstalled)('revocation of foreign certificates', () => {
  let responder: OpensslResponder;
  let pki: ForeignPki;
  let revokedSubCa: ForeignPki;
  const good: Leaf[] = [];
  const revoked: Leaf[] = [];

  beforeAll(async () => {
    responder = await opensslResponder(() => pki.subCa2);
    const lists = new Map<string, Uint8Array>();
    const url = await httpServer((request, response) => {
      const list = lists.get(request.url ?? '');
      response.writeHead(list === undefined ? 404 : 200, { 'content-type': 'application/pkix-crl' }).end(list);
    });
    pki = await foreignPki('Foreign', { crl: `${url}/foreign.crl` });
    revokedSubCa = await foreignPki('Revoked', { crl: `${url}/revoked.crl` });
    lists.set('/foreign.crl', await listOf(pki.subCa1, []));
    lists.set('/revoked.crl', await listOf(revokedSubCa.subCa1, [revokedSubCa.subCa2.certificate]));
    await know();
  });

  async function know(): Promise<void> {
    const certificates = (leafs: readonly Leaf[]) => leafs.map(({ certificate }) => certificate);
    await responder.know(certificates(good), certificates(revoked));
  }

  /** A leaf that the responder knows of. */
  async function leafOf(profile: 'oem' | 'contract' | 'cps', commonName: string, status: 'good' | 'revoked') {
    const leaf = asLeaf(pki, await pki.leaf(profile, commonName, { ocsp: responder.url }));
    (status === 'good' ? good : revoked).push(leaf);
    await know();
    return leaf;
  }

  async function leafWithout(profile: 'oem' | 'contract', commonName: string) {
    return asLeaf(pki, await pki.leaf(profile, commonName, { ocsp: unreachable }));
  }

  async function trusting(start: ServerKind['start'], options: Parameters<ServerKind['start']>[0]) {
    const server = await start(options);
    for (const { root } of [pki, revokedSubCa]) {
      const body = { caCertificate: base64(root.certificate.der), rootTypeList: ['V2G', 'OEM', 'eMSP'] };
      const added = await call(server.url, { method: 'PUT', path: '/opnc/v1/rcp/rootcertificates', body });
      expect(added.status).toBe(200);
    }
    return server;
  }

  const refusal = (text: string) => ({ status: 400, json: { errorMessages: [text] } });
  const sealed = (emaid: string, pcid: string, car: Leaf, contract: Leaf): SealedContract => ({
    emaid,
    pcid,
    contract,
    ...sealedFor(car.certificate, contract),
  });

  describe.each(eachServer())('on $kind', ({ start }) => {
    let required: TestServer;
    let time = Date.now();
    beforeAll(async () => {
      required = await trusting(start, { revocation: 'require', clock: { now: () => time } });
    });

    describe('policy require', () => {
      test.each([opnc, opcp, quickstart])('ok/a good vehicle, $name', async (dialect) => {
        const car = await leafOf('oem', randomPcid(), 'good');
        const answer = await call(required.url, dialect.publish(car));
        expect(answer.status, answer.text).toBe(dialect.published);
      });

      test.each([opnc, opcp, quickstart])('fail/a revoked vehicle, $name', async (dialect) => {
        const car = await leafOf('oem', randomPcid(), 'revoked');
        const answer = await call(required.url, dialect.publish(car));
        expect(answer).toMatchObject({ status: 400 });
        expect(answer.text).toContain(`ertificate : ${revokedText}`);
      });

      test('fail/a vehicle under a sub CA that a list revokes', async () => {
        const car = asLeaf(revokedSubCa, await revokedSubCa.leaf('oem', randomPcid()));
        expect(await call(required.url, opcp.publish(car))).toMatchObject(
          refusal('subCa2Certificate : is revoked since 2026-01-02T03:04:05.000Z (cACompromise)'),
        );
      });

      test('fail/a vehicle whose responder is down', async () => {
        const answer = await call(required.url, opcp.publish(await leafWithout('oem', randomPcid())));
        expect(answer).toMatchObject(
          refusal(
            'vehicleCertificate : its revocation status cannot be established: OCSP responder: it cannot be reached',
          ),
        );
      });

      test('fail/a vehicle that the responder does not know', async () => {
        const car = asLeaf(pki, await pki.leaf('oem', randomPcid(), { ocsp: responder.url }));
        expect((await call(required.url, opcp.publish(car))).text).toContain(
          'cannot be established: OCSP responder: it does not know the certificate',
        );
      });

      test('ok/a vehicle that names nobody who could be asked', async () => {
        const car = asLeaf(pki, await pki.leaf('oem', randomPcid()));
        expect((await call(required.url, opnc.publish(car))).status).toBe(200);
      });

      test('ok/own vehicles and contracts, about which nobody is asked over HTTP', async () => {
        const pcid = randomPcid();
        const car = await enrol(required.url, 'oem', pcid);
        expect((await call(required.url, opnc.publish(car))).status).toBe(200);
        const emaid = randomEmaid();
        const contract = await enrol(required.url, 'mo', emaid);
        expect((await call(required.url, opnc.sign(sealed(emaid, pcid, car, contract)))).status).toBe(201);
      });
    });

    describe('contracts', () => {
      test('fail/signing a revoked contract; ok/a good one', async () => {
        const pcid = randomPcid();
        const car = await leafOf('oem', pcid, 'good');
        expect((await call(required.url, opnc.publish(car))).status).toBe(200);
        const [bad, fine] = [randomEmaid(), randomEmaid()];
        const revokedContract = await leafOf('contract', bad, 'revoked');
        expect(await call(required.url, opcp.sign(sealed(bad, pcid, car, revokedContract)))).toMatchObject(
          refusal(`contractCertificate : ${revokedText}`),
        );
        const goodContract = await leafOf('contract', fine, 'good');
        const answer = await call(required.url, opcp.sign(sealed(fine, pcid, car, goodContract)));
        expect(answer.status, answer.text).toBe(201);
      });

      test.each([
        ['contractCertificate', 'revoked', 'good'],
        ['cpsCertificate', 'good', 'revoked'],
      ] as const)('fail/adding data with a revoked %s', async (field, contractStatus, cpsStatus) => {
        const body = await foreignData(contractStatus, cpsStatus);
        const answer = await call(required.url, { method: 'PUT', path: '/opnc/v1/ccp/signedcontractdata', body });
        expect(answer).toMatchObject(refusal(`${field} : ${revokedText}`));
      });

      test('ok/adding data of good certificates', async () => {
        const body = await foreignData('good', 'good');
        const answer = await call(required.url, { method: 'PUT', path: '/opnc/v1/ccp/signedcontractdata', body });
        expect(answer.status, answer.text).toBeLessThan(300);
      });

      async function foreignData(contractStatus: 'good' | 'revoked', cpsStatus: 'good' | 'revoked') {
        const [pcid, emaid] = [randomPcid(), randomEmaid()];
        const car = await leafOf('oem', pcid, 'good');
        expect((await call(required.url, opnc.publish(car))).status).toBe(200);
        const contract = await leafOf('contract', emaid, contractStatus);
        const cps = await leafOf('cps', 'Foreign CPS', cpsStatus);
        const issued = (leaf: Leaf) => ({ ...leaf, signer: softwareSigner(leaf.key.privateKey) });
        const fields: ForeignFields = {
          sessionId: Uint8Array.of(0),
          provisioningChain: sentChain(issued(cps), pki),
          contractChain: sentChain(issued(contract), pki),
          ...sealedFor(car.certificate, contract),
          emaid,
          signer: softwareSigner(cps.key.privateKey),
        };
        const [carrier] = carriers;
        const certificateInstallationRes = carrier?.carry(await signed(fields));
        const xsdMsgDefNamespace = 'urn:iso:15118:2:2013:MsgDef';
        return { emaid, pcid, certificateInstallationRes, xsdMsgDefNamespace };
      }
    });

    describe('install by request', () => {
      test('fail/vehicle or contract revoked since: within the hour at most', async () => {
        const [pcid, emaid] = [randomPcid(), randomEmaid()];
        const car = await leafOf('oem', pcid, 'good');
        expect((await call(required.url, opnc.publish(car))).status).toBe(200);
        const contract = await leafOf('contract', emaid, 'good');
        expect((await call(required.url, opnc.sign(sealed(emaid, pcid, car, contract)))).status).toBe(201);
        const install = async () => await call(required.url, opnc.install(await installationReq(car)));
        expect((await install()).status).toBe(200);

        revoked.push(contract);
        good.splice(good.indexOf(contract), 1);
        await know();
        expect((await install()).status).toBe(200);
        time += HOUR_MS + 1000;
        expect((await install()).status).toBe(404);

        revoked.push(car);
        good.splice(good.indexOf(car), 1);
        await know();
        time += HOUR_MS + 1000;
        const headers = { alwaysReturnEXI: 'false' };
        const answer = await call(required.url, opnc.install(await installationReq(car), headers));
        expect(answer.status).toBe(400);
        expect(answer.text).toContain(revokedText);
      });
    });

    describe('other policies', () => {
      test('soft-fail/no answer passes, revoked does not', async () => {
        const server = await trusting(start, { revocation: 'soft-fail' });
        const lonely = await leafWithout('oem', randomPcid());
        expect((await call(server.url, opnc.publish(lonely))).status).toBe(200);
        const car = await leafOf('oem', randomPcid(), 'revoked');
        expect((await call(server.url, opcp.publish(car))).text).toContain(revokedText);
      });

      test('off/nobody is asked', async () => {
        const server = await trusting(start, { revocation: 'off' });
        const car = await leafOf('oem', randomPcid(), 'revoked');
        expect((await call(server.url, opnc.publish(car))).status).toBe(200);
      });

      test('require, internal addresses forbidden/the responder of the test is not reached', async () => {
        const server = await trusting(start, { revocation: 'require', allowPrivateTargets: false });
        const car = await leafOf('oem', randomPcid(), 'good');
        expect((await call(server.url, opcp.publish(car))).text).toContain(
          'OCSP responder: its address is internal, which is not allowed',
        );
      });
    });
  });
});
