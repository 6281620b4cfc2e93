/** Operators who sign in at an issuer of their own: a real, independent one, with its real login and consent pages. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at } from './dialects.ts';
import { type Issuer, startIssuer } from './operators-issuer.ts';
import { eachServer, type TestServer } from './running-server.ts';
import { type SessionBrowser, sessionBrowser } from './session-browser.ts';

const CALLBACK = 'http://127.0.0.1:8080/admin/v1/session/issuer/callback';

describe.each(eachServer())('operators of an outside issuer, on $kind', ({ start }) => {
  let issuer: Issuer;
  let terse: Issuer;
  let server: TestServer;
  let ahead = 0;

  const settingsFor = ({ url }: Issuer, other: object = {}) => ({
    issuer: url,
    clientId: 'console',
    clientSecret: 'a-secret-of-the-console',
    scope: 'openid profile',
    claim: { name: 'groups', value: 'plugpool-operators' },
    ...other,
  });

  beforeAll(async () => {
    issuer = await startIssuer(CALLBACK);
    terse = await startIssuer(CALLBACK, { claimsInToken: false });
    const clock = { now: () => Date.now() + ahead };
    server = await start({ auth: 'oauth2', clock, allowPrivateTargets: false, operatorIssuer: settingsFor(issuer) });
  });
  afterAll(() => {
    for (const each of [issuer, terse]) each.close();
  });

  /** Logs in and consents at the issuer, as somebody with a browser does. @returns the way back, not yet gone */
  async function wayBack(browser: SessionBrowser, person: string, from = '/admin/v1/session/issuer'): Promise<string> {
    const away = await browser.send('GET', from);
    let next = String(away.headers.get('location'));
    const there = sessionBrowser(new URL(next).origin);
    for (let each = 0; each < 12 && !next.startsWith(CALLBACK); each++) {
      const page = await there.send('GET', next);
      const location = page.headers.get('location');
      if (location !== null) {
        next = new URL(location, next).href;
        continue;
      }
      const html = String(page.body);
      const [, action = ''] = /action="([^"]+)"/.exec(html) ?? [];
      const prompt = html.includes('name="login"') ? 'login' : 'consent';
      next = await submitted(there, new URL(action, next).href, { prompt, login: person, password: 'any' });
    }
    return next.slice('http://127.0.0.1:8080'.length);
  }

  async function submitted(there: SessionBrowser, url: string, fields: Record<string, string>): Promise<string> {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: Array.from(there.cookies, (pair) => pair.join('=')).join('; ') },
      body: new URLSearchParams(fields),
    });
    await answer.text();
    return new URL(String(answer.headers.get('location')), url).href;
  }

  const placeAfter = async (browser: SessionBrowser, way: string) => {
    const answer = await browser.send('GET', way, { headers: { 'sec-fetch-site': 'cross-site' } });
    return [answer.status, answer.headers.get('location')];
  };

  test('ok/who has the claim is an operator, and comes back to where he was', async () => {
    const browser = sessionBrowser(server.url);
    expect((await browser.send('GET', '/admin/v1/session')).body).toMatchObject({
      access: 'sign-in',
      issuer: { name: new URL(issuer.url).host },
    });
    const way = await wayBack(browser, 'olga', '/admin/v1/session/issuer?return=/console/parties?q=x');
    expect(await placeAfter(browser, way)).toEqual([302, '/console/parties?q=x']);
    expect((await browser.send('GET', '/admin/v1/audit')).status).toBe(200);
    expect(at((await browser.send('GET', '/admin/v1/session')).body, 'operator')).toMatchObject({
      operator: `operator:${issuer.url}#olga`,
      name: 'olga@example.org',
    });
    const row = await server.store.db
      .selectFrom('audit')
      .select(['actor', 'object'])
      .where('operation', '=', 'session.start')
      .orderBy('at', 'desc')
      .executeTakeFirst();
    expect({ ...row }).toEqual({ actor: `operator:${issuer.url}#olga`, object: `operator:${issuer.url}#olga` });
  });

  test('ok/the claim as one text; from the user info where the ID token has none; a public client', async () => {
    for (const settings of [settingsFor(issuer), settingsFor(terse), settingsFor(issuer, { clientId: 'public' })]) {
      const isPublic = settings.clientId === 'public';
      const operatorIssuer = { ...settings, clientSecret: isPublic ? undefined : settings.clientSecret };
      const other = await server.beside({ operatorIssuer });
      const browser = sessionBrowser(other.url);
      expect(await placeAfter(browser, await wayBack(browser, 'one'))).toEqual([302, '/console/']);
      expect((await browser.send('GET', '/admin/v1/audit')).status).toBe(200);
    }
  });

  test('fail/who has not the claim', async () => {
    const browser = sessionBrowser(server.url);
    const way = await wayBack(browser, 'gast');
    expect(await placeAfter(browser, way)).toEqual([302, '/console/sign-in?refused=not-an-operator']);
    expect((await browser.send('GET', '/admin/v1/audit')).status).toBe(401);
  });

  test('fail/a way back that another browser began, or nobody, or this one twice', async () => {
    const [victim, stranger] = [sessionBrowser(server.url), sessionBrowser(server.url)];
    const way = await wayBack(stranger, 'olga');
    const over = [302, '/console/sign-in?refused=sign-in-over'];
    expect(await placeAfter(victim, way)).toEqual(over);
    await victim.send('GET', '/admin/v1/session/issuer');
    expect(await placeAfter(victim, way)).toEqual(over);
    expect(await placeAfter(stranger, way)).toEqual([302, '/console/']);
    expect(await placeAfter(stranger, way)).toEqual(over);
  });

  test('fail/a way back without a code, with another state, from another issuer, after ten minutes', async () => {
    const over = [302, '/console/sign-in?refused=sign-in-over'];
    for (const change of ['error=access_denied', 'state=another', 'iss=https%3A%2F%2Fevil.example', 'code=guessed']) {
      const browser = sessionBrowser(server.url);
      const way = new URL(await wayBack(browser, 'olga'), server.url);
      const [name = '', value = ''] = change.split('=');
      way.searchParams.set(name, decodeURIComponent(value));
      expect(await placeAfter(browser, way.pathname + way.search), change).toEqual(over);
    }
    const slow = sessionBrowser(server.url);
    const way = await wayBack(slow, 'olga');
    ahead += 11 * 60_000;
    expect(await placeAfter(slow, way)).toEqual(over);
    ahead = 0;
  });

  test.each([
    'https://evil.example/console/',
    '//evil.example/console/',
    '/v1/root/rootCerts',
    'javascript:alert(1)',
    '/\\evil.example/console/',
  ])('fail/back to %s: to the console instead', async (place) => {
    const browser = sessionBrowser(server.url);
    const way = await wayBack(browser, 'olga', `/admin/v1/session/issuer?return=${encodeURIComponent(place)}`);
    expect(await placeAfter(browser, way)).toEqual([302, '/console/']);
  });

  test('fail/an issuer that does not answer', async () => {
    const gone = await startIssuer(CALLBACK);
    const lonely = await server.beside({ operatorIssuer: settingsFor(gone) });
    gone.close();
    const browser = sessionBrowser(lonely.url);
    expect(await placeAfter(browser, '/admin/v1/session/issuer')).toEqual([
      302,
      '/console/sign-in?refused=operator-issuer-unreachable',
    ]);
  });
});
