/** What can be installed everywhere from the lock files, and says nothing of where it was written. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe.each(['package-lock.json', 'site/package-lock.json'])('%s', (name) => {
  const file: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
    readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8'),
  );
  const places = Object.entries(file.packages);

  test('ok/names what is optional for every platform, or `npm ci` refuses it', () => {
    const known = new Set(places.map(([place]) => place.split('node_modules/').at(-1)));
    const optional = places.flatMap(([, { optionalDependencies = {} }]) => Object.keys(optionalDependencies));
    expect(optional.length).toBeGreaterThan(0);
    expect(optional.filter((each) => !known.has(each))).toEqual([]);
  });

  test('ok/names no registry', () => {
    const resolved = places.filter(([, { link = false, resolved }]) => !link && resolved?.startsWith('http'));
    expect(resolved).toEqual([]);
  });
});
