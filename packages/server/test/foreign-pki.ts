/** Somebody else's PKI with what really answers for it: an `openssl ocsp` process, and lists served over HTTP. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  aia,
  basicConstraints,
  type Certificate,
  certificateProfiles,
  crlDistributionPoints,
  extendedKeyUsages,
  extKeyUsage,
  generateKeyPair,
  keyUsage,
  ocspNoCheck,
  profileExtensions,
  toPem,
  writeCrl,
} from '@plugpool/iso15118';
import { afterAll } from 'vitest';
import { freePort, listenLocally } from '../../../tools/local-port.ts';
import { DAY_MS, type Issued, issue, type Order } from './own-pki.ts';
import type { Leaf } from './roles.ts';

export const opensslInstalled = spawnSync('openssl', ['version']).status === 0;

const cleanUps: (() => unknown)[] = [];

/** Call once in a file: ends what this module started. */
export function endForeignServers(): void {
  afterAll(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });
}

export interface Urls {
  readonly ocsp?: string;
  readonly crl?: string;
}

/** A certificate that names those who know of its revocation. */
export async function issueWith(urls: Urls, order: Order): Promise<Issued> {
  const key = generateKeyPair('secp256r1');
  const extensions = profileExtensions(certificateProfiles[order.profile], {
    subjectKey: key,
    issuerKeyIdentifier: order.issuer?.certificate.subjectKeyIdentifier ?? new Uint8Array(8),
  });
  const named = [
    ...(urls.ocsp === undefined ? [] : [aia({ ocsp: urls.ocsp })]),
    ...(urls.crl === undefined ? [] : [crlDistributionPoints(urls.crl)]),
  ];
  return await issue({ ...order, key, extensions: [...extensions, ...named] });
}

export interface ForeignPki {
  readonly root: Issued;
  readonly subCa1: Issued;
  readonly subCa2: Issued;
  leaf(profile: 'oem' | 'contract' | 'cps', commonName: string, urls?: Urls): Promise<Issued>;
}

/** Root and two sub CAs; the second is on the list at `subCa2Urls`. */
export async function foreignPki(name: string, subCa2Urls: Urls = {}): Promise<ForeignPki> {
  const root = await issue({ profile: 'root', commonName: `${name} root` });
  const subCa1 = await issue({ profile: 'subCa1', commonName: `${name} sub 1`, issuer: root });
  const subCa2 = await issueWith(subCa2Urls, { profile: 'subCa2', commonName: `${name} sub 2`, issuer: subCa1 });
  return {
    root,
    subCa1,
    subCa2,
    leaf: (profile, commonName, urls = {}) => issueWith(urls, { profile, commonName, issuer: subCa2 }),
  };
}

export function asLeaf({ root, subCa1, subCa2 }: ForeignPki, { certificate, key }: Issued): Leaf {
  return {
    key,
    certificate,
    subCa2: subCa2.certificate,
    subCa1: subCa1.certificate,
    root: root.certificate,
  };
}

/** A delegated responder of the CA. */
export function issueResponder(ca: Issued): Promise<Issued> {
  const extensions = [
    basicConstraints(false),
    keyUsage('digitalSignature'),
    extKeyUsage(extendedKeyUsages.ocspSigning),
    ocspNoCheck(),
  ];
  return issue({ profile: 'cps', commonName: 'OCSP', issuer: ca, extensions });
}

/** The list of the CA, new each time it is asked for. */
export function listOf(ca: Issued, revoked: readonly Certificate[], at = Date.now()): Promise<Uint8Array> {
  return writeCrl(
    {
      issuer: ca.certificate.subject,
      number: 1,
      thisUpdate: at - 60_000,
      nextUpdate: at + DAY_MS,
      revoked: revoked.map(({ serialNumber }) => ({ serialNumber, revokedAt: REVOKED_AT, reason: 'cACompromise' })),
      authorityKeyIdentifier: ca.certificate.subjectKeyIdentifier ?? new Uint8Array(8),
    },
    ca.signer,
  );
}

export const REVOKED_AT = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A server for lists and for responders that behave as the test wants. Returns its URL, without a slash at the end. */
export async function httpServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${await listenLocally(server)}`;
}

export interface OpensslResponder {
  readonly url: string;
  /** Restarts it with what it shall know: those that are good and those that are revoked. */
  know(good: readonly Certificate[], revoked: readonly Certificate[]): Promise<void>;
}

/** `openssl ocsp` for a CA that is issued after it, since certificates name its port. */
export async function opensslResponder(caLater: () => Issued): Promise<OpensslResponder> {
  const folder = mkdtempSync(join(tmpdir(), 'plugpool-ocsp-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const path = (name: string) => join(folder, name);
  let child: ChildProcess | undefined;
  cleanUps.push(() => child?.kill('SIGKILL'));

  async function writeFiles(): Promise<void> {
    const ca = caLater();
    const responder = await issueResponder(ca);
    writeFileSync(path('ca.pem'), toPem('CERTIFICATE', ca.certificate.der));
    writeFileSync(path('responder.pem'), toPem('CERTIFICATE', responder.certificate.der));
    writeFileSync(path('responder.key'), responder.key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  }

  return {
    url: `http://127.0.0.1:${port}/`,
    async know(good, revoked) {
      if (child === undefined) await writeFiles();
      const lines = [
        ...good.map((certificate) => line('V', '', certificate)),
        ...revoked.map((certificate) => line('R', '260102030405Z,keyCompromise', certificate)),
      ];
      writeFileSync(path('index.txt'), lines.join(''));
      if (child?.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
      const parameters = [
        ...['ocsp', '-port', String(port), '-index', path('index.txt'), '-CA', path('ca.pem'), '-ndays', '1'],
        ...['-rsigner', path('responder.pem'), '-rkey', path('responder.key')],
      ];
      child = spawn('openssl', parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
      await listening(child);
    },
  };
}

function line(status: 'V' | 'R', revocation: string, { serialHex, notAfter }: Certificate): string {
  const expires = `${new Date(notAfter).toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`;
  return `${status}\t${expires}\t${revocation}\t${serialHex.toUpperCase()}\tunknown\t/CN=${serialHex}\n`;
}

/** It says `waiting for OCSP client connections...` once it does. */
async function listening(child: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (part) => {
      said += String(part);
      if (said.includes('waiting')) resolve();
    });
    child.on('exit', () => reject(new Error(`openssl ocsp ended: ${said}`)));
  });
}
