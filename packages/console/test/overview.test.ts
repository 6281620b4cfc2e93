import { expect, test } from 'vitest';
import { fitsWindow, PHONE, SCHEMES, violationsOf } from './chromium.ts';
import { playedServer, playLife } from './servers.ts';
import { describeInChromium } from './suite.ts';

describeInChromium('overview', playedServer, ({ server, open }) => {
  test.each(SCHEMES)('ok/in %s: nothing serious for axe, no fault in the browser', async (scheme) => {
    const { page, faults } = await open('', scheme);
    await page.getByTestId('feed').getByText('live').waitFor();
    await page.getByTestId('expiry').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('ok/counts, refusals and the feed follow what happens', async () => {
    const { page } = await open('');
    const total = (name: string) => page.getByTestId(name).locator('p').first();
    const vehicles = async () => Number(await total('vehicles').textContent());
    await expect.poll(vehicles, { timeout: 10_000 }).toBe(2);
    playLife(server().url);
    const refused = await fetch(`${server().url}/opnc/v1/ccp/signedcontractdata`, {
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
    const { page } = await open('');
    await page.setViewportSize(PHONE);
    await page.getByTestId('expiry').waitFor();
    expect(await fitsWindow(page)).toBe(true);
  });
});
