/** A PKI on a test database, at a time of the test's choice. */
import { type KeyStore, keyStore } from '../src/keys/key-store.ts';
import { type PublicKeyInfrastructure, publicKeyInfrastructure } from '../src/pki/public-key-infrastructure.ts';
import type { Store } from '../src/store/store.ts';

export const TEST_NOW = Date.UTC(2026, 5, 15, 12, 0, 0);
export const TEST_SECRET = new Uint8Array(32).fill(7);
export const TEST_PUBLIC_URL = 'http://127.0.0.1:8080';

export interface TestPki {
  readonly pki: PublicKeyInfrastructure;
  readonly keys: KeyStore;
}

/** Without authorities: call `ensureDemoAuthorities`. */
export function pkiOn(store: Store, now: () => number = () => TEST_NOW, publicUrl = TEST_PUBLIC_URL): TestPki {
  const clock = { now };
  const keys = keyStore({ store, masterSecret: TEST_SECRET, clock });
  return { keys, pki: publicKeyInfrastructure({ store, keys, clock, publicUrl }) };
}
