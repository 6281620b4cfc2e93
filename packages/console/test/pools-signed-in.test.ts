/** The pools for an operator who signed in, where another one has to approve what trust depends on. */
import { expect, test } from 'vitest';
import { openPage, violationsOf } from './chromium.ts';
import { rootInPem } from './root-in-pem.ts';
import { guardedServer } from './servers.ts';
import { enrol, invitation } from './signed-in.ts';
import { describeInChromium } from './suite.ts';

const twoPersonServer = () => guardedServer(['--approvals', 'two-person']);

describeInChromium('pools behind the door', twoPersonServer, ({ server, browser }) => {
  test('ok/lists are shown, and a root waits for another operator', async () => {
    const { page, faults } = await openPage(browser(), invitation(server(), 'paula'));
    await enrol(page, 'paula');
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
