/**
 * The process that shows how fast it could be: the same requests, or the same work, and only what cannot be left out.
 * Its argument is the `CeilingTask` as JSON; it talks to its parent by messages, and ends when that is gone.
 */
import { diffieHellman, generateKeyPairSync, randomBytes, randomUUID, sign, verify } from 'node:crypto';
import Fastify from 'fastify';
import type { CeilingReport, CeilingTask } from './ceiling.ts';
import { type CeilingDatabase, openCeilingDatabase } from './ceiling-database.ts';

/** Of a SignedInfo with one reference, of a certificate to be signed, of a SignedInfo with four, of a stored response. */
const SIZES = { requestSignedInfo: 260, certificate: 500, responseSignedInfo: 800, response: 4_000 };
const SHA256 = 'sha256';

const task: CeilingTask = JSON.parse(process.argv[2] ?? '');
const database = await openCeilingDatabase(task.database);
const app = await serveInstallations(database, task.emaids);

process.on('disconnect', async () => {
  await app.close();
  await database.close();
});
process.on('message', async (order: { readonly seconds: number; readonly atOnce: number }) => {
  report(await generateFor(order.seconds, order.atOnce));
});
report({ port: portOf(app) });

function report(message: CeilingReport): void {
  process.send?.(message);
}

/** A bare Fastify request, one verification on P-256, one select by an index. */
async function serveInstallations({ selectResponse }: CeilingDatabase, emaids: readonly string[]) {
  const server = Fastify();
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signedInfo = randomBytes(SIZES.requestSignedInfo);
  const signature = sign(SHA256, signedInfo, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  let turn = 0;
  server.post('*', async (_request, reply) => {
    if (!verify(SHA256, signedInfo, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)) {
      throw new Error('the signature of the ceiling does not verify');
    }
    const response = await selectResponse(emaids[turn++ % emaids.length] ?? '');
    reply.type('application/json');
    return `{"certificateInstallationRes":"${Buffer.from(response).toString('base64')}"}`;
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  return server;
}

function portOf({ server }: Awaited<ReturnType<typeof serveInstallations>>): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the ceiling listens on no port');
  return address.port;
}

/** Contract key pair, ephemeral agreement, two signatures, one transaction with one insert; no HTTP. */
async function generateFor(seconds: number, atOnce: number): Promise<CeilingReport> {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const vehicle = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  const certificate = randomBytes(SIZES.certificate);
  const signedInfo = randomBytes(SIZES.responseSignedInfo);
  const response = randomBytes(SIZES.response);
  let operations = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < end) {
        generateKeyPairSync('ec', { namedCurve: 'P-256' });
        const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        diffieHellman({ privateKey: ephemeral.privateKey, publicKey: vehicle });
        sign(SHA256, certificate, authority);
        sign(SHA256, signedInfo, { key: authority, dsaEncoding: 'ieee-p1363' });
        await database.insertResponse(randomUUID(), response);
        operations++;
      }
    }),
  );
  return { operations, seconds: (performance.now() - start) / 1000 };
}
