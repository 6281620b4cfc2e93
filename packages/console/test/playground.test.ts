import { expect, test } from 'vitest';
import { SCHEMES, violationsOf } from './chromium.ts';
import { sandbox } from './servers.ts';
import { describeInChromium } from './suite.ts';

describeInChromium('playground', sandbox, ({ open }) => {
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
      const { page, faults } = await open('/playground');
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
  );

  test.each(SCHEMES)(
    'ok/step by step in %s, a message decoded beside its answer, and in the inspector',
    async (scheme) => {
      const { page, faults } = await open('/playground', scheme);
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
  );
});
