/** What every suite of the console needs: a server, and a browser in front of it. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { chromiumPath, hasChromium, launchChromium, type OpenedPage, openPage, type Scheme } from './chromium.ts';
import type { ConsoleServer } from './servers.ts';

/** A browser and a server, each of them several times in a test. */
export const TEST_MS = 120_000;

export interface Started<Server> {
  /** There from the suite's first hook on, as the browser is. */
  server(): Server;
  browser(): Browser;
  /**
   * A page of the console for somebody whom the server does not know.
   * @param path behind `/console`
   */
  open(path: string, scheme?: Scheme): Promise<OpenedPage>;
}

/** Starts both before the suite's tests and ends them afterwards; skips the suite where there is no Chromium. */
export function describeInChromium<Server extends ConsoleServer>(
  what: string,
  start: () => Promise<Server>,
  tests: (started: Started<Server>) => void,
): void {
  const name = `${what} in Chromium (skipped where there is no ${chromiumPath})`;
  describe.skipIf(!hasChromium)(name, { timeout: TEST_MS }, () => {
    let server: Server | undefined;
    let browser: Browser | undefined;

    beforeAll(async () => {
      server = await start();
      browser = await launchChromium();
    }, TEST_MS);

    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    const startedServer = () => server ?? notYet('server');
    const startedBrowser = () => browser ?? notYet('browser');
    tests({
      server: startedServer,
      browser: startedBrowser,
      open: (path, scheme) => openPage(startedBrowser(), `${startedServer().url}/console${path}`, scheme),
    });
  });
}

function notYet(what: string): never {
  throw new Error(`the ${what} starts with the first test`);
}
