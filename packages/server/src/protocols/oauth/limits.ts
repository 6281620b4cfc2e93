/** How often one may ask, and how often one may fail to show who one is. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimit } from '../../http/rate-limit.ts';
import { refuse } from '../../kernel/domain-error.ts';

export interface LimitSettings {
  /** Requests a second of one client, and of one address that shows no token; 0 for no limit. */
  readonly requestsPerSecond: number;
  /** Failed authentications a minute from one address, tokens and secrets together; 0 for no limit. */
  readonly failuresPerMinute: number;
}

export interface Limits {
  /** Throws `too-many-requests`, with `Retry-After` in the answer. */
  checkAddress(request: FastifyRequest, reply: FastifyReply): void;
  checkClient(clientId: string, reply: FastifyReply): void;
  checkFailures(request: FastifyRequest, reply: FastifyReply): void;
  countFailure(request: FastifyRequest): void;
}

/** @param settings asked each time: they may change while the server runs, and what was counted is then forgotten */
export function limits(settings: () => LimitSettings): Limits {
  const requests = limitOf(() => settings().requestsPerSecond);
  const failures = limitOf(() => settings().failuresPerMinute / 60);
  const now = () => performance.now();

  function check(seconds: number, reply: FastifyReply): void {
    if (seconds === 0) return;
    reply.header('retry-after', String(seconds));
    throw refuse('too-many-requests');
  }

  return {
    checkAddress: ({ ip }, reply) => check(requests().take(`address ${ip}`, now()), reply),
    checkClient: (clientId, reply) => check(requests().take(`client ${clientId}`, now()), reply),
    checkFailures: ({ ip }, reply) => check(failures().wait(ip, now()), reply),
    countFailure({ ip }) {
      failures().take(ip, now());
    },
  };
}

function limitOf(perSecond: () => number): () => RateLimit {
  let rate = perSecond();
  let limit = new RateLimit(rate);
  return () => {
    if (perSecond() !== rate) {
      rate = perSecond();
      limit = new RateLimit(rate);
    }
    return limit;
  };
}
