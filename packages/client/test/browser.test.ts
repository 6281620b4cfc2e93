/** The door for browsers: what a bundle of it holds, and that it works in one. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decode, iso15118_2, toXml } from '@plugpool/exi';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { beforeAll, describe, expect, test } from 'vitest';
import { issue, makePki, respond, type TestPki } from './pki.ts';
import { webServer } from './web-server.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const chromiumPath = '/usr/bin/chromium';

/** The code that a browser gets for `source`. */
async function bundled(source: string): Promise<string> {
  const entry = 'virtual:entry';
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: folder,
    build: { write: false, rollupOptions: { input: entry, preserveEntrySignatures: 'strict' } },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? { id, moduleSideEffects: true } : undefined),
        load: (id) => (id === entry ? source : undefined),
      },
    ],
  });
  const outputs = Array.isArray(result) ? result : 'output' in result ? [result] : [];
  const chunks = outputs.flatMap(({ output }) => output).flatMap((part) => (part.type === 'chunk' ? [part.code] : []));
  const [code, ...others] = chunks;
  if (code === undefined || others.length > 0) throw new Error(`${chunks.length} chunks instead of one`);
  return code;
}

test('nothing in it names a platform: no Node module, Buffer or process', async () => {
  const all = await bundled(`export * from '${folder}src/browser.ts';`);
  // Vite puts a stand-in where a Node module was, so its mark is looked for as well.
  expect(all).not.toMatch(/["'`]node:|__vite-browser-external|\bBuffer\b|\bprocess\.|(?<!\.|\})\brequire\(["'`]/);
});

describe.skipIf(!existsSync(chromiumPath))(`in ${chromiumPath}, if it is installed`, () => {
  let pki: TestPki;

  beforeAll(async () => {
    pki = await makePki();
  });

  /** What `script` gives to `answer` in a page of an ecosystem that answers with `replies` by method and path. */
  async function inBrowser(script: string, replies: Record<string, { status: number; body: string }>) {
    const code =
      await bundled(`import { CallError, clientCredentials, opcpClient, opncClient } from '${folder}src/browser.ts';
      const base64 = (octets) => btoa(String.fromCharCode(...octets));
      const answer = async () => { ${script} };
      answer().then((value) => { window.answer = value; }, (error) => { window.answer = String(error); });`);
    const page = '<!doctype html><script type="module" src="/bundle.js"></script>';
    const server = await webServer(({ method, url }, response) => {
      const reply = replies[`${method} ${url}`];
      if (url === '/bundle.js') response.setHeader('content-type', 'text/javascript').end(code);
      else if (url === '/') response.setHeader('content-type', 'text/html').end(page);
      else response.writeHead(reply?.status ?? 404).end(reply?.body ?? '');
    });
    const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      const tab = await browser.newPage();
      await tab.goto(`${server.url}/`);
      await tab.waitForFunction('window.answer !== undefined', undefined, { timeout: 15_000 });
      return { answer: await tab.evaluate('window.answer'), arrived: server.arrived };
    } finally {
      await browser.close();
      await server.close();
    }
  }

  test('ok/roots as octets, with a token', async () => {
    const caCertificate = Buffer.from(pki.root.certificate.der).toString('base64');
    const root = { rootCertificateId: 'id-1', caCertificate, rootTypeList: ['V2G'] };
    const { answer, arrived } = await inBrowser(
      `const tokens = clientCredentials({ tokenUrl: location.origin, clientId: 'me', clientSecret: 'secret' });
       const [root] = await opncClient({ baseUrl: location.origin, tokens }).anyone.roots();
       return base64(root.certificate.der);`,
      {
        'POST /oauth/token': { status: 200, body: '{"access_token":"t","expires_in":60}' },
        'GET /opnc/v1/rcp/rootcertificates': {
          status: 200,
          body: JSON.stringify({ rootCertificateCollection: [root] }),
        },
      },
    );
    expect(answer).toBe(caCertificate);
    const call = arrived.find(({ url }) => url.startsWith('/opnc'));
    expect(call?.headers.authorization).toBe('Bearer t');
  });

  test('ok/a document in XML becomes EXI', async () => {
    const { response, xml } = await signedDataXml(pki);
    const { answer } = await inBrowser(
      `const certificate = { der: Uint8Array.of(1) };
       const signed = await opcpClient({ baseUrl: location.origin }).emsp.signContractData({
         edition: 'ISO15118-2', emaid: 'DEPPLC12345678', contractChain: { certificate, subCa1: certificate },
         encryptedPrivateKey: new Uint8Array(48), dhPublicKey: new Uint8Array(65) });
       return base64(signed.installationRes);`,
      {
        'PUT /v1/cps/contractData/signed': {
          status: 201,
          body: JSON.stringify({
            xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef',
            signedData: Buffer.from(xml).toString('base64'),
          }),
        },
      },
    );
    expect(answer).toBe(Buffer.from(response).toString('base64'));
  });

  test('fail/as in Node', async () => {
    const { answer } = await inBrowser(
      `return await opncClient({ baseUrl: location.origin }).oem.fetchVehicle('WPPSIM1234567890X')
         .catch((error) => [error instanceof CallError, error.kind, error.refusal, error.traceId].join(' '));`,
      {
        'GET /opnc/v1/pcp/provisioningcertificates/WPPSIM1234567890X': {
          status: 404,
          body: '{"errorMessages":["The OEM provisioning certificate with given PCID is not found."],"traceId":"t-1"}',
        },
      },
    );
    expect(answer).toBe('true refused vehicle-not-found t-1');
  });
});

/** A signed response in both of its forms. */
async function signedDataXml(pki: TestPki): Promise<{ response: Uint8Array; xml: string }> {
  const vehicle = await issue({ profile: 'oem', commonName: 'WPPSIM1234567890X', issuer: pki.oem.subCa2 });
  const response = await respond(pki, vehicle.certificate, new Uint8Array(8));
  return { response, xml: toXml(iso15118_2, decode(iso15118_2, response)) };
}
