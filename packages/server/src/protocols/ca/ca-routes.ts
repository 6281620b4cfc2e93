/** CA certificates where certificates say they are: `/ca/{authority}.cer` (RFC 5280 §4.2.2.1, RFC 2585 §3). */
import { isCa } from '@plugpool/iso15118/pki';
import type { FastifyPluginAsync } from 'fastify';
import { refuse } from '../../kernel/domain-error.ts';
import type { PublicKeyInfrastructure } from '../../pki/public-key-infrastructure.ts';

const SUFFIX = '.cer';

export function caRoutes({ pki }: { readonly pki: PublicKeyInfrastructure }): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Params: { file: string } }>('/ca/:file', async (request, reply) => {
      const file = request.params.file.toLowerCase();
      if (!file.endsWith(SUFFIX)) throw refuse('authority-not-found', file);
      const name = file.slice(0, -SUFFIX.length);
      const { certificate } = await pki.authority(name);
      if (!isCa(certificate)) throw refuse('authority-not-found', name);
      return reply.header('content-type', 'application/pkix-cert').send(Buffer.from(certificate.der));
    });
  };
}
