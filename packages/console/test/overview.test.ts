import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, openPage, violationsOf } from './chromium.ts';
import { chromiumPath, hasChromium, type Played, playedServer } from './console.ts';

const plugpool = join(fileURLToPath(new URL('../../../', import.meta.url)), 'packages/server/bin/plugpool.js');

describe.skipIf(!hasChromium)(`overview in Chromium (skipped where there is no ${chromiumPath})`, () => {
  let played: Played;
  let browser: Browser;

  beforeAll(async () => {
    played = await playedServer();
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await played?.close();
  });

  const opened = (scheme: 'light' | 'dark' = 'light') => openPage(browser, `${played.url}/console`, scheme);

  test.each(['light', 'dark'] as const)(
    'ok/in %s: nothing serious for axe, no fault in the browser',
    async (scheme) => {
      const { page, faults } = await opened(scheme);
      await page.getByTestId('feed').getByText('live').waitFor();
      await page.getByTestId('expiry').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      expect(faults).toEqual([]);
    },
  );

  test('ok/counts, refusals and the feed follow what happens', async () => {
    const { page } = await opened();
    const total = (name: string) => page.getByTestId(name).locator('p').first();
    const vehicles = async () => Number(await total('vehicles').textContent());
    await expect.poll(vehicles, { timeout: 10_000 }).toBe(2);
    execFileSync(process.execPath, [plugpool, 'demo', played.url], { stdio: 'pipe' });
    const refused = await fetch(`${played.url}/opnc/v1/ccp/signedcontractdata`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ certificateInstallationReq: 'AAAA', xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef' }),
    });
    expect(refused.status).toBe(400);
    await refused.text();
    await expect.poll(vehicles, { timeout: 20_000 }).toBe(3);
    await page.getByTestId('refusals').getByText('Installing by request: EXI cannot be decoded').waitFor();
    const [latest] = await page.getByTestId('feed').getByRole('listitem').allTextContents();
    expect(latest).toContain('Contract handed out for the car');
    await page.getByText('30 days').click();
    await page.getByRole('img', { name: /^Vehicles published, 3 in the last 30 days/ }).waitFor();
  });

  test('ok/a phone: nothing is wider than it', async () => {
    const { page } = await opened();
    await page.setViewportSize({ width: 390, height: 800 });
    await page.getByTestId('expiry').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
