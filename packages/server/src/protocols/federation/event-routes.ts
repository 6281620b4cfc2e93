/** Where peers send their events. The signature is over the octets, so they are read as they come. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { PeerEvents } from '../../federation/peer-events.ts';

export function peerEventRoutes({ events }: { readonly events: Pick<PeerEvents, 'receive'> }): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

    app.post<{ Params: { peerId: string } }>('/federation/v1/events/:peerId', async (request, reply) => {
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
      await events.receive(request.params.peerId, { body, signature: signatureIn(request) });
      return reply.code(200).send();
    });
  };
}

/** The headers of OPCP, OPNC and the field say the same. */
function signatureIn({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const found = [headers['x-operator-signature'], headers['x-hubject-signature'], headers['payload-signature']];
  return found
    .find((value) => typeof value === 'string')
    ?.toString()
    .replace(/^sha256=/, '');
}
