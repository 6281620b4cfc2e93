/**
 * The process that shows how fast it could be: the same requests, or the same work, and only what cannot be left out.
 * Its argument is the `CeilingTask` as JSON; it talks to its parent by messages, and ends when that is gone.
 */
import { diffieHellman, generateKeyPairSync, randomBytes, randomUUID, sign, verify } from 'node:crypto';
import type { Edition } from '@plugpool/iso15118';
import Fastify from 'fastify';
import type { CeilingReport, CeilingTask } from './ceiling.ts';
import { type CeilingDatabase, openCeilingDatabase } from './ceiling-database.ts';

interface Crypto {
  readonly namedCurve: 'P-256' | 'P-521';
  readonly hash: 'sha256' | 'sha512';
  /** Octets of what the car signs, of a certificate to be signed, of what the CPS signs, of a stored response. */
  readonly sizes: Readonly<Record<'requestSignedInfo' | 'certificate' | 'responseSignedInfo' | 'response', number>>;
}

/** A SignedInfo of ISO 15118-20 has one reference, that of a response of ISO 15118-2 has four. */
const cryptoOf: Readonly<Record<Edition, Crypto>> = {
  'ISO15118-2': {
    namedCurve: 'P-256',
    hash: 'sha256',
    sizes: { requestSignedInfo: 260, certificate: 500, responseSignedInfo: 800, response: 4_000 },
  },
  'ISO15118-20': {
    namedCurve: 'P-521',
    hash: 'sha512',
    sizes: { requestSignedInfo: 240, certificate: 600, responseSignedInfo: 240, response: 5_300 },
  },
};

const task: CeilingTask = JSON.parse(process.argv[2] ?? '');
const { namedCurve, hash, sizes } = cryptoOf[task.edition];
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

/** A bare Fastify request, one verification on the curve of the edition, one select by an index. */
async function serveInstallations({ selectResponse }: CeilingDatabase, emaids: readonly string[]) {
  const server = Fastify();
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const signedInfo = randomBytes(sizes.requestSignedInfo);
  const signature = sign(hash, signedInfo, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  let turn = 0;
  server.post('*', async (_request, reply) => {
    if (!verify(hash, signedInfo, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)) {
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
  const authority = generateKeyPairSync('ec', { namedCurve }).privateKey;
  const vehicle = generateKeyPairSync('ec', { namedCurve }).publicKey;
  const certificate = randomBytes(sizes.certificate);
  const signedInfo = randomBytes(sizes.responseSignedInfo);
  const response = randomBytes(sizes.response);
  let operations = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < end) {
        generateKeyPairSync('ec', { namedCurve });
        const ephemeral = generateKeyPairSync('ec', { namedCurve });
        diffieHellman({ privateKey: ephemeral.privateKey, publicKey: vehicle });
        sign(hash, certificate, authority);
        sign(hash, signedInfo, { key: authority, dsaEncoding: 'ieee-p1363' });
        await database.insertResponse(randomUUID(), response);
        operations++;
      }
    }),
  );
  return { operations, seconds: (performance.now() - start) / 1000 };
}
