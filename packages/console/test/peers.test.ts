import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, openPage, violationsOf } from './chromium.ts';
import { chromiumPath, hasChromium, type Sandbox, sandbox } from './console.ts';

describe.skipIf(!hasChromium)(`peers in Chromium (skipped where there is no ${chromiumPath})`, () => {
  let server: Sandbox;
  let browser: Browser;
  /** Trusts what the server trusted in the beginning. */
  let peer: Server;
  let peerUrl: string;

  beforeAll(async () => {
    server = await sandbox();
    const roots = await (await fetch(`${server.url}/opnc/v1/rcp/rootcertificates`)).text();
    peer = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(roots);
    }).listen(0, '127.0.0.1');
    await once(peer, 'listening');
    const address = peer.address();
    if (address === null || typeof address === 'string') throw new Error('the peer listens on no port');
    peerUrl = `http://127.0.0.1:${address.port}`;
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    peer?.close();
  });

  const opened = (scheme: 'light' | 'dark' = 'light') => openPage(browser, `${server.url}/console/peers`, scheme);

  async function forgetRoot(name: string): Promise<void> {
    const { items } = await (await fetch(`${server.url}/admin/v1/roots`)).json();
    const { readCertificate, commonNameOf } = await import('@plugpool/iso15118');
    const found = items.find(({ certificate }: { certificate: string }) =>
      commonNameOf(readCertificate(Buffer.from(certificate, 'base64')).subject)?.includes(name),
    );
    const removed = await fetch(`${server.url}/opnc/v1/rcp/rootcertificates/${found.id}`, { method: 'DELETE' });
    expect([removed.status, await removed.text()]).toEqual([200, expect.anything()]);
  }

  test('ok/a peer is added, its roots are looked at and trusted, and it is removed', async () => {
    await forgetRoot('Ed448');
    const { page, faults } = await opened();
    await page.getByText('There are no peers').waitFor();
    await page.getByRole('button', { name: 'Add a peer' }).click();
    await page.getByLabel('Address').fill(peerUrl);
    await page.getByRole('button', { name: 'Add it' }).click();
    const row = page.getByRole('row').filter({ hasText: peerUrl });
    await row.getByText('asked', { exact: true }).waitFor();

    await row.getByRole('button', { name: 'Its roots' }).click();
    await page.getByRole('button', { name: 'Trust it' }).click();
    await page.getByText('Chains that end at plugpool V2G Root Ed448 count here from now on').waitFor();
    await page.getByRole('dialog', { name: 'Trust this root?' }).getByRole('button', { name: 'Trust it' }).click();
    await expect.poll(() => page.getByText('trusted here').count()).toBe(3);
    await page.keyboard.press('Escape');

    await row.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('There are no peers').waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  test.each(['light', 'dark'] as const)(
    'ok/in %s and on a phone: nothing serious for axe; fail/a peer that does not answer',
    async (scheme) => {
      const silent = `http://127.0.0.1:9/${scheme}`;
      const body = JSON.stringify({ baseUrl: silent });
      const headers = { 'content-type': 'application/json' };
      const added = await fetch(`${server.url}/admin/v1/peers`, { method: 'POST', headers, body });
      expect([added.status, await added.text()]).toEqual([201, expect.stringContaining(silent)]);
      const { page } = await opened(scheme);
      const row = page.getByRole('row').filter({ hasText: silent });
      await row.waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await row.getByRole('button', { name: 'Its roots' }).click();
      await page.getByText('The peer gives no good answer').waitFor({ timeout: 60_000 });
    },
    120_000,
  );
});
