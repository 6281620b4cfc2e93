import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenLocally } from '../../../tools/local-port.ts';
import { fitsWindow, PHONE, SCHEMES, violationsOf } from './chromium.ts';
import { sandbox } from './servers.ts';
import { describeInChromium } from './suite.ts';

describeInChromium('webhooks', sandbox, ({ server, open }) => {
  let receiver: Server;
  let receiverUrl: string;
  /** How the receiver answers whom. */
  const answers: Record<string, number> = { '/good': 204, '/bad': 400 };

  beforeAll(async () => {
    receiver = createServer(({ url = '' }, response) => {
      response.writeHead(answers[url] ?? 404).end(answers[url] === 400 ? 'not like this' : undefined);
    });
    receiverUrl = `http://127.0.0.1:${await listenLocally(receiver)}`;
  });

  afterAll(() => receiver?.close());

  async function register(path: string): Promise<string> {
    const url = receiverUrl + path;
    const body = JSON.stringify({ url, enabledEvents: ['oem.contract.created'] });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${server().url}/opnc/v1/event/endpoints`, { method: 'POST', headers, body });
    expect([answer.status, await answer.text()]).toEqual([201, expect.stringContaining(url)]);
    return url;
  }

  test('ok/nobody listens: how endpoints come', async () => {
    const { page } = await open('/webhooks');
    await page.getByText('Parties register endpoints with').waitFor();
  });

  test('ok/tests, their answers, and what is sent again', async () => {
    const good = await register('/good');
    const bad = await register('/bad');
    const { page, faults } = await open('/webhooks');
    await page.getByRole('button', { name: `Send a test: ${good}` }).click();
    await page.getByRole('button', { name: `Send a test: ${bad}` }).click();
    const rows = page.getByTestId('deliveries').getByRole('row');
    const refused = rows.filter({ hasText: 'refused by the endpoint' });
    await rows.filter({ hasText: 'delivered' }).filter({ hasText: '204' }).waitFor();
    await refused.filter({ hasText: 'not like this' }).waitFor();

    answers['/bad'] = 204;
    await refused.getByRole('button', { name: 'Send again: webhook.test' }).click();
    await rows.filter({ hasText: bad }).filter({ hasText: 'delivered' }).waitFor();
    await page.getByRole('combobox', { name: 'State' }).selectOption('rejected');
    await page.getByText('No delivery fits').waitFor();
    expect(new URL(page.url()).search).toBe('?state=rejected');
    expect(faults).toEqual([]);
  });

  test.each(SCHEMES)('ok/in %s and on a phone: nothing serious for axe, nothing wider than it', async (scheme) => {
    const { page, faults } = await open('/webhooks', scheme);
    await page.getByTestId('deliveries').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    expect(await fitsWindow(page)).toBe(true);
    expect(faults).toEqual([]);
  });
});
