/**
 * What an installed plugpool consists of besides itself, read from the lock file: `npm run sbom` writes it as CycloneDX
 * JSON, `npm run licences` as a list, and ends with 1 when a licence is none of those that are known.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
  readonly link?: boolean;
}

interface Part {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** SHA-512 of the tarball, hexadecimal. */
  readonly sha512: string;
}

/** Those under which a part may be in a product under the Apache licence. */
const KNOWN = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
]);

const parts = partsIn(readFileSync(fileURLToPath(new URL('../package-lock.json', import.meta.url)), 'utf8'));
if (process.argv.includes('--licences')) listLicences(parts);
else console.log(JSON.stringify(cycloneDx(parts), null, 2));

function partsIn(lockFile: string): Part[] {
  const lock: { packages: Record<string, Locked> } = JSON.parse(lockFile);
  const installed = Object.entries(lock.packages).filter(([path, { dev, devOptional, peer, link }]) => {
    return path.includes('node_modules/') && ![dev, devOptional, peer, link].includes(true);
  });
  const found = installed.map(([path, { version = '', license = 'none stated', integrity = '' }]): Part => {
    const name = path.split('node_modules/').at(-1) ?? path;
    const sha512 = Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
    return { name, version, licence: license, sha512 };
  });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function cycloneDx(components: readonly Part[]) {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', name: 'plugpool', 'bom-ref': 'plugpool' } },
    components: components.map(({ name, version, licence, sha512 }) => {
      const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
      const licences = licence.includes(' ') ? [{ expression: licence }] : [{ license: { id: licence } }];
      const hashes = [{ alg: 'SHA-512', content: sha512 }];
      return { type: 'library', 'bom-ref': purl, name, version, purl, licenses: licences, hashes };
    }),
  };
}

function listLicences(all: readonly Part[]): void {
  for (const { name, version, licence } of all) console.log(`${name} ${version}: ${licence}`);
  const isKnown = ({ licence }: Part) =>
    licence
      .replaceAll(/[()]/g, '')
      .split(' OR ')
      .some((one) => KNOWN.has(one));
  const unknown = all.filter((part) => !isKnown(part)).map(({ name }) => name);
  if (unknown.length === 0) return;
  console.error(`under none of the known licences: ${unknown.join(', ')}`);
  process.exitCode = 1;
}
