/** Makes the pictures of docs/console.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { chromiumPath, playedServer } from './console.ts';

const images = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const played = await playedServer();
const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
const message = readFileSync(join(played.messages2, 'certificate-installation-res.exi')).toString('base64url');

const light = await browser.newPage({ viewport: { width: 1280, height: 1180 } });
await light.goto(`${played.url}/console`);
await light.getByTestId('feed').getByText('Contract handed out').first().waitFor();
await light.getByTestId('expiry').waitFor();
await light.screenshot({ path: join(images, 'console-overview.png') });

await light.goto(`${played.url}/console/inspector#${message}`);
await light.getByTestId('signature').waitFor();
await light.getByRole('treeitem', { name: /^eMAID/ }).hover();
await light.evaluate(() => scrollTo(0, 0));
await light.screenshot({ path: join(images, 'console-inspector.png') });

const dark = await browser.newPage({ viewport: { width: 1280, height: 560 }, colorScheme: 'dark' });
await dark.goto(`${played.url}/console/roots`);
await dark.getByRole('row', { name: /Ed448/ }).waitFor();
await dark.screenshot({ path: join(images, 'console-roots.png') });

await browser.close();
await played.close();
