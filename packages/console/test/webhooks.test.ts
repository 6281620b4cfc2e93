import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, openPage, violationsOf } from './chromium.ts';
import { chromiumPath, hasChromium, type Sandbox, sandbox } from './console.ts';

describe.skipIf(!hasChromium)(`webhooks in Chromium (skipped where there is no ${chromiumPath})`, () => {
  let server: Sandbox;
  let browser: Browser;
  let receiver: Server;
  /** How the receiver answers whom. */
  const answers: Record<string, number> = { '/good': 204, '/bad': 400 };

  beforeAll(async () => {
    receiver = createServer(({ url = '' }, response) => {
      response.writeHead(answers[url] ?? 404).end(answers[url] === 400 ? 'not like this' : undefined);
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    server = await sandbox();
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    receiver?.close();
  });

  const opened = (scheme: 'light' | 'dark' = 'light') => openPage(browser, `${server.url}/console/webhooks`, scheme);

  async function register(path: string): Promise<string> {
    const address = receiver.address();
    if (address === null || typeof address === 'string') throw new Error('the receiver listens on no port');
    const url = `http://127.0.0.1:${address.port}${path}`;
    const body = JSON.stringify({ url, enabledEvents: ['oem.contract.created'] });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/opnc/v1/event/endpoints`, { method: 'POST', headers, body });
    expect([answer.status, await answer.text()]).toEqual([201, expect.stringContaining(url)]);
    return url;
  }

  test('ok/nobody listens: how endpoints come', async () => {
    const { page } = await opened();
    await page.getByText('Parties register endpoints with').waitFor();
  });

  test('ok/tests, their answers, and what is sent again', async () => {
    const good = await register('/good');
    const bad = await register('/bad');
    const { page, faults } = await opened();
    await page.getByRole('button', { name: `Send a test: ${good}` }).click();
    await page.getByRole('button', { name: `Send a test: ${bad}` }).click();
    const rows = page.getByTestId('deliveries').getByRole('row');
    const refused = rows.filter({ hasText: 'refused by the endpoint' });
    await rows.filter({ hasText: 'delivered' }).filter({ hasText: '204' }).waitFor();
    await refused.filter({ hasText: 'not like this' }).waitFor();

    answers['/bad'] = 204;
    await refused.getByRole('button', { name: 'Send again: webhook.test' }).click();
    await rows.filter({ hasText: bad }).filter({ hasText: 'delivered' }).waitFor();
    await page.getByRole('combobox', { name: 'State' }).selectOption('rejected');
    await page.getByText('No delivery fits').waitFor();
    expect(new URL(page.url()).search).toBe('?state=rejected');
    expect(faults).toEqual([]);
  }, 120_000);

  test.each(['light', 'dark'] as const)(
    'ok/in %s and on a phone: nothing serious for axe, nothing wider than it',
    async (scheme) => {
      const { page, faults } = await opened(scheme);
      await page.getByTestId('deliveries').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      expect(faults).toEqual([]);
    },
    60_000,
  );
});
