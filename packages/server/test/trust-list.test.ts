/** The certificate trust list, verified with a library that is not ours. */
import { X509Certificate } from 'node:crypto';
import { flattenedVerify, importX509 } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, call, list } from './dialects.ts';
import { issue } from './own-pki.ts';
import { base64 } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  const trustList = async () => (await call(server.url, { method: 'GET', path: '/v1/root/ctl' })).json;

  async function verified(answer: unknown) {
    const pem = `-----BEGIN CERTIFICATE-----\n${at(answer, 'signerCertificate')}\n-----END CERTIFICATE-----`;
    const { payload, protectedHeader } = await flattenedVerify(
      Object(at(answer, 'CTL')),
      await importX509(pem, 'ES256'),
    );
    const content: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    return { content, header: Object(protectedHeader) };
  }

  test('ok/it verifies, names the roots of the pool, and its signer is under one of them', async () => {
    const answer = await trustList();
    const { content, header } = await verified(answer);
    expect(header.x5c[0]).toBe(at(answer, 'signerCertificate'));
    expect(Date.parse(String(at(content, 'timeStamp')))).toBeCloseTo(Date.parse(String(at(answer, 'timeStamp'))), -4);
    const roots = list(at(content, 'rootCertificates'));
    const pool = await call(server.url, { method: 'GET', path: '/v1/root/rootCerts' });
    const known = list(at(pool.json, 'RootCertificateCollection', 'rootCertificates'));
    expect(roots.map((root) => at(root, 'caCertificate'))).toEqual(known.map((root) => at(root, 'caCertificate')));
    const chain = [...header.x5c].map((text) => certificateOf(text));
    const top = chain.at(-1);
    const anchor = roots.map((root) => certificateOf(at(root, 'caCertificate'))).find((each) => top?.checkIssued(each));
    for (const [index, each] of chain.entries()) {
      const issuer = chain[index + 1] ?? anchor;
      expect(issuer !== undefined && each.verify(issuer.publicKey), each.subject).toBe(true);
    }
  });

  test('ok/a root that is added is on the list at once', async () => {
    const root = await issue({ profile: 'root', commonName: 'Listed root' });
    const caCertificate = base64(root.certificate.der);
    await call(server.url, { method: 'PUT', path: '/v1/root/rootCerts', body: { caCertificate, rootType: 'OEM' } });
    const { content } = await verified(await trustList());
    const entry = list(at(content, 'rootCertificates')).find((each) => at(each, 'caCertificate') === caCertificate);
    expect(entry).toMatchObject({ rootTypes: ['OEM'], fingerprint: root.certificate.fingerprint });
  });

  test('fail/a list that was changed does not verify', async () => {
    const answer = await trustList();
    const payload = Buffer.from(JSON.stringify({ timeStamp: '', rootCertificates: [] })).toString('base64url');
    const changed = { ...Object(answer), CTL: { ...Object(at(answer, 'CTL')), payload } };
    await expect(verified(changed)).rejects.toThrow('signature verification failed');
  });
});

function certificateOf(text: unknown): X509Certificate {
  return new X509Certificate(Buffer.from(String(text), 'base64'));
}
