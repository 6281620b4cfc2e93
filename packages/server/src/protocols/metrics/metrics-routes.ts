/** What Prometheus reads: `GET /metrics`, in its text format. Who may is in docs/metrics.md. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyPluginAsync } from 'fastify';
import { refuse } from '../../kernel/domain-error.ts';

/** Whoever shows the token, everybody, or nobody. */
export type MetricsReaders = { readonly token: string } | 'everybody' | 'nobody';

export interface MetricsRouteParts {
  readonly exposition: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Asked each time. */
  readonly readers: () => MetricsReaders;
}

export function metricsRoutes({ exposition, readers }: MetricsRouteParts): FastifyPluginAsync {
  return async (app) => {
    app.get('/metrics', async (request, reply) => {
      if (!mayRead(readers(), request.headers.authorization)) {
        reply.header('www-authenticate', 'Bearer realm="plugpool metrics"');
        throw refuse('not-authenticated');
      }
      const { contentType, text } = await exposition();
      return reply.header('content-type', contentType).header('cache-control', 'no-store').send(text);
    });
  };
}

function mayRead(readers: MetricsReaders, authorization: string | undefined): boolean {
  if (readers === 'everybody') return true;
  if (readers === 'nobody' || authorization === undefined) return false;
  const [, shown = ''] = /^bearer +(\S+) *$/i.exec(authorization) ?? [];
  return timingSafeEqual(digestOf(shown), digestOf(readers.token));
}

/** Of one length, whatever is shown. */
function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
