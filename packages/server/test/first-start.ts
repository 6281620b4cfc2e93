/** A process of its own that does what a server does with the PKI at its start, and prints what it ended up with. */
import { openStore } from '../src/store/store.ts';
import { pkiOn } from './pki.ts';

const store = await openStore(JSON.parse(process.argv[2] ?? ''));
const { pki } = pkiOn(store);
const made = await pki.ensureDemoAuthorities();
const fingerprints = (await pki.authorities()).map(({ certificate }) => certificate.fingerprint);
const signers = await pki.cpsSigners();
process.stdout.write(JSON.stringify({ made, fingerprints, signers: signers.length }));
await store.close();
