/**
 * The process that shows how fast it could be: the same requests, or the same work, and only what cannot be left out.
 * Its argument is the `CeilingTask` as JSON; it talks to its parent by messages, and ends when that is gone.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import type { CeilingReport, CeilingTask } from './ceiling.ts';
import { contractMaking, requestVerification, schemes } from './ceiling-crypto.ts';
import { type CeilingDatabase, openCeilingDatabase } from './ceiling-database.ts';

const task: CeilingTask = JSON.parse(process.argv[2] ?? '');
const makeContract = contractMaking(task.edition, task.emaids.length);
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
  const verifyRequest = requestVerification(task.edition, emaids.length);
  let turn = 0;
  server.post('*', async (_request, reply) => {
    verifyRequest();
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

/** The cryptography of a contract, and one transaction with one insert; no HTTP. */
async function generateFor(seconds: number, atOnce: number): Promise<CeilingReport> {
  const response = randomBytes(schemes[task.edition].response);
  let operations = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < end) {
        makeContract();
        await database.insertResponse(randomUUID(), response);
        operations++;
      }
    }),
  );
  return { operations, seconds: (performance.now() - start) / 1000 };
}
