/** A session of the console as the gate sees it: the same caller that a token of an operator names. */
import type { FastifyRequest } from 'fastify';
import { type OperatorSession, type Operators, showsToken } from '../../access/operators/operators.ts';
import { type Caller, noIdentifiers } from '../../access/party.ts';
import { refuse } from '../../kernel/domain-error.ts';
import { isSameOrigin } from './same-origin.ts';
import type { SessionCookie } from './session-cookie.ts';

export interface ConsoleSessions {
  readonly cookie: SessionCookie;
  /**
   * The session that a request brings, when it is good. Throws `cross-site-request` where the request changes something
   * and does not show the session's token.
   * @param used whether that counts as use
   */
  of(request: FastifyRequest, used: boolean): Promise<OperatorSession | undefined>;
  /** Whom the session of a request lets in; for what the console works with only. */
  callerOf(request: FastifyRequest): Promise<Caller | undefined>;
}

const CSRF_HEADER = 'x-csrf-token';
const HARMLESS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

export function consoleSessions(
  { sessions }: Pick<Operators, 'sessions'>,
  cookie: SessionCookie,
  publicUrl: string,
): ConsoleSessions {
  async function of(request: FastifyRequest, used: boolean): Promise<OperatorSession | undefined> {
    const id = cookie.read(request);
    const session = id === undefined ? undefined : await sessions.find(id, used);
    if (session === undefined || HARMLESS.has(request.method)) return session;
    const shown = request.headers[CSRF_HEADER];
    const isShown = showsToken(session, typeof shown === 'string' ? shown : undefined);
    if (!isShown || !isSameOrigin(request, publicUrl)) throw refuse('cross-site-request');
    return session;
  }

  return {
    cookie,
    of,
    async callerOf(request) {
      if (!(request.routeOptions.url ?? '').startsWith('/admin/v1/')) return undefined;
      const session = await of(request, isAttended(request));
      return session && callerIn(session);
    },
  };
}

/** Pages ask by themselves too: then they say so, and streams are always such. That keeps no session alive. */
function isAttended({ headers }: FastifyRequest): boolean {
  return headers['x-unattended'] === undefined && headers.accept !== 'text/event-stream';
}

function callerIn({ operator, name }: OperatorSession): Caller {
  return {
    ...{ clientId: `console of ${operator}`, partyId: operator, name },
    ...{ roles: ['operator'], pki: 'both', identifiers: noIdentifiers },
  };
}
