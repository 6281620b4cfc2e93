/** The pools for an operator who signed in, where another one has to approve what trust depends on. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { launchChromium, openPage, violationsOf } from './chromium.ts';
import { chromiumPath, type Guarded, guardedServer, hasChromium } from './console.ts';
import { rootInPem } from './root-in-pem.ts';
import { enrol, invitation } from './signed-in.ts';

vi.setConfig({ testTimeout: 120_000 });

describe.skipIf(!hasChromium)(`pools behind the door (skipped where there is no ${chromiumPath})`, () => {
  let server: Guarded;
  let browser: Browser;

  beforeAll(async () => {
    server = await guardedServer(['--approvals', 'two-person']);
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test('ok/lists are shown, and a root waits for another operator', async () => {
    const { page, faults } = await openPage(browser, invitation(server, 'paula'));
    await enrol(page, 'paula');
    await page.getByRole('button', { name: 'Signed in as paula' }).waitFor();
    await page.getByRole('link', { name: 'Vehicles' }).click();
    await page.getByText('There is no vehicle yet').waitFor();
    await page.getByRole('link', { name: 'Contracts' }).click();
    await page.getByText('There is no contract yet').waitFor();
    await page.getByRole('link', { name: 'Roots' }).click();
    await page.getByRole('button', { name: 'Add a root' }).click();
    await page.getByRole('textbox', { name: 'Certificate' }).fill(await rootInPem('Proposed Root'));
    await page.getByLabel('OEM: vehicles').check();
    await page.getByRole('button', { name: 'Trust it' }).click();
    await page.getByText('Another operator has to approve').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Leave it as it is' }).click();
    await page.getByRole('link', { name: 'plugpool V2G Root', exact: true }).click();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Another operator has to approve').waitFor();
    expect(faults).toEqual([]);
  });
});
