import { createServer, type Server } from 'node:http';
import { commonNameOf, readCertificate } from '@plugpool/iso15118';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenLocally } from '../../../tools/local-port.ts';
import { fitsWindow, PHONE, SCHEMES, violationsOf } from './chromium.ts';
import { sandbox } from './servers.ts';
import { describeInChromium } from './suite.ts';

describeInChromium('peers', sandbox, ({ server, open }) => {
  /** Trusts what the server trusted in the beginning. */
  let peer: Server;
  let peerUrl: string;

  beforeAll(async () => {
    const roots = await (await fetch(`${server().url}/opnc/v1/rcp/rootcertificates`)).text();
    peer = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(roots);
    });
    peerUrl = `http://127.0.0.1:${await listenLocally(peer)}`;
  });

  afterAll(() => peer?.close());

  async function forgetRoot(name: string): Promise<void> {
    const { items } = await (await fetch(`${server().url}/admin/v1/roots`)).json();
    const found = items.find(({ certificate }: { certificate: string }) =>
      commonNameOf(readCertificate(Buffer.from(certificate, 'base64')).subject)?.includes(name),
    );
    const removed = await fetch(`${server().url}/opnc/v1/rcp/rootcertificates/${found.id}`, { method: 'DELETE' });
    expect([removed.status, await removed.text()]).toEqual([200, expect.anything()]);
  }

  test('ok/a peer is added, its roots are looked at and trusted, and it is removed', async () => {
    await forgetRoot('Ed448');
    const { page, faults } = await open('/peers');
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
  });

  test.each(SCHEMES)(
    'ok/in %s and on a phone: nothing serious for axe; fail/a peer that does not answer',
    async (scheme) => {
      const silent = `http://127.0.0.1:9/${scheme}`;
      const body = JSON.stringify({ baseUrl: silent });
      const headers = { 'content-type': 'application/json' };
      const added = await fetch(`${server().url}/admin/v1/peers`, { method: 'POST', headers, body });
      expect([added.status, await added.text()]).toEqual([201, expect.stringContaining(silent)]);
      const { page } = await open('/peers', scheme);
      const row = page.getByRole('row').filter({ hasText: silent });
      await row.waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.setViewportSize(PHONE);
      expect(await fitsWindow(page)).toBe(true);
      await row.getByRole('button', { name: 'Its roots' }).click();
      await page.getByText('The peer gives no good answer').waitFor({ timeout: 60_000 });
    },
  );
});
