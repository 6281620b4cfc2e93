/** Operators of a test, with accounts of the server. */
import { operatorAccounts } from '../src/access/operators/operators.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { at } from './dialects.ts';
import { codeAt } from './one-time-code.ts';
import type { TestServer } from './running-server.ts';
import { type SessionBrowser, sessionBrowser } from './session-browser.ts';

export const PASSWORD = 'correct horse battery';

export async function addOperator({ store }: Pick<TestServer, 'store'>, name: string): Promise<string> {
  return (await operatorAccounts({ store, clock: systemClock }).add(name)).token;
}

export interface EnrolledOperator {
  readonly name: string;
  /** Base32 of the secret in the app. */
  readonly secret: string;
  /** Signed in. */
  readonly browser: SessionBrowser;
}

/** Somebody who opened the link and did what it asks for. @param now of the server */
export async function enrolledOperator(
  server: Pick<TestServer, 'store' | 'url'>,
  name: string,
  now: () => number = Date.now,
): Promise<EnrolledOperator> {
  const token = await addOperator(server, name);
  const browser = sessionBrowser(server.url);
  const begun = await browser.send('POST', '/admin/v1/session/enrolment', { body: { token } });
  const secret = String(at(begun.body, 'secret'));
  const body = { token, password: PASSWORD, code: codeAt(secret, now()) };
  const done = await browser.send('PUT', '/admin/v1/session/enrolment', { body });
  if (done.status !== 200) throw new Error(JSON.stringify(done.body));
  return { name, secret, browser };
}
