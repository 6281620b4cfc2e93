/** Parties, approvals, the audit log and the authorities, as two operators work with them. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { fitsWindow, openBeside, PHONE, SCHEMES, settled, violationsOf } from './chromium.ts';
import { guardedServer } from './servers.ts';
import { enrol, invitation } from './signed-in.ts';
import { describeInChromium, TEST_MS } from './suite.ts';

const twoPersonServer = () => guardedServer(['--approvals', 'two-person']);

describeInChromium('pages about access', twoPersonServer, ({ server, browser }) => {
  let anna: Page;
  let berta: Page;
  const faults: string[][] = [];

  beforeAll(async () => {
    server().command('party', 'add', '--role', 'cpo', '--name', 'Some Network', '--operator-id', 'DEICE', '--json');
    anna = await signedIn('anna');
    berta = await signedIn('berta');
  }, TEST_MS);

  async function signedIn(name: string): Promise<Page> {
    const opened = await openBeside(browser(), invitation(server(), name));
    await enrol(opened.page, name);
    faults.push(opened.faults);
    return opened.page;
  }

  async function goTo(page: Page, place: string): Promise<void> {
    await page.goto(`${server().url}/console/${place}`);
    await page.getByRole('button', { name: /^Signed in as/ }).waitFor();
    await settled(page);
  }

  const tokenFor = async (id: string, secret: string) => {
    const answer = await fetch(`${server().url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    await answer.text();
    return answer.status;
  };

  test('ok/a party: one operator proposes it, the other approves it', async () => {
    await goTo(anna, 'parties');
    await anna.getByRole('row', { name: /Some Network/ }).waitFor();
    await anna.getByRole('button', { name: 'Add a party' }).click();
    const form = anna.getByRole('dialog');
    await form.getByLabel('Name').fill('Some Maker');
    await form.getByLabel('OEM: makes vehicles').check();
    await form.getByLabel('WMIs').fill('WBA, WB');
    await form.getByRole('button', { name: 'Add it' }).click();
    await form.getByText('"WB" is none').waitFor();
    await form.getByLabel('WMIs').fill('WBA wby');
    await form.getByRole('button', { name: 'Add it' }).click();
    await anna.getByText('This is done when another operator approves it.').waitFor();
    await anna.getByRole('link', { name: 'See what waits' }).click();
    const own = anna.getByRole('article', { name: /Add a party/ });
    await own.getByText('Yours: another operator has to approve it.').waitFor();
    expect(await own.getByRole('button', { name: 'Approve' }).count()).toBe(0);

    await goTo(berta, 'approvals');
    const proposal = berta.getByRole('article', { name: /Add a party/ });
    await proposal.getByText('operator:anna').waitFor();
    await proposal.getByText('Some Maker').first().waitFor();
    await proposal.getByRole('button', { name: 'Approve' }).click();
    await berta.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await berta.getByText('Nothing waits').waitFor();
    await goTo(berta, 'parties');
    await berta.getByRole('row', { name: /Some Maker.*OEM.*WBA, WBY/ }).waitFor();
  });

  test('ok/a client: its secret is shown once and works, a new one too, and none when it is disabled', async () => {
    await goTo(anna, 'parties');
    await anna.getByRole('link', { name: 'Some Network' }).click();
    await anna.getByRole('heading', { level: 2, name: 'Some Network' }).waitFor();
    await anna.getByRole('button', { name: 'Add a client' }).click();
    await anna.getByRole('dialog').getByRole('button', { name: 'Add it' }).click();
    const shown = anna.getByRole('dialog', { name: 'Shown this once' });
    await shown.waitFor();
    const [id = '', secret = ''] = await shown.locator('dd .mono').allTextContents();
    expect(await tokenFor(id, secret)).toBe(200);
    await shown.getByRole('button', { name: 'I have it' }).click();
    await shown.waitFor({ state: 'detached' });
    expect(await anna.content()).not.toContain(secret);

    const row = anna.getByRole('row', { name: new RegExp(id) });
    await row.getByRole('button', { name: 'New secret' }).click();
    await anna.getByLabel('Secrets before stay good').selectOption('no longer');
    await anna.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
    await shown.waitFor();
    const [, next = ''] = await shown.locator('dd .mono').allTextContents();
    await shown.getByRole('button', { name: 'I have it' }).click();
    await shown.waitFor({ state: 'detached' });
    expect([await tokenFor(id, secret), await tokenFor(id, next)]).toEqual([401, 200]);

    await row.getByRole('button', { name: 'Disable' }).click();
    const question = anna.getByRole('dialog', { name: `Disable ${id}?` });
    await question.getByRole('button', { name: 'Disable' }).click();
    await question.waitFor({ state: 'detached' });
    await row.getByText('disabled').waitFor();
    await expect.poll(() => tokenFor(id, next), { timeout: 10_000 }).toBe(401);
  });

  test('ok/a change of rights: rejected with a reason, which its operator sees', async () => {
    await goTo(berta, 'parties');
    await berta.getByRole('link', { name: 'Some Network' }).click();
    await berta.getByRole('button', { name: 'Change', exact: true }).click();
    const form = berta.getByRole('dialog');
    await form.getByLabel('Operator ids').fill('DEICE, DEXYZ');
    await form.getByRole('button', { name: 'Save' }).click();
    await berta.getByText('This is done when another operator approves it.').waitFor();

    await goTo(anna, 'approvals');
    await anna
      .getByRole('article', { name: /Change a party/ })
      .getByRole('button', { name: 'Reject' })
      .click();
    await anna.getByRole('dialog').getByLabel('Reason').fill('Not theirs');
    await anna.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    await anna.getByText('Nothing waits').waitFor();
    await goTo(berta, 'approvals?state=rejected');
    await berta
      .getByRole('article', { name: /Change a party/ })
      .getByText('Not theirs')
      .waitFor();
  });

  test('ok/the audit log: who did what, as a file, and its chain', async () => {
    await goTo(anna, 'audit');
    await anna.getByLabel('Who').fill('operator:anna');
    await anna.getByLabel('What', { exact: true }).selectOption('Client added');
    await anna.getByRole('button', { name: 'Show', exact: true }).click();
    await anna.getByRole('row', { name: /operator:anna Client added/ }).waitFor();
    await expect.poll(() => anna.getByRole('row').count(), { timeout: 10_000 }).toBe(2);
    expect(new URL(anna.url()).search).toBe('?actor=operator%3Aanna&operation=client.add');
    const [file] = await Promise.all([
      anna.waitForEvent('download'),
      anna.getByRole('link', { name: 'as CSV' }).click(),
    ]);
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('operator:anna,client.add');
    await anna.getByRole('button', { name: 'Verify the chain' }).click();
    await anna
      .getByTestId('chain')
      .getByText(/The chain holds: .* rows/)
      .waitFor();
    await anna.getByLabel('On what').fill('nothing of that kind');
    await anna.getByRole('button', { name: 'Show', exact: true }).click();
    await anna.getByText('Leave a filter out').waitFor();
  });

  test('ok/authorities: where the keys are, and a successor', async () => {
    await goTo(anna, 'authorities');
    const row = anna.getByRole('row', { name: /^oem-sub2 / });
    await row.getByText('sealed in the database').waitFor();
    await row.getByRole('button', { name: 'Roll over' }).click();
    await anna.getByRole('dialog').getByRole('button', { name: 'Roll over' }).click();
    await anna.getByRole('row', { name: /^oem-sub2-g2 / }).waitFor();
    expect(await row.count()).toBe(0);
    await anna.getByLabel('Older generations too').check();
    await row.getByText('older generation').waitFor();
  });

  test.each(SCHEMES)('ok/in %s: nothing serious for axe, no fault, nothing wider than a phone', async (scheme) => {
    await anna.emulateMedia({ colorScheme: scheme });
    await anna.setViewportSize({ width: 1280, height: 900 });
    await goTo(anna, 'parties');
    const party = (await anna.getByRole('link', { name: 'Some Network' }).getAttribute('href')) ?? '';
    const places = ['parties', party.replace('/console/', ''), 'approvals?state=', 'audit', 'authorities'];
    for (const place of places) {
      await goTo(anna, place);
      expect(await violationsOf(anna), place).toEqual([]);
    }
    await anna.setViewportSize(PHONE);
    for (const place of places) {
      await goTo(anna, place);
      expect(await fitsWindow(anna), place).toBe(true);
    }
    // What the forms were refused on purpose is all that the browser told of.
    expect(faults.flat().filter((text) => !text.includes('400'))).toEqual([]);
  });
});
