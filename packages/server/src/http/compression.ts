/** gzip for large answers, to whoever takes it (RFC 9110 §12.5.3): documents and long lists, which shrink to a fifth. */
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

/** Below it an answer is on the wire before it would be compressed; signed contract data stays below. */
const SMALLEST_OCTETS = 32 * 1024;
const COMPRESSIBLE = /^(?:application\/(?:json|javascript|xml)|text\/)/;

export function compressLargeAnswers(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (!isLarge(payload) || reply.hasHeader('content-encoding')) return done(null, payload);
    if (!COMPRESSIBLE.test(String(reply.getHeader('content-type') ?? ''))) return done(null, payload);
    reply.header('vary', 'accept-encoding');
    if (!takesGzip(request.headers['accept-encoding'])) return done(null, payload);
    gzip(payload, (error, compressed) => {
      if (error !== null) return done(error);
      reply.header('content-encoding', 'gzip').removeHeader('content-length');
      done(null, compressed);
    });
  });
}

function isLarge(payload: unknown): payload is string | Buffer {
  return (typeof payload === 'string' || Buffer.isBuffer(payload)) && Buffer.byteLength(payload) >= SMALLEST_OCTETS;
}

function takesGzip(header: string | string[] | undefined): boolean {
  const codings = [header ?? []].flat().join(',').toLowerCase().split(',');
  return codings.some((coding) => /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/.test(coding));
}
