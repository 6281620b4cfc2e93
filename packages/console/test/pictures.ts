/** Makes the pictures of docs/console.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './chromium.ts';
import { guardedServer, playedServer } from './servers.ts';
import { enrol, invitation } from './signed-in.ts';

const images = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const played = await playedServer();
const browser = await launchChromium();
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

const { items } = await (await fetch(`${played.url}/admin/v1/contracts?edition=ISO15118-2`)).json();
await light.setViewportSize({ width: 1280, height: 620 });
await light.goto(`${played.url}/console/contracts`);
await light.getByRole('row').nth(1).waitFor();
await light.screenshot({ path: join(images, 'console-contracts.png') });

await light.setViewportSize({ width: 1280, height: 1080 });
await light.goto(`${played.url}/console/vehicles/${items[0].pcid}`);
await light.getByTestId('history').getByText('Vehicle published').waitFor();
await light.locator('li[data-signed="true"]').nth(2).waitFor();
await light.screenshot({ path: join(images, 'console-vehicle.png') });

await light.setViewportSize({ width: 1280, height: 1180 });
await light.goto(`${played.url}/console/playground`);
await light.getByRole('button', { name: 'Play', exact: true }).click();
await light.getByTestId('proof').waitFor();
await light.getByRole('button', { name: /hands it on and gets/ }).click();
await light.getByText('CertificateInstallationRes of ISO 15118-2, decoded').filter({ visible: true }).first().waitFor();
await light.evaluate(() => scrollTo(0, 640));
await light.screenshot({ path: join(images, 'console-playground.png') });

const dark = await browser.newPage({ viewport: { width: 1280, height: 560 }, colorScheme: 'dark' });
await dark.goto(`${played.url}/console/roots`);
await dark.getByRole('row', { name: /Ed448/ }).waitFor();
await dark.screenshot({ path: join(images, 'console-roots.png') });

const guarded = await guardedServer(['--approvals', 'two-person']);
for (const [role, name, ...own] of [
  ['oem', 'Some Maker', '--wmi', 'WBA,WBY'],
  ['emsp', 'Some Provider', '--provider-id', 'DEABC'],
  ['cpo', 'Some Network', '--operator-id', 'DEICE'],
] as const) {
  guarded.command('party', 'add', '--role', role, '--name', name, ...own);
}
const operator = await browser.newPage({ viewport: { width: 1280, height: 760 } });
await operator.goto(invitation(guarded, 'anna@example.org'));
await operator.getByTestId('secret').waitFor();
await operator.screenshot({ path: join(images, 'console-enrolment.png') });
await enrol(operator, 'anna@example.org');
await operator.goto(`${guarded.url}/console/parties`);
await operator.getByRole('link', { name: 'Some Network' }).waitFor();
await operator.screenshot({ path: join(images, 'console-parties.png') });
await operator.goto(`${guarded.url}/console/audit`);
await operator.getByRole('button', { name: 'Verify the chain' }).click();
await operator.getByText('The chain holds').waitFor();
await operator.screenshot({ path: join(images, 'console-audit.png') });
await operator.goto(`${guarded.url}/console/authorities`);
await operator.getByRole('row', { name: /^oem-sub2 / }).waitFor();
await operator.screenshot({ path: join(images, 'console-authorities.png') });

await browser.close();
await guarded.close();
await played.close();
