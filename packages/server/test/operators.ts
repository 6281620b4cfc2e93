/** Operators of a test, with an authenticator app of their own making. */
import { createHmac } from 'node:crypto';
import { operatorAccounts } from '../src/access/operators/operators.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { at } from './dialects.ts';
import type { TestServer } from './running-server.ts';
import { type SessionBrowser, sessionBrowser } from './session-browser.ts';

export const PASSWORD = 'correct horse battery';

/** The six digits of a time (RFC 6238, RFC 4226 §5.3), without the library that the server uses. */
export function codeAt(base32: string, now: number): string {
  const bits = [...base32].map((digit) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit).toString(2).padStart(5, '0'),
  );
  const secret = Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)
      ?.map((octet) => Number.parseInt(octet, 2)) ?? [],
  );
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const mac = createHmac('sha1', secret).update(step).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
}

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
