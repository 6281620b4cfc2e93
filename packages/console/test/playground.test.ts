import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, openPage, violationsOf } from './chromium.ts';
import { chromiumPath, hasChromium, type Sandbox, sandbox } from './console.ts';

describe.skipIf(!hasChromium)(`playground in Chromium (skipped where there is no ${chromiumPath})`, () => {
  let server: Sandbox;
  let browser: Browser;

  beforeAll(async () => {
    server = await sandbox();
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const opened = (scheme: 'light' | 'dark' = 'light') => openPage(browser, `${server.url}/console/playground`, scheme);

  test.each([
    ['opnc', 'ISO15118-2', 'sign', 13, 1],
    ['opcp', 'ISO15118-2', 'generate', 12, 1],
    ['opnc', 'ISO15118-20', 'sign', 16, 2],
    ['opcp', 'ISO15118-20', 'sign', 16, 2],
    ['quickstart', 'ISO15118-2', 'sign', 11, 1],
    ['quickstart', 'ISO15118-20', 'sign', 12, 1],
  ] as const)(
    'ok/a life over %s in %s, mode %s: the key is proven in the browser',
    async (dialect, edition, mode, steps, contracts) => {
      const { page, faults } = await opened();
      await page.getByLabel('Dialect').selectOption(dialect);
      await page.getByLabel('Edition').selectOption(edition);
      if (dialect !== 'quickstart') await page.getByLabel('Keys of the contract').selectOption(mode);
      await page.getByRole('button', { name: 'Play', exact: true }).click();
      const proof = page.getByTestId('proof');
      await proof.getByText('contract certificate.').waitFor({ timeout: 60_000 });
      expect(await proof.getByText(/^Contract CN=/).count()).toBe(contracts);
      expect(await page.getByTestId('step').count()).toBe(steps);
      expect(faults).toEqual([]);
    },
    120_000,
  );

  test.each(['light', 'dark'] as const)(
    'ok/step by step in %s, a message decoded beside its answer, and in the inspector',
    async (scheme) => {
      const { page, faults } = await opened(scheme);
      await page.getByRole('button', { name: 'Step by step' }).click();
      await page.getByText(/^Next: anyone reads which V2G roots/).waitFor();
      expect(await page.getByTestId('step').count()).toBe(0);
      await page.getByRole('button', { name: 'Next step' }).click();
      await page.getByText(/^Next: OEM reads the CAs/).waitFor();
      expect(await page.getByTestId('step').count()).toBe(1);
      await page.getByRole('button', { name: 'Play the rest' }).click();
      await page.getByTestId('proof').waitFor({ timeout: 60_000 });
      const install = page.getByRole('button', { name: /hands it on and gets/ });
      await install.click();
      const decoded = page.getByRole('region', { name: 'CertificateInstallationRes of ISO 15118-2, decoded' });
      await decoded.getByText(/ResponseCode: OK/).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('link', { name: 'Open in the inspector' }).last().click();
      await page.getByTestId('verdict').getByText('Nothing wrong found').waitFor();
      expect(faults).toEqual([]);
    },
    120_000,
  );
});
