/** Vehicles, contracts and roots: looked for, looked into and changed, in a browser, on what two lives left behind. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fitsWindow, PHONE, SCHEMES, settled, violationsOf } from './chromium.ts';
import { rootInPem } from './root-in-pem.ts';
import { playedServer } from './servers.ts';
import { describeInChromium } from './suite.ts';

interface Listed {
  readonly pcid: string;
  readonly emaid: string;
  readonly edition: string;
}

describeInChromium('pools', playedServer, ({ server, open }) => {
  async function contractOf(edition: string): Promise<Listed> {
    const answer = await fetch(`${server().url}/admin/v1/contracts?edition=${edition}`);
    const { items }: { items: Listed[] } = JSON.parse(await answer.text());
    const [contract] = items;
    if (contract === undefined) throw new Error(`there is no contract of ${edition}`);
    return contract;
  }

  test.each(SCHEMES)(
    'ok/every page of the pools in %s: nothing serious for axe, no fault in the browser',
    async (scheme) => {
      const { emaid, pcid } = await contractOf('ISO15118-20');
      const roots = await (await fetch(`${server().url}/admin/v1/roots`)).json();
      const paths = [
        '/vehicles',
        `/vehicles/${pcid}`,
        '/contracts',
        `/contracts/${emaid}`,
        `/roots/${roots.items[0].id}`,
      ];
      const { page, faults } = await open('/roots', scheme);
      for (const path of [...paths, '/vehicles?search=nothing', '/vehicles?state=expired']) {
        await page.goto(`${server().url}/console${path}`);
        await settled(page);
        expect(await violationsOf(page), path).toEqual([]);
        expect(faults, path).toEqual([]);
      }
    },
  );

  test('ok/a vehicle is found as one types, the address keeps it, and its page shows the chain and what became of it', async () => {
    const { pcid, emaid } = await contractOf('ISO15118-2');
    const { page, faults } = await open('/vehicles');
    await page.getByRole('row').nth(1).waitFor();
    await page.getByLabel('Search').fill(pcid.slice(0, 9).toLowerCase());
    await expect.poll(() => new URL(page.url()).search).toBe(`?search=${pcid.slice(0, 9).toLowerCase()}`);
    await page.getByText('1 entry').waitFor();
    await page.reload();
    await page.getByText('1 entry').waitFor();
    await page.getByLabel('Edition').selectOption('ISO 15118-20');
    await page.getByText('Nothing fits').waitFor();
    await page.getByRole('button', { name: 'Clear all filters' }).last().click();
    expect(new URL(page.url()).search).toBe('');
    await page.getByLabel('Search').fill(emaid);
    await page.getByText('found by a contract').waitFor();
    await page.getByRole('link', { name: pcid }).click();
    await page.getByRole('heading', { level: 2, name: pcid }).waitFor();
    const links = page.locator('li[data-signed]');
    await links.nth(3).waitFor();
    expect(await links.evaluateAll((all) => all.map((each) => each.getAttribute('data-signed')))).toEqual([
      'root',
      'true',
      'true',
      'true',
    ]);
    await page.getByTestId('history').getByText('Vehicle published').waitFor();
    await page.getByTestId('history').getByText('Contract handed out for the car').first().waitFor();
    expect(faults).toEqual([]);
  });

  test('ok/a contract of ISO 15118-20: chains on P-521, files, and its data in the inspector', async () => {
    const { emaid } = await contractOf('ISO15118-20');
    const { page } = await open(`/contracts/${emaid.toLowerCase()}`);
    await page.locator('li[data-signed="true"]').nth(5).waitFor();
    expect(await page.locator('li[data-signed="false"], li[data-signed="null"]').count()).toBe(0);
    const exi = await downloaded(page, page.getByRole('button', { name: 'Download' }).first(), 'EXI');
    const xml = await downloaded(page, page.getByRole('button', { name: 'Download' }).first(), 'XML');
    expect(xml.toString('utf8')).toContain('CertificateInstallationRes');
    const leaf = page.locator('li[data-signed="true"]').nth(2);
    const der = await downloaded(page, leaf.getByRole('button', { name: 'Download' }), 'DER');
    expect(new X509Certificate(der).subject).toContain(emaid);
    await page.getByRole('button', { name: 'EXI, base64' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(exi.toString('base64'));
    await page.getByRole('link', { name: 'Open in the inspector' }).click();
    await page.getByTestId('verdict').getByText('Nothing wrong found').waitFor();
  });

  test('ok/a root is read before it is trusted, and removed when that is confirmed', async () => {
    const pem = await rootInPem('Console Root');
    const { page } = await open('/roots');
    await page.getByRole('button', { name: 'Add a root' }).click();
    await page.getByRole('textbox', { name: 'Certificate' }).fill('no certificate');
    await page.getByText('No certificate can be read there').waitFor();
    await page.getByRole('textbox', { name: 'Certificate' }).fill(pem);
    await page.getByRole('dialog').getByText('Console Root').waitFor();
    await page.getByLabel('MO: contracts of eMSPs').check();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Trust it' }).click();
    await page.getByRole('link', { name: 'Console Root' }).click();
    await page.getByTestId('history').getByText('Root added').waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove this root?' });
    await dialog.getByText('Chains that end at Console Root are refused from now on').waitFor();
    await dialog.getByRole('button', { name: 'Leave it as it is' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('heading', { level: 2, name: 'Roots' }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'Console Root' }).count()).toBe(0);
  });

  test('ok/a certificate is found by its name; one of nobody is not', async () => {
    const { pcid } = await contractOf('ISO15118-20');
    const { page, faults } = await open('/certificates');
    await page.getByLabel('Name, fingerprint or serial number').fill(pcid);
    await page.keyboard.press('Enter');
    await page.getByText('issued by oem-sub2-p521').waitFor();
    await page.getByRole('button', { name: 'Revoke' }).first().waitFor();
    expect(new URL(page.url()).search).toBe(`?search=${pcid}`);
    expect(await violationsOf(page)).toEqual([]);
    await page.goto(`${server().url}/console/certificates?search=nobody`);
    await page.getByText('No CA of this ecosystem issued such a certificate').waitFor();
    expect(faults).toEqual([]);
  });

  test('fail/a server that does not answer: the page says so, and tries again when told to', async () => {
    const { page } = await open('/roots');
    await page.getByRole('row').nth(1).waitFor();
    await page.route('**/admin/v1/vehicles?**', (route) => route.abort());
    await page.getByRole('link', { name: 'Vehicles' }).click();
    await page.getByText('The server does not answer. Is it running?').waitFor({ timeout: 20_000 });
    expect(await violationsOf(page)).toEqual([]);
    await page.unroute('**/admin/v1/vehicles?**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('row').nth(1).waitFor();
  });

  test('ok/on a phone nothing is wider than the screen', async () => {
    const { pcid, emaid } = await contractOf('ISO15118-2');
    for (const path of ['/vehicles', `/vehicles/${pcid}`, `/contracts/${emaid}`]) {
      const { page } = await open(path);
      await page.setViewportSize(PHONE);
      await settled(page);
      expect(await fitsWindow(page), path).toBe(true);
    }
  });

  test('ok/what is withdrawn, revoked and removed says so, and its history stays', async () => {
    const { pcid, emaid } = await contractOf('ISO15118-2');
    const { page } = await open(`/vehicles/${pcid}`);
    await page.getByRole('button', { name: 'Revoke' }).click();
    const revoking = page.getByRole('dialog', { name: 'Revoke this certificate?' });
    await revoking.getByLabel('Reason').selectOption('The key got into other hands');
    await revoking.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('revoked', { exact: true }).first().waitFor();
    await page.getByTestId('history').getByText('Certificate revoked').waitFor();

    await page.getByRole('link', { name: emaid }).first().click();
    await page.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
    await page.getByText('This contract is not in the pool').waitFor();
    await page.getByTestId('history').getByText('Contract withdrawn').waitFor();

    await page.goto(`${server().url}/console/vehicles/${pcid}`);
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('heading', { level: 2, name: 'Vehicles' }).waitFor();
    await page.goto(`${server().url}/console/vehicles/${pcid}`);
    await page.getByText('This vehicle is not in the pool').waitFor();
    await page.getByTestId('history').getByText('Vehicle removed').waitFor();
  });
});

async function downloaded(page: Page, menu: ReturnType<Page['locator']>, name: string): Promise<Buffer> {
  await menu.click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name }).click()]);
  return await readFile(await download.path());
}
