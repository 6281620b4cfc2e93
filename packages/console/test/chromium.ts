/** A browser for the tests: its pages tell of everything that went wrong in them. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export const chromiumPath = '/usr/bin/chromium';
export const hasChromium = existsSync(chromiumPath);
/** The window of a phone, in pixels. */
export const PHONE = { width: 390, height: 800 };
export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function launchChromium(): Promise<Browser> {
  // Without a graphics processor the browser emulates one unless it is told not to.
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });
}

export interface OpenedPage {
  readonly page: Page;
  /** What the browser complained of: the content security policy among it. */
  readonly faults: string[];
}

/** One for each browser and scheme. */
const visited = new WeakMap<Browser, Map<Scheme, BrowserContext>>();

/**
 * A page for somebody whom the server does not know; pages that were opened before with the same scheme are closed. What
 * the browser has loaded of the console stays: to load it anew for each page takes longer than most tests.
 */
export async function openPage(browser: Browser, url: string, scheme: Scheme = 'light'): Promise<OpenedPage> {
  const contexts = visited.get(browser) ?? new Map<Scheme, BrowserContext>();
  visited.set(browser, contexts);
  const context = contexts.get(scheme) ?? (await newContext(browser, scheme));
  contexts.set(scheme, context);
  for (const page of context.pages()) await page.close();
  await context.clearCookies();
  return await openIn(context, url);
}

/** A page beside those of `openPage`, as if in another browser. */
export async function openBeside(browser: Browser, url: string): Promise<OpenedPage> {
  return await openIn(await newContext(browser, 'light'), url);
}

function newContext(browser: Browser, colorScheme: Scheme): Promise<BrowserContext> {
  return browser.newContext({ colorScheme, permissions: ['clipboard-read', 'clipboard-write'] });
}

async function openIn(context: BrowserContext, url: string): Promise<OpenedPage> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(url);
  return { page, faults };
}

/** The page has its heading, and all that it asked the server for. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 2 }).waitFor();
  do {
    await page.locator('main[aria-busy=false]').waitFor();
    // What was drawn just now may ask for more; the page says so in its next turn.
    await page.evaluate(
      () => new Promise((turned) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(turned, 50)))),
    );
  } while ((await page.locator('main').getAttribute('aria-busy')) !== 'false');
}

/** Whether nothing is wider than the window. */
export function fitsWindow(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
}

/** What axe-core calls serious or critical, with the elements. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const found = await Reflect.get(globalThis, 'axe').run({ resultTypes: ['violations'] });
    return found.violations
      .filter(({ impact }: { impact: string }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
          `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
      );
  });
}
