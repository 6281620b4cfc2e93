import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readCertificate } from '@plugpool/iso15118';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { fitsWindow, PHONE, SCHEMES, settled, violationsOf } from './chromium.ts';
import { playedServer } from './servers.ts';
import { describeInChromium } from './suite.ts';

describeInChromium('console', playedServer, ({ server, open }) => {
  const message = (folder: string, name: string) => readFileSync(join(folder, name));
  const response2 = () => message(server().messages2, 'certificate-installation-res.exi');
  const inLink = (octets: Uint8Array) => `/inspector#${Buffer.from(octets).toString('base64url')}`;

  test.each(SCHEMES)('ok/every page in %s: nothing serious for axe, no fault in the browser', async (scheme) => {
    for (const path of ['/roots', '/inspector', inLink(response2()), '/nowhere']) {
      const { page, faults } = await open(path, scheme);
      await settled(page);
      expect(await violationsOf(page), path).toEqual([]);
      expect(faults, path).toEqual([]);
    }
  });

  test('ok/roots of the ecosystem', async () => {
    const { page } = await open('/roots');
    await page.getByRole('row', { name: /plugpool V2G Root Ed448/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(4);
    await page.getByRole('button', { name: 'PEM' }).first().click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  test('ok/a message in a log line, its link, and the bits of a field', async () => {
    const { page } = await open('/inspector');
    const base64 = response2().toString('base64');
    await page.getByLabel('Message').fill(`2026-11-21T05:00:00Z INFO [csms] got {"exiResponse":"${base64}"} in 12 ms`);
    await page.getByText('CertificateInstallationRes of ISO 15118-2').waitFor();
    await expectVerdict(page, 'Nothing wrong found', 'valid');
    await page.getByRole('treeitem', { name: /^eMAID/ }).hover();
    const lit = page.locator('[data-line] [data-lit]');
    expect(await lit.count()).toBeGreaterThan(15);
    expect(new URL(page.url()).hash).toBe(`#${response2().toString('base64url')}`);
    await page.reload();
    await expectVerdict(page, 'Nothing wrong found', 'valid');
  });

  test('ok/hexadecimal behind a V2GTP header', async () => {
    const { page } = await open('/inspector');
    const octets = response2();
    const frame = Buffer.concat([Buffer.from('01fe8001', 'hex'), lengthOf(octets), octets]);
    await page.getByLabel('Message').fill(frame.toString('hex'));
    await page.getByText('behind a V2GTP header of payload type 8001').waitFor();
    await expectVerdict(page, 'Nothing wrong found', 'valid');
  });

  test('ok/ISO 15118-20: P-521 and SHA-512 are verified in the browser', async () => {
    const [name = ''] = globSync('*req*.exi', { cwd: server().messages20 });
    const { page } = await open(inLink(message(server().messages20, name)));
    await page.getByText('CertificateInstallationReq of ISO 15118-20').waitFor();
    await expectVerdict(page, 'Nothing wrong found', 'valid');
  });

  test('ok/a file with a V2GTP frame in it, its bits and its chains up to a root of the pool', async () => {
    const { page } = await open('/inspector');
    const octets = response2();
    const buffer = Buffer.concat([Buffer.from('01fe8001', 'hex'), lengthOf(octets), octets]);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a file' }).click();
    await (await chooser).setFiles({ name: 'frame.bin', mimeType: 'application/octet-stream', buffer });
    await page.getByText('behind a V2GTP header of payload type 8001').waitFor();
    await expectVerdict(page, 'Nothing wrong found', 'valid');
    expect(await page.getByText('root certificate').count()).toBeGreaterThan(0);
  });

  test('ok/roots that come late: nothing is called good, and no root unknown, until they are there', async () => {
    const { page } = await open('/nowhere');
    const roots = Promise.withResolvers<void>();
    await page.route('**/admin/v1/roots', async (route) => {
      await roots.promise;
      await route.continue();
    });
    await page.goto(`${server().url}/console${inLink(response2())}`);
    await page.getByTestId('verdict').getByText('the roots of this ecosystem are asked for').waitFor();
    expect(await page.getByText('Issuer not among the roots').count()).toBe(0);
    roots.resolve();
    await page.getByTestId('verdict').getByText('Nothing wrong found', { exact: true }).waitFor();
    await page.getByText('root certificate').first().waitFor();
  });

  test('fail/a changed octet: one sentence on what is wrong and what to do', async () => {
    const octets = Buffer.from(response2());
    const at = octets.length - 6;
    octets[at] = (octets[at] ?? 0) ^ 0x04;
    const { page } = await open(inLink(octets));
    await page.getByTestId('signature').waitFor();
    expect(await page.getByTestId('signature').textContent()).toBe('not valid');
    expect(await page.getByTestId('verdict').textContent()).toMatch(/digest|eMAID/);
  });

  test('fail/nothing in the text is a message', async () => {
    const { page } = await open('/inspector');
    await page.getByLabel('Message').fill('there is nothing in here');
    await page.getByText('Paste the whole value, without an ellipsis in it.').waitFor();
  });

  test('ok/a phone: the menu leads to another page', async () => {
    const { page } = await open('/inspector');
    await page.setViewportSize(PHONE);
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('link', { name: 'Roots' }).click();
    await page.getByRole('heading', { level: 2, name: 'Roots' }).waitFor();
    expect(await fitsWindow(page)).toBe(true);
  });

  // The last one: the root is gone then.
  test('fail/a chain that ends at none of the roots: which, and what to do', async () => {
    const { items } = await (await fetch(`${server().url}/admin/v1/roots`)).json();
    const curve = (root: { certificate: string }) =>
      readCertificate(Buffer.from(root.certificate, 'base64')).publicKey.curve;
    const root = items.find((each: { certificate: string }) => curve(each) === 'secp256r1');
    const removed = await fetch(`${server().url}/opnc/v1/rcp/rootcertificates/${root.id}`, { method: 'DELETE' });
    expect([removed.status, await removed.text()]).toEqual([200, expect.anything()]);
    const { page } = await open(inLink(response2()));
    await page.getByTestId('verdict').getByText('add that root if it is to be trusted').waitFor();
    expect(await page.getByTestId('signature').textContent()).toBe('valid');
    await page.getByText('Issuer not among the roots of this ecosystem').first().waitFor();
  });
});

async function expectVerdict(page: Page, verdict: string, signature: string): Promise<void> {
  await page.getByTestId('verdict').getByText(verdict, { exact: true }).waitFor();
  expect(await page.getByTestId('signature').textContent()).toBe(signature);
}

function lengthOf({ length }: Uint8Array): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(length);
  return size;
}

describe('build', () => {
  test('ok/what the first page needs is below 250 KiB', () => {
    const folder = new URL('../../server/console/', import.meta.url);
    const page = readFileSync(new URL('index.html', folder), 'utf8');
    const first = [...page.matchAll(/(?:src|href)="\/console\/([^"]+)"/g)].map(([, name = '']) => name);
    expect(first.length).toBeGreaterThan(3);
    const sizes = first.map((name) => gzipSync(readFileSync(new URL(name, folder))).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250 * 1024);
  });
});
