/** Several processes on one database: one responder for all, and no certificate that the database does not know. */
import {
  generateKeyPair,
  makeName,
  readCertificate,
  readOcspResponse,
  softwareSigner,
  writeCertificateRequest,
} from '@plugpool/iso15118';
import { describe, expect, test } from 'vitest';
import { certificateStatus } from '../src/pki/status/certificate-status.ts';
import type { Store } from '../src/store/store.ts';
import { ocspRequest } from './certificate-status.ts';
import { pkiOn, TEST_NOW } from './pki.ts';
import { base64, randomPcid } from './roles.ts';
import { eachStore } from './stores.ts';

describe.each(eachStore())('replicas on $kind', ({ open }) => {
  async function replica(store: Store) {
    const { pki, keys } = pkiOn(store);
    await pki.ensureDemoAuthorities();
    return { pki, status: certificateStatus({ store, keys, clock: { now: () => TEST_NOW }, pki }) };
  }

  test('ok/those that are first asked at the same moment sign with one responder', async () => {
    const store = await open();
    const others = [await store.reopen(), await store.reopen()];
    const replicas = [await replica(store), await replica(others[0] ?? store), await replica(others[1] ?? store)];
    const keysBefore = await rowsOf(store, 'private_key');
    const issuedBefore = await rowsOf(store, 'issued_certificate');
    const { subCa2, subCa1 } = (await replicas[0]?.pki.chainOf('mo', 'ISO15118-2')) ?? {};
    if (subCa1 === undefined || subCa2 === undefined) throw new Error('there is no MO CA');
    const request = ocspRequest([{ certificate: subCa2, issuer: subCa1 }]);
    const answers = await Promise.all(replicas.flatMap(({ status }) => [status.ocsp(request), status.ocsp(request)]));
    const responders = answers.map(({ der }) => {
      const read = readOcspResponse(der);
      if (read.status !== 'successful') throw new Error(read.status);
      expect(read.responses.map(({ status }) => status)).toEqual(['good']);
      return readCertificate(read.certificates[0] ?? new Uint8Array()).fingerprint;
    });
    expect(new Set(responders).size).toBe(1);
    const kept = await store.db.selectFrom('ocsp_responder').select(['authority_name', 'generation']).execute();
    expect(kept.map((row) => ({ ...row }))).toEqual([{ authority_name: 'mo-sub1', generation: 1 }]);
    // What the losers made is gone with their transactions.
    expect(await rowsOf(store, 'private_key')).toBe(keysBefore + 1);
    expect(await rowsOf(store, 'issued_certificate')).toBe(issuedBefore + 1);
    for (const other of others) await other.close();
  });

  test('fail/what could not be recorded is not handed out, and nobody signs with it', async () => {
    const store = await open();
    const working = await replica(store);
    const crashing: Store = {
      ...store,
      async transaction(work) {
        await store.transaction(async (tx) => {
          await work(tx);
          throw new Error('the power went');
        });
        throw new Error('unreachable');
      },
    };
    const { pki, status } = await replica(crashing);
    const issuedBefore = await rowsOf(store, 'issued_certificate');
    const request = await writeCertificateRequest({
      subject: makeName([{ type: 'CN', value: randomPcid() }]),
      signer: softwareSigner(generateKeyPair('secp256r1').privateKey),
    });
    const enrolling = pki.enrol({ domain: 'oem', edition: 'ISO15118-2', request });
    await expect(enrolling).rejects.toThrow('the power went');

    const { subCa2, subCa1 } = await pki.chainOf('oem', 'ISO15118-2');
    const question = ocspRequest([{ certificate: subCa2, issuer: subCa1 }]);
    await expect(status.ocsp(question)).rejects.toThrow('the power went');
    await expect(status.crl('oem-sub1')).rejects.toThrow('the power went');
    expect([
      await rowsOf(store, 'issued_certificate'),
      await rowsOf(store, 'ocsp_responder'),
      await rowsOf(store, 'crl'),
    ]).toEqual([issuedBefore, 0, 0]);

    const first = await working.status.crl('oem-sub1');
    expect(first.freshness.tag).toMatch(/^1-/);
    expect(base64((await working.status.crl('oem-sub1')).der)).toBe(base64(first.der));
  });
});

async function rowsOf(store: Store, table: 'private_key' | 'issued_certificate' | 'ocsp_responder' | 'crl') {
  const { total } = await store.db
    .selectFrom(table)
    .select((select) => select.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return total;
}
