/** OCSP answers over HTTP: prepared and signed each, and those of `openssl ocsp` for the very same requests. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { opncClient, SimulatedVehicle } from '@plugpool/client';
import {
  type Certificate,
  certIdOf,
  extendedKeyUsages,
  extKeyUsage,
  generateKeyPair,
  makeName,
  randomSerialNumber,
  softwareSigner,
  toPem,
  writeCertificate,
  writeOcspRequest,
} from '@plugpool/iso15118';
import { freePort } from '../tools/local-port.ts';
import { type BenchDatabase, temporaryFolder } from './databases.ts';
import { type Figure, median, type Section } from './figures.ts';
import { load } from './http-load.ts';
import type { Leftovers } from './leftovers.ts';
import { startPlugpool } from './plugpool-process.ts';
import { cpuMicroseconds } from './process-cost.ts';

export interface OcspBench {
  readonly database: BenchDatabase;
  readonly rounds: number;
  readonly seconds: number;
  readonly leftovers: Leftovers;
  readonly profileTo?: string | undefined;
}

const CERTIFICATES = 200;
const NONCES = 2_000;
const CONNECTIONS = 16;
/** Thousands of answers a second: this is enough of them, and there are four kinds. */
const LONGEST_MEASUREMENT_S = 1;

export async function benchOcsp({ database, rounds, leftovers, profileTo, ...bench }: OcspBench): Promise<Section> {
  const seconds = Math.min(bench.seconds, LONGEST_MEASUREMENT_S);
  const server = await startPlugpool({ database, leftovers, profileTo });
  const { certificates, issuer } = await enrolled(server.url);
  const requests = certificates.map((certificate) =>
    writeOcspRequest({ certIds: [certIdOf(certificate, issuer, 'sha1')] }),
  );
  const withNonce = Array.from({ length: NONCES }, (_, index) =>
    writeOcspRequest({
      certIds: [certIdOf(certificates[index % CERTIFICATES] ?? issuer, issuer, 'sha1')],
      nonce: randomBytes(16),
    }),
  );
  const openssl = await startOpenssl(certificates, issuer, leftovers);
  const kinds = {
    post: { pid: server.pid, run: over(server.port, requests.map(asPost), seconds) },
    get: { pid: server.pid, run: over(server.port, requests.map(asGet), seconds) },
    nonce: { pid: server.pid, run: over(server.port, withNonce.map(asPost), seconds) },
    openssl: { pid: openssl.pid, run: () => askOpenssl(openssl.port, requests.map(asPost), seconds) },
  };
  const measured: Record<keyof typeof kinds, Cost[]> = { post: [], get: [], nonce: [], openssl: [] };
  for (let round = -1; round < rounds; round++) {
    for (const [kind, { pid, run }] of Object.entries(kinds) as [keyof typeof kinds, (typeof kinds)['post']][]) {
      const cost = await costOf(pid, run);
      // The first round is for whatever compiles what runs often.
      if (round >= 0) measured[kind].push(cost);
    }
  }
  await server.stop();
  const ofOneCore = (name: string, kind: keyof typeof kinds): Figure => ({
    name: `${name}, answers of one core`,
    value: median(measured[kind].map(({ cpuMicroseconds: each }) => 1e6 / each)),
    unit: 'requests/s',
  });
  return {
    title: `OCSP, ${database.kind}`,
    figures: [
      { ...ofOneCore('POST', 'post'), target: { atLeast: 5_000 } },
      { ...ofOneCore('GET', 'get'), target: { atLeast: 5_000 } },
      ofOneCore('POST with nonce (signed each)', 'nonce'),
      ofOneCore('`openssl ocsp`, POST (signed each)', 'openssl'),
      {
        name: 'POST, throughput beside its client',
        value: median(measured.post.map(({ perSecond }) => perSecond)),
        unit: 'requests/s',
      },
    ],
  };
}

async function enrolled(url: string): Promise<{ certificates: Certificate[]; issuer: Certificate }> {
  const { anyone, oem } = opncClient({ baseUrl: url });
  const edition = 'ISO15118-2';
  const [issuer] = await anyone.caCertificates({ caDomain: 'oem', edition });
  if (issuer === undefined) throw new Error('there is no OEM CA');
  const certificates: Certificate[] = [];
  for (let number = 0; number < CERTIFICATES; number++) {
    const vehicle = new SimulatedVehicle({ pcid: `WPPBENCH${String(number).padStart(9, '0')}`, v2gRoots: [] });
    certificates.push(await oem.enrol(edition, await vehicle.certificateRequest()));
  }
  return { certificates, issuer };
}

function asPost(request: Uint8Array): Buffer {
  const head = [
    'POST /ocsp HTTP/1.1',
    'host: 127.0.0.1',
    'content-type: application/ocsp-request',
    `content-length: ${request.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), request]);
}

function asGet(request: Uint8Array): Buffer {
  const path = encodeURIComponent(Buffer.from(request).toString('base64'));
  return Buffer.from(`GET /ocsp/${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
}

interface Work {
  readonly requests: number;
  readonly seconds: number;
}

interface Cost {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

function over(port: number, requests: readonly Buffer[], seconds: number): () => Promise<Work> {
  let turn = 0;
  const next = () => requests[turn++ % requests.length] ?? Buffer.alloc(0);
  return () => load({ port, connections: CONNECTIONS, seconds, next, expectedStatus: 200 });
}

async function costOf(pid: number, work: () => Promise<Work>): Promise<Cost> {
  const before = cpuMicroseconds(pid);
  const { requests, seconds } = await work();
  return { perSecond: requests / seconds, cpuMicroseconds: (cpuMicroseconds(pid) - before) / requests };
}

/** A responder over the same certificates, with a key and an algorithm as ours has them. */
async function startOpenssl(certificates: readonly Certificate[], issuer: Certificate, leftovers: Leftovers) {
  const folder = await temporaryFolder(leftovers);
  const key = generateKeyPair('secp256r1');
  const name = makeName([{ type: 'CN', value: 'OCSP responder' }]);
  const responder = await writeCertificate(
    {
      serialNumber: randomSerialNumber(),
      issuer: name,
      subject: name,
      notBefore: Date.now() - 86_400_000,
      notAfter: Date.now() + 86_400_000,
      spki: key.spki,
      extensions: [extKeyUsage(extendedKeyUsages.ocspSigning)],
    },
    softwareSigner(key.privateKey),
  );
  const index = certificates.map(
    ({ serialHex }) => `V\t491231235959Z\t\t${serialHex.toUpperCase()}\tunknown\t/CN=${serialHex}\n`,
  );
  await writeFile(join(folder, 'index.txt'), index.join(''));
  await writeFile(join(folder, 'ca.pem'), toPem('CERTIFICATE', issuer.der));
  await writeFile(join(folder, 'responder.pem'), toPem('CERTIFICATE', responder));
  await writeFile(join(folder, 'key.pem'), key.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const port = await freePort();
  const files = ['-index', 'index.txt', '-CA', 'ca.pem', '-rsigner', 'responder.pem', '-rkey', 'key.pem'];
  const child = spawn('openssl', ['ocsp', ...files, '-port', String(port), '-nmin', '60', '-ignore_err'], {
    cwd: folder,
    stdio: 'ignore',
  });
  leftovers.add(async () => child.kill());
  const { pid } = child;
  if (pid === undefined) throw new Error('openssl does not start');
  await pause(500);
  return { pid, port };
}

/** It ends the connection after each answer, so one is made for each request; a few wait at any time. */
async function askOpenssl(port: number, requests: readonly Buffer[], seconds: number): Promise<Work> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let turn = 0;
  async function asking(): Promise<void> {
    while (performance.now() < end) {
      const answer = await answerOf(port, requests[turn++ % requests.length] ?? Buffer.alloc(0));
      if (!/^HTTP\/1\.[01] 200 /.test(answer)) throw new Error(`openssl answered ${answer.slice(0, 100)}`);
    }
  }
  await Promise.all(Array.from({ length: 4 }, asking));
  return { requests: turn, seconds: (performance.now() - start) / 1000 };
}

function answerOf(port: number, request: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: '127.0.0.1', port, noDelay: true }, () => socket.write(request));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.once('error', reject);
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}
