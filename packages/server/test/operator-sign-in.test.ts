/** Operators with accounts here: enrolment, sign-in, sessions, and what keeps others out. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { operatorAccounts } from '../src/access/operators/operators.ts';
import { at } from './dialects.ts';
import { codeAt } from './one-time-code.ts';
import { addOperator, type EnrolledOperator, enrolledOperator, PASSWORD } from './operators.ts';
import { partyWithToken } from './parties.ts';
import { eachServer, type TestServer } from './running-server.ts';
import { sessionBrowser } from './session-browser.ts';

const MINUTE = 60_000;

describe.each(eachServer())('operators at the console, on $kind', ({ start }) => {
  let server: TestServer;
  let anna: EnrolledOperator;
  /** Ahead of the real time, so that every code is a new one. */
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const later = (milliseconds: number) => {
    ahead += milliseconds;
  };

  beforeAll(async () => {
    server = await start({ auth: 'oauth2', clock: { now } });
    anna = await enrolledOperator(server, 'anna', now);
  });
  beforeEach(() => later(2 * MINUTE));

  /** Somebody whose wrong guesses are no one else's. */
  let others = 0;
  const somebodyElse = () => enrolledOperator(server, `operator-${++others}`, now);

  const shownBy = ({ name, secret }: EnrolledOperator, other: object = {}) => ({
    ...{ name, password: PASSWORD, code: codeAt(secret, now()) },
    ...other,
  });

  async function signedIn(operator = anna) {
    const browser = sessionBrowser(server.url);
    const answer = await browser.send('POST', '/admin/v1/session', { body: shownBy(operator) });
    expect(answer.status).toBe(200);
    return browser;
  }

  async function signedInTimes(count: number) {
    const browsers = [];
    for (let each = 0; each < count; each++) {
      later(MINUTE);
      browsers.push(await signedIn());
    }
    return browsers;
  }

  const latestAudit = async (operation: string) => {
    const query = server.store.db.selectFrom('audit').select(['actor', 'object']).where('operation', '=', operation);
    return { ...(await query.orderBy('at', 'desc').executeTakeFirst()) };
  };

  test('ok/enrolled and signed in: the operator API by cookie, and a row that names the operator', async () => {
    const browser = await signedIn();
    expect((await browser.send('GET', '/admin/v1/audit')).status).toBe(200);
    expect(await browser.send('GET', '/admin/v1/session')).toMatchObject({
      status: 200,
      body: { access: 'sign-in', issuer: null, operator: { operator: 'operator:anna', name: 'anna' } },
    });
    expect(await latestAudit('session.start')).toEqual({ actor: 'operator:anna', object: 'operator:anna' });
    expect(await latestAudit('operator.enrol')).toEqual({ actor: 'operator:anna', object: 'operator:anna' });
  });

  test('ok/the name in any case, a code of the step before', async () => {
    // To the beginning of a step, so that it does not end meanwhile.
    later(30_000 - (now() % 30_000));
    const body = { ...shownBy(anna), name: ' Anna ', code: codeAt(anna.secret, now() - 30_000) };
    expect((await sessionBrowser(server.url).send('POST', '/admin/v1/session', { body })).status).toBe(200);
  });

  test('ok/the cookie: nothing for scripts, nothing for other sites, and only a hash of it here', async () => {
    const browser = await signedIn();
    expect(browser.setCookies).toEqual([
      expect.stringMatching(/^plugpool-session-8080=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/),
    ]);
    const rows = await server.store.db.selectFrom('operator_session').select('id_hash').execute();
    const [id = ''] = browser.cookies.values();
    expect(rows.map(({ id_hash }) => id_hash)).not.toContain(id);
    expect(JSON.stringify(rows)).not.toContain(id);
  });

  test('ok/over HTTPS the cookie is pinned to the host', async () => {
    const secure = await server.beside({ publicUrl: 'https://pnc.example' });
    const browser = sessionBrowser(secure.url);
    expect((await browser.send('POST', '/admin/v1/session', { body: shownBy(anna) })).status).toBe(200);
    expect(browser.setCookies).toEqual([
      expect.stringMatching(/^__Host-plugpool-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure; Max-Age=/),
    ]);
  });

  test('fail/HTTP across a network: nobody signs in', async () => {
    const insecure = await server.beside({ publicUrl: 'http://pnc.example' });
    const browser = sessionBrowser(insecure.url);
    expect(at((await browser.send('GET', '/admin/v1/session')).body, 'access')).toBe('insecure');
    expect(await browser.send('POST', '/admin/v1/session', { body: shownBy(anna) })).toMatchObject({
      status: 400,
      body: { errorMessages: ['Operators sign in over HTTPS, or on the machine itself: see --public-url'] },
    });
  });

  test('ok/nobody is asked who he is: there is nothing to sign in to', async () => {
    const open = await server.beside({ auth: 'none' });
    expect((await sessionBrowser(open.url).send('GET', '/admin/v1/session')).body).toEqual({ access: 'open' });
    expect((await sessionBrowser(open.url).send('GET', '/admin/v1/audit')).status).toBe(200);
  });

  test.each([
    ['wrong password', { password: 'wrong horse battery' }],
    ['wrong code', { code: '000000' }],
    ['unknown name', { name: 'nobody' }],
    ['no name at all', { name: 'not a name' }],
  ])('fail/%s: the same answer', async (_why, other) => {
    const body = shownBy(await somebodyElse(), other);
    later(MINUTE);
    const answer = await sessionBrowser(server.url).send('POST', '/admin/v1/session', { body });
    expect([answer.status, at(answer.body, 'errorMessages', 0)]).toEqual([
      401,
      'The name, the password or the code is not right',
    ]);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test('fail/refusals of known accounts are in the audit log, what somebody typed as a name is not', async () => {
    const [browser, guessed] = [sessionBrowser(server.url), await somebodyElse()];
    await browser.send('POST', '/admin/v1/session', { body: shownBy(guessed, { password: 'wrong horse battery' }) });
    expect(await latestAudit('session.refuse')).toEqual({ actor: 'anybody', object: `operator:${guessed.name}` });
    await browser.send('POST', '/admin/v1/session', { body: shownBy(guessed, { name: 'my-password-by-mistake' }) });
    const rows = await server.store.db.selectFrom('audit').select('object').execute();
    expect(JSON.stringify(rows)).not.toContain('my-password-by-mistake');
  });

  test('fail/a code is good once, for everybody at once', async () => {
    const operator = await somebodyElse();
    later(MINUTE);
    const body = shownBy(operator);
    const tries = await Promise.all(
      [1, 2, 3].map(() => sessionBrowser(server.url).send('POST', '/admin/v1/session', { body })),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    const again = await sessionBrowser(server.url).send('POST', '/admin/v1/session', { body });
    expect(again.status).toBe(401);
  });

  test('fail/after a few wrong guesses at an account it has to wait, wherever they came from', async () => {
    const guarded = await server.beside({});
    const guess = (name: string) =>
      sessionBrowser(guarded.url).send('POST', '/admin/v1/session', { body: shownBy(anna, { name, code: '000000' }) });
    // An account that does not exist behaves the same.
    for (const name of ['anna', 'nobody']) {
      const answers = await Promise.all(Array.from({ length: 15 }, () => guess(name)));
      const waiting = answers.filter(({ status }) => status === 429);
      const wrong = answers.filter(({ status }) => status === 401);
      expect(wrong.length, name).toBeGreaterThanOrEqual(5);
      expect(waiting.length, name).toBeGreaterThanOrEqual(1);
      expect(wrong.length + waiting.length).toBe(15);
      expect(waiting.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true);
    }
  });

  test.each([
    ['no token', { csrf: null, headers: {} }],
    ['a wrong token', { csrf: 'x'.repeat(43), headers: {} }],
    ['another site', { csrf: undefined, headers: { 'sec-fetch-site': 'cross-site' } }],
    ['another host of the same site', { csrf: undefined, headers: { 'sec-fetch-site': 'same-site' } }],
  ])('fail/a changing request by cookie with %s', async (_why, { csrf, headers }) => {
    const browser = await signedIn();
    if (csrf !== undefined) browser.csrfToken = csrf;
    const path = '/admin/v1/webhooks/deliveries/1/replay';
    const refused = { status: 403, body: { errorMessages: ['The request did not come from the console'] } };
    expect(await browser.send('POST', path, { headers })).toMatchObject(refused);
    expect(await browser.send('DELETE', '/admin/v1/session', { headers })).toMatchObject(refused);
    expect((await browser.send('GET', '/admin/v1/audit')).status).toBe(200);
  });

  test('ok/a changing request by cookie with the token', async () => {
    const browser = await signedIn();
    expect((await browser.send('POST', '/admin/v1/webhooks/deliveries/1/replay')).status).toBe(404);
  });

  test('fail/another site signs somebody in', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    const body = shownBy(anna);
    const answer = await sessionBrowser(server.url).send('POST', '/admin/v1/session', { body, headers });
    expect(answer.status).toBe(403);
    // A browser from before `Sec-Fetch-Site`.
    const old = await fetch(`${server.url}/admin/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
      body: JSON.stringify(body),
    });
    expect([old.status, at(await old.json(), 'errorMessages', 0)]).toEqual([
      403,
      'The request did not come from the console',
    ]);
  });

  test('fail/the cookie opens nothing but the operator API', async () => {
    const browser = await signedIn();
    for (const path of ['/v1/root/rootCerts', '/opnc/v1/rcp/rootcertificates', '/.well-known/est/oem/cacerts']) {
      expect((await browser.send('GET', path)).status, path).toBe(401);
    }
    const { headers } = await partyWithToken(server, { roles: ['oem'] });
    // Who shows a token is what the token says, and not more.
    expect((await browser.send('GET', '/admin/v1/audit', { headers })).status).toBe(403);
  });

  test('ok/sign-out ends this session, sign-out everywhere all of them', async () => {
    const [one, two, three] = await signedInTimes(3);
    if (one === undefined || two === undefined || three === undefined) throw new Error('three were wanted');
    const cookie = Array.from(one.cookies, (pair) => pair.join('=')).join();
    expect((await one.send('DELETE', '/admin/v1/session')).status).toBe(204);
    expect(one.cookies.size).toBe(0);
    expect((await one.send('GET', '/admin/v1/audit', { headers: { cookie } })).status).toBe(401);
    expect((await two.send('GET', '/admin/v1/audit')).status).toBe(200);
    expect(await latestAudit('session.end')).toEqual({ actor: 'operator:anna', object: 'operator:anna' });
    expect((await two.send('DELETE', '/admin/v1/session/all')).status).toBe(204);
    expect((await three.send('GET', '/admin/v1/audit')).status).toBe(401);
    expect(await latestAudit('session.end-all')).toEqual({ actor: 'operator:anna', object: 'operator:anna' });
    expect((await three.send('DELETE', '/admin/v1/session/all')).status).toBe(401);
  });

  test('fail/a session unused for half an hour is over; one in use lasts twelve hours and no longer', async () => {
    const [idle, busy] = await signedInTimes(2);
    if (idle === undefined || busy === undefined) throw new Error('two were wanted');
    for (let minutes = 0; minutes < 700; minutes += 20) {
      later(20 * MINUTE);
      expect((await busy.send('GET', '/admin/v1/audit')).status).toBe(200);
    }
    expect((await idle.send('GET', '/admin/v1/audit')).status).toBe(401);
    later(19 * MINUTE);
    expect((await busy.send('GET', '/admin/v1/audit')).status).toBe(200);
    later(2 * MINUTE);
    expect((await busy.send('GET', '/admin/v1/audit')).status).toBe(401);
  });

  test('ok/asking who is signed in is no use of a session, nor is what a page asks by itself', async () => {
    const browser = await signedIn();
    later(20 * MINUTE);
    const headers = { 'x-unattended': 'true' };
    expect((await browser.send('GET', '/admin/v1/audit', { headers })).status).toBe(200);
    expect(at((await browser.send('GET', '/admin/v1/session')).body, 'operator', 'name')).toBe('anna');
    later(11 * MINUTE);
    expect(at((await browser.send('GET', '/admin/v1/session')).body, 'operator')).toBeNull();
  });

  test('fail/disabled or reset: no session is left, and no way in', async () => {
    const accounts = operatorAccounts({ store: server.store, clock: { now } });
    const berta = await enrolledOperator(server, 'berta', now);
    await accounts.disable('berta');
    expect((await berta.browser.send('GET', '/admin/v1/audit')).status).toBe(401);
    later(MINUTE);
    const again = () => sessionBrowser(server.url).send('POST', '/admin/v1/session', { body: shownBy(berta) });
    expect((await again()).status).toBe(401);
    await accounts.enable('berta');
    expect((await again()).status).toBe(200);
    later(MINUTE);
    await accounts.reset('berta');
    expect((await again()).status).toBe(401);
    expect(await accounts.list()).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'berta', state: 'invited' })]),
    );
  });

  test('ok/an enrolment shows the same secret until it is done, and is good once', async () => {
    const token = await addOperator(server, 'carla');
    const browser = sessionBrowser(server.url);
    const begin = () => browser.send('POST', '/admin/v1/session/enrolment', { body: { token } });
    const [first, second] = [await begin(), await begin()];
    expect(first.body).toEqual(second.body);
    const secret = String(at(first.body, 'secret'));
    expect(at(first.body, 'uri')).toBe(
      `otpauth://totp/plugpool%20127.0.0.1:carla?issuer=plugpool%20127.0.0.1&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    );
    const finish = (other: object) => {
      const body = { token, password: PASSWORD, code: codeAt(secret, now()), ...other };
      return browser.send('PUT', '/admin/v1/session/enrolment', { body });
    };
    expect(await finish({ password: 'short' })).toMatchObject({
      status: 400,
      body: { errorMessages: ['password : must have 12 to 256 characters'] },
    });
    expect(await finish({ password: 'aaaaaaaaaaaaaaa' })).toMatchObject({ status: 400 });
    expect(await finish({ code: '000000' })).toMatchObject({
      status: 400,
      body: { errorMessages: ['code : is not the code of this moment'] },
    });
    expect((await finish({})).status).toBe(200);
    expect((await finish({})).status).toBe(404);
    expect((await begin()).status).toBe(404);
    const kept = await server.store.db
      .selectFrom('operator_account')
      .select(['password', 'totp_secret', 'enrolment_hash'])
      .where('name', '=', 'carla')
      .executeTakeFirstOrThrow();
    expect(kept.password).toMatch(/^scrypt\$32768\$8\$3\$/);
    expect(Buffer.from(kept.totp_secret ?? []).toString('latin1')).not.toContain(secret);
    expect(kept.enrolment_hash).toBeNull();
  });

  test.each([
    ['no such link', 'A'.repeat(43)],
    ['something else', "' or 1=1"],
    ['nothing', undefined],
  ])('fail/enrolment with %s', async (_why, token) => {
    const answer = await sessionBrowser(server.url).send('POST', '/admin/v1/session/enrolment', { body: { token } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test('fail/a link of yesterday', async () => {
    const { token } = await operatorAccounts({
      store: server.store,
      clock: { now: () => now() - 25 * 60 * MINUTE },
    }).add('dora');
    const answer = await sessionBrowser(server.url).send('POST', '/admin/v1/session/enrolment', { body: { token } });
    expect(answer.status).toBe(404);
  });
});
