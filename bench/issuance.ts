/** Certificates: the bare steps from order to certificate, and EST enrolment over HTTP with everything that belongs to it. */

import { randomBytes } from 'node:crypto';
import { SimulatedVehicle } from '@plugpool/client';
import { type CurveName, generateKeyPair, softwareSigner } from '@plugpool/iso15118';
import { type IssuanceSettings, type Issuer, prepareCertificate } from '../packages/server/src/pki/issuance.ts';
import { curves, profileOf } from '../packages/server/src/pki/profiles.ts';
import type { BenchDatabase } from './databases.ts';
import { type Figure, median, type Section } from './figures.ts';
import { load } from './http-load.ts';
import type { Leftovers } from './leftovers.ts';
import { startPlugpool } from './plugpool-process.ts';
import { cpuMicroseconds } from './process-cost.ts';

export interface EnrolmentBench {
  readonly database: BenchDatabase;
  readonly rounds: number;
  readonly seconds: number;
  readonly leftovers: Leftovers;
  readonly profileTo?: string | undefined;
}

const REQUESTS = 200;
const CONNECTIONS = 16;
const DAY_MS = 86_400_000;
const organization = { country: 'DE', organization: 'plugpool' };
const settings: IssuanceSettings = { publicUrl: 'http://127.0.0.1:8080', random: randomBytes };

/** Check, build, read back, lint, sign: in this process and without a database. */
export async function benchIssuance(seconds: number): Promise<Section> {
  const figures: Figure[] = [];
  for (const curve of curves) {
    const issuer = await issuerOn(curve);
    const publicKey = generateKeyPair(curve);
    const issueOne = async () => {
      const now = Date.now();
      const prepared = prepareCertificate(
        issuer,
        {
          profile: profileOf('contract', curve),
          subject: { ...organization, commonName: 'DEPPLC00000001' },
          publicKey,
          notBefore: now,
          notAfter: now + 365 * DAY_MS,
        },
        settings,
      );
      await prepared.issue();
    };
    figures.push({
      name: `contract certificate, ${curve}`,
      value: await microsecondsOf(issueOne, seconds),
      unit: 'µs',
    });
  }
  return { title: 'Issuing a certificate', figures };
}

/** Request in, checked, issued, recorded on disk, certificate out. */
export async function benchEnrolment(bench: EnrolmentBench): Promise<Section> {
  const { database, rounds, seconds, leftovers, profileTo } = bench;
  const server = await startPlugpool({ database, leftovers, profileTo });
  const requests = await Promise.all(Array.from({ length: REQUESTS }, (_, number) => enrolmentNumber(number)));
  let turn = 0;
  const next = () => requests[turn++ % requests.length] ?? Buffer.alloc(0);
  const measured: { perSecond: number; microseconds: number }[] = [];
  for (let round = -1; round < rounds; round++) {
    const before = cpuMicroseconds(server.pid);
    const answered = await load({ port: server.port, connections: CONNECTIONS, seconds, next, expectedStatus: 200 });
    const microseconds = (cpuMicroseconds(server.pid) - before) / answered.requests;
    // The first round is for whatever compiles what runs often.
    if (round >= 0) measured.push({ perSecond: answered.requests / answered.seconds, microseconds });
  }
  await server.stop();
  return {
    title: `EST enrolment, ${database.kind}`,
    figures: [
      { name: 'CPU each', value: median(measured.map(({ microseconds }) => microseconds)), unit: 'µs' },
      { name: 'enrolments', value: median(measured.map(({ perSecond }) => perSecond)), unit: 'requests/s' },
    ],
  };
}

async function issuerOn(curve: CurveName): Promise<Issuer> {
  const key = generateKeyPair(curve);
  const self: Issuer = { name: 'mo-sub2', signer: softwareSigner(key.privateKey), certificate: undefined };
  const now = Date.now();
  const prepared = prepareCertificate(
    self,
    {
      profile: profileOf('v2g-root', curve),
      subject: { ...organization, commonName: 'Bench' },
      publicKey: key,
      notBefore: now - DAY_MS,
      notAfter: now + 3_650 * DAY_MS,
    },
    settings,
  );
  return { ...self, certificate: await prepared.issue() };
}

async function microsecondsOf(work: () => Promise<void>, seconds: number): Promise<number> {
  const costs: number[] = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const start = performance.now();
    await work();
    costs.push((performance.now() - start) * 1000);
  }
  return median(costs);
}

async function enrolmentNumber(number: number): Promise<Buffer> {
  const vehicle = new SimulatedVehicle({ pcid: `WPPBENCH${String(number).padStart(9, '0')}`, v2gRoots: [] });
  const request = await vehicle.certificateRequest();
  const head = [
    'POST /.well-known/est/oem/simpleenroll HTTP/1.1',
    'host: 127.0.0.1',
    'content-type: application/pkcs10',
    `content-length: ${request.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), request]);
}
