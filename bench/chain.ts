/** Chains: three certificates read from DER and held against a root, as every vehicle and contract goes through it. */
import { randomBytes } from 'node:crypto';
import {
  type Certificate,
  type CurveName,
  checkChain,
  generateKeyPair,
  readCertificate,
  softwareSigner,
} from '@plugpool/iso15118';
import { type IssuanceSettings, type Issuer, prepareCertificate } from '../packages/server/src/pki/issuance.ts';
import { type CertificateKind, curves, profileOf } from '../packages/server/src/pki/profiles.ts';
import { type Figure, median, type Section } from './figures.ts';

const LEAFS = 400;
const DAY_MS = 86_400_000;
const settings: IssuanceSettings = { publicUrl: 'http://127.0.0.1:8080', random: randomBytes };

/** Each leaf is new, so its signature is verified; the CAs above it are the same, as they are in a pool. */
export async function benchChains(): Promise<Section> {
  const figures: Figure[] = [];
  for (const curve of curves) {
    figures.push({ name: `new leaf under known CAs, ${curve}`, value: await microsecondsEach(curve), unit: 'µs' });
  }
  return { title: 'Reading and checking a chain', figures };
}

async function microsecondsEach(curve: CurveName): Promise<number> {
  const at = Date.now();
  const root = await issue('v2g-root', curve, undefined, at);
  const sub1 = await issue('sub-ca1', curve, root, at);
  const sub2 = await issue('mo-sub-ca2', curve, sub1, at);
  const leafs: Uint8Array[] = [];
  for (let number = 0; number < LEAFS; number++) leafs.push((await issue('contract', curve, sub2, at)).certificate.der);
  const costs = leafs.map((der) => {
    const start = performance.now();
    const [leaf, subCa2, subCa1] = [der, sub2.certificate.der, sub1.certificate.der].map(readCertificate);
    if (leaf === undefined || subCa1 === undefined) throw new Error('no certificate');
    const checked = checkChain({ leaf, subCa2, subCa1, roots: [root.certificate], at });
    if (!checked.ok) throw new Error(checked.problem.text);
    return (performance.now() - start) * 1000;
  });
  return median(costs);
}

type Issued = Issuer & { readonly certificate: Certificate };

async function issue(
  kind: CertificateKind,
  curve: CurveName,
  issuer: Issuer | undefined,
  now: number,
): Promise<Issued> {
  const key = generateKeyPair(curve);
  const self: Issuer = { name: kind, signer: softwareSigner(key.privateKey), certificate: undefined };
  const prepared = prepareCertificate(
    issuer ?? self,
    {
      profile: profileOf(kind, curve),
      subject: { country: 'DE', organization: 'plugpool', commonName: kind === 'contract' ? 'DEPPLC00000001' : kind },
      publicKey: key,
      notBefore: now - DAY_MS,
      notAfter: now + 365 * DAY_MS,
    },
    settings,
  );
  return { ...self, certificate: await prepared.issue() };
}
