import { expect, test } from 'vitest';
import { freePort } from '../../../tools/local-port.ts';
import { startIssuer } from '../../server/test/operators-issuer.ts';
import { fitsWindow, openBeside, openPage, PHONE, SCHEMES, violationsOf } from './chromium.ts';
import { type Guarded, guardedServer } from './servers.ts';
import { enrol, invitation, signIn } from './signed-in.ts';
import { describeInChromium } from './suite.ts';

/** Operators may sign in at an issuer as well. */
async function serverWithIssuer(): Promise<Guarded> {
  const port = await freePort();
  const issuer = await startIssuer(`http://127.0.0.1:${port}/admin/v1/session/issuer/callback`);
  const client = ['--operator-client-id', 'public', '--operator-scope', 'openid profile'];
  const operators = ['--operator-issuer', issuer.url, ...client, '--operator-claim', 'groups=plugpool-operators'];
  const server = await guardedServer(operators, port);
  return {
    ...server,
    async close() {
      await server.close();
      issuer.close();
    },
  };
}

describeInChromium('the way in', serverWithIssuer, ({ server, browser, open }) => {
  /** An operator who has opened the link and stands where it leads. */
  async function enrolled(name: string) {
    const { page, faults } = await openPage(browser(), invitation(server(), name));
    const operator = await enrol(page, name);
    await page.getByRole('heading', { level: 2, name: 'Overview' }).waitFor();
    return { page, faults, operator };
  }

  test('ok/an invitation: password, authenticator app, and in', async () => {
    const { page, faults } = await enrolled('anna');
    expect(faults).toEqual([]);
    expect(page.url()).toBe(`${server().url}/console`);
  });

  test('fail/an invitation that was used, or is none', async () => {
    const link = invitation(server(), 'berta');
    const { page } = await openPage(browser(), link);
    await enrol(page, 'berta');
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByText('Ask for another one').waitFor();
  });

  test('fail/passwords that are not alike, a code that is wrong: said where it is', async () => {
    const { page } = await openPage(browser(), invitation(server(), 'carla'));
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByLabel('Password again').fill('correct horse');
    await page.getByText('The two passwords are not alike.').waitFor();
    await page.getByLabel('Password again').fill('correct horse battery');
    await page.getByRole('textbox', { name: 'Code' }).fill('00 00 00');
    await page.getByRole('button', { name: 'Set up and sign in' }).click();
    await page.getByRole('alert').getByText('is not the code of this moment').waitFor();
  });

  test('ok/a page for operators: sign in, and there it is; out again, and nothing is left', async () => {
    const { operator } = await enrolled('dora');
    const { page } = await open('/roots');
    await page.getByRole('heading', { level: 2, name: 'Sign in' }).waitFor();
    await signIn(page, { ...operator, secret: 'A'.repeat(32) });
    await page.getByRole('alert').getByText('The name, the password or the code is not right').waitFor();
    await signIn(page, operator);
    await page.getByRole('row', { name: /plugpool V2G Root Ed448/ }).waitFor();
    await page.getByRole('button', { name: 'Signed in as dora' }).click();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { level: 2, name: 'Sign in' }).waitFor();
    await page.goto(`${server().url}/console/roots`);
    await page.getByRole('heading', { level: 2, name: 'Sign in' }).waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });

  test('ok/a session that ends: sign in again over the page, and go on', async () => {
    const { page, operator } = await enrolled('emma');
    await page.getByRole('link', { name: 'Roots' }).click();
    await page.getByRole('row', { name: /Ed448/ }).waitFor();
    server().command('operator', 'sign-out', 'emma');
    await page.getByRole('link', { name: 'Overview' }).click();
    const dialog = page.getByRole('dialog', { name: 'Your session is over' });
    await dialog.waitFor();
    await signIn(page, operator);
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 2, name: 'Overview' }).waitFor();
    await page.getByTestId('feed').getByText('emma').first().waitFor();
  });

  test('ok/sign-out everywhere reaches the other browser', async () => {
    const { page, operator } = await enrolled('fina');
    const other = await openBeside(browser(), `${server().url}/console/roots`);
    await signIn(other.page, operator);
    await other.page.getByRole('row', { name: /Ed448/ }).waitFor();
    await page.getByRole('button', { name: 'Signed in as fina' }).click();
    await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
    await page.getByRole('heading', { level: 2, name: 'Sign in' }).waitFor();
    await other.page.getByRole('link', { name: 'Overview' }).click();
    await other.page.getByRole('dialog', { name: 'Your session is over' }).waitFor();
  });

  test('ok/the inspector needs nobody', async () => {
    const { page } = await open('/inspector');
    await page.getByLabel('Message').waitFor();
  });

  test('ok/at the issuer, and back to the page', async () => {
    const { page } = await open('/roots');
    await page.getByRole('link', { name: /Sign in at 127/ }).click();
    await page.locator('[name=login]').fill('olga');
    await page.locator('[name=password]').fill('any');
    await page.locator('[type=submit]').click();
    await page.locator('[type=submit]').click();
    await page.getByRole('row', { name: /Ed448/ }).waitFor();
    expect(page.url()).toBe(`${server().url}/console/roots`);
    await page.getByRole('button', { name: 'Signed in as olga@example.org' }).waitFor();
  });

  test('fail/at the issuer, without being an operator there', async () => {
    const { page } = await open('/roots');
    await page.getByRole('link', { name: /Sign in at 127/ }).click();
    await page.locator('[name=login]').fill('gast');
    await page.locator('[name=password]').fill('any');
    await page.locator('[type=submit]').click();
    await page.locator('[type=submit]').click();
    await page.getByRole('alert').getByText('not that of an operator').waitFor();
  });

  test.each(SCHEMES)('ok/the way in, in %s: nothing serious for axe, no fault', async (scheme) => {
    for (const path of ['/roots', '/sign-in?refused=sign-in-over']) {
      const { page, faults } = await open(path, scheme);
      await page.getByRole('heading', { level: 2, name: 'Sign in' }).waitFor();
      expect(await violationsOf(page), path).toEqual([]);
      expect(faults, path).toEqual([]);
    }
    const { page, faults } = await openPage(browser(), invitation(server(), `axe-${scheme}`), scheme);
    await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.setViewportSize(PHONE);
    expect(await fitsWindow(page)).toBe(true);
  });
});
