/** The pages at `/docs` in a real browser, under their own content security policy. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eachServer, type TestServer } from './running-server.ts';

const chromiumPath = '/usr/bin/chromium';

describe.skipIf(!existsSync(chromiumPath))(`in ${chromiumPath}, if it is installed`, () => {
  describe.each(eachServer())('on $kind', ({ start }) => {
    let server: TestServer;
    let browser: Browser;
    beforeAll(async () => {
      server = await start();
      browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });
    });
    afterAll(() => browser.close());

    test('ok/every dialect can be read, a call can be tried, and nothing comes from elsewhere', async () => {
      const page = await browser.newPage();
      const complaints: string[] = [];
      const foreign: string[] = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) foreign.push(request.url());
      });
      await page.goto(`${server.url}/docs`);
      const roots = page.locator('.opblock', { hasText: '/opnc/v1/rcp/rootcertificates' }).first();
      await roots.click();
      await roots.locator('.try-out__btn').click();
      await roots.locator('.execute').click();
      const answer = roots.locator('.live-responses-table tbody .response-col_status').first();
      await answer.waitFor();
      expect(await answer.innerText()).toMatch(/^200/);
      for (const [dialect, path] of [
        ['OPCP 1.0', '/v1/root/ctl'],
        ['Quick start 2018', '/HubjectWS/webresources/v1/root/rootCerts'],
      ] as const) {
        await page.selectOption('#select', { label: dialect });
        await page.locator('.opblock', { hasText: path }).first().waitFor();
      }
      expect(complaints).toEqual([]);
      expect(foreign).toEqual([]);
    });
  });
});
