/** Clients tell the domain's refusals apart by the texts that the references give them. */
import { createServer } from 'node:http';
import { type CallError, opncClient } from '@plugpool/client';
import { expect, test } from 'vitest';
import { listenLocally } from '../../../tools/local-port.ts';
import { DomainError, refuse } from '../src/kernel/domain-error.ts';

const refusals = [
  refuse('root-not-found'),
  refuse('vehicle-not-found'),
  refuse('vehicle-not-available'),
  refuse('contract-not-found'),
  refuse('contract-or-vehicle-not-found'),
  refuse('contract-expired'),
  refuse('contract-ends-in-past'),
  refuse('emaid-taken'),
  refuse('exi-invalid'),
  refuse('session-id-form'),
  refuse('field-missing', 'pcid'),
  refuse('field-pattern', 'pcid', '^x$'),
  refuse('field-invalid', 'pcid', 'is odd'),
  refuse('certificate-format', 'vehicleCertificate'),
];

test.each(refusals.map((refusal) => ({ kind: refusal.kind, refusal })))('$kind', async ({ kind, refusal }) => {
  expect(refusal).toBeInstanceOf(DomainError);
  const { status, errorMessages } = refusal;
  const server = createServer((_request, response) => {
    response.writeHead(status).end(JSON.stringify({ errorMessages, traceId: 't' }));
  });
  const port = await listenLocally(server);
  const { anyone } = opncClient({ baseUrl: `http://127.0.0.1:${port}` });
  try {
    await expect(anyone.roots()).rejects.toMatchObject<Partial<CallError>>({ kind: 'refused', refusal: kind, status });
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
