/** Operators in a browser: behind their link, and at the door. */
import type { Page } from 'playwright-core';
import { codeAt } from '../../server/test/one-time-code.ts';
import type { Guarded } from './servers.ts';

const PASSWORD = 'correct horse battery';
const STEP_MS = 30_000;

export interface TestOperator {
  readonly name: string;
  /** What is in the authenticator app. */
  secret: string;
}

export function invitation(server: Guarded, name: string): string {
  return String(Reflect.get(Object(server.command('operator', 'add', name, '--json')), 'link'));
}

/** Does what the page behind the link asks for, with the code of this moment; the operator is then signed in. */
export async function enrol(page: Page, name: string): Promise<TestOperator> {
  const secret = (await page.getByTestId('secret').textContent()) ?? '';
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await page.getByRole('textbox', { name: 'Code' }).fill(codeAt(secret, Date.now()));
  await page.getByRole('button', { name: 'Set up and sign in' }).click();
  await page.getByRole('button', { name: `Signed in as ${name}` }).waitFor();
  return { name, secret };
}

/** With the code of the next moment, which is taken as well: that of this one was used up by the enrolment. */
export async function signIn(page: Page, { name, secret }: TestOperator): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('textbox', { name: 'Code' }).fill(codeAt(secret, Date.now() + STEP_MS));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
