/** A browser as far as sessions go: keeps cookies, says where it is, and shows the session's token. */
import { at } from './dialects.ts';

export interface SessionBrowser {
  readonly cookies: ReadonlyMap<string, string>;
  /** Shown with changing requests from then on; `null` for none. */
  csrfToken: string | null;
  /** The last `Set-Cookie` lines, whole. */
  readonly setCookies: readonly string[];
  send(method: string, path: string, options?: SendOptions): Promise<Answered>;
}

interface SendOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

export function sessionBrowser(url: string): SessionBrowser {
  const cookies = new Map<string, string>();
  const browser = {
    cookies,
    csrfToken: null as string | null,
    setCookies: [] as string[],
    async send(method: string, path: string, { body, headers = {} }: SendOptions = {}): Promise<Answered> {
      const answer = await fetch(new URL(path, url), {
        method,
        redirect: 'manual',
        headers: {
          'sec-fetch-site': 'same-origin',
          ...(cookies.size > 0 && { cookie: Array.from(cookies, (pair) => pair.join('=')).join('; ') }),
          ...(browser.csrfToken !== null && { 'x-csrf-token': browser.csrfToken }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const set = answer.headers.getSetCookie();
      if (set.length > 0) browser.setCookies = set;
      for (const line of set) keep(cookies, line);
      const text = await answer.text();
      const isJson = answer.headers.get('content-type')?.includes('json') === true;
      const parsed: unknown = isJson ? JSON.parse(text) : text;
      const token = isJson ? at(parsed, 'operator', 'csrfToken') : undefined;
      if (typeof token === 'string') browser.csrfToken = token;
      return { status: answer.status, body: parsed, headers: answer.headers };
    },
  };
  return browser;
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';');
  const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
  if (attributes.some((each) => each.trim() === 'Max-Age=0')) cookies.delete(name);
  else cookies.set(name, value);
}
