/** The gate in front of all routes: who asks (RFC 6750), whether he may ask that at all, and of whose objects. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access, Authorised } from '../../access/access.ts';
import { mayCall, mayTouch, SERVICES } from '../../access/rights.ts';
import { type RouteRight, rightOf } from '../../dialects/rights.ts';
import { clientCertificateOf, thumbprintOf } from '../../http/tls.ts';
import { actingAs } from '../../kernel/acting.ts';
import { refuse } from '../../kernel/domain-error.ts';
import { traced } from '../../kernel/tracing.ts';
import type { ConsoleSessions } from '../session/operator-sessions.ts';
import type { Limits } from './limits.ts';
import { type IssuerOf, ownersOf } from './object-owners.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    right?: RouteRight;
  }
}

export interface Guard {
  readonly access: Pick<Access, 'callerWith'>;
  /** Of operators at the console; undefined where nobody can sign in. */
  readonly sessions: Pick<ConsoleSessions, 'callerOf'> | undefined;
  readonly issuerOf: IssuerOf;
}

/**
 * Insists that every route that is mounted from now on has a right, and, with a guard, that every caller has it. Role
 * and service are judged before the body is read; whose the objects are, when the request has the form that it should
 * have, and before the operation looks whether they exist.
 */
export function keepGate(app: FastifyInstance, guard: Guard | undefined, limits: Limits): void {
  app.addHook('onRoute', (route) => {
    const { url, config } = route;
    const right = rightOf({ url, operation: config?.operation });
    if (right === undefined) throw new Error(`${[route.method].flat().join()} ${url} has no row in dialects/rights.ts`);
    route.config = { ...config, right };
  });
  app.addHook('preHandler', (request, _reply, done) => {
    const { admission } = request;
    const actor = admission?.actor ?? (guard === undefined ? 'sandbox' : 'anybody');
    actingAs({ actor, clientId: admission?.client, traceId: request.id }, done);
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization === undefined) limits.checkAddress(request, reply);
  });
  if (guard === undefined) return;
  app.addHook('onRequest', async (request, reply) => {
    const { right } = request.routeOptions.config;
    if (right === 'open') return;
    if (right === undefined) throw refuse('not-allowed');
    const { caller, services, actor } = await traced('authorise', {}, () => authorised(guard, request, reply, limits));
    limits.checkClient(caller.clientId, reply);
    reply.header('cache-control', 'no-store');
    if (!mayCall(right, caller, services)) throw refuse('not-allowed');
    request.admission = {
      party: caller.partyId,
      client: caller.clientId,
      actor,
      async admit(asked) {
        const owners = await ownersOf(right.objects ?? [], asked, guard.issuerOf);
        if (!mayTouch(right, caller, owners)) throw refuse('not-allowed');
      },
    };
  });
}

const CHALLENGE = 'Bearer realm="plugpool"';

/** A token, or without one the session of an operator. */
async function authorised(
  { access, sessions }: Guard,
  request: FastifyRequest,
  reply: FastifyReply,
  limits: Limits,
): Promise<Authorised & { readonly actor: string }> {
  const { authorization } = request.headers;
  const operator = authorization === undefined ? await sessions?.callerOf(request) : undefined;
  if (operator !== undefined) return { caller: operator, services: SERVICES, actor: operator.partyId };
  const [, token] = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization ?? '') ?? [];
  const certificate = clientCertificateOf(request);
  const found =
    token === undefined ? undefined : await access.callerWith(token, certificate && thumbprintOf(certificate));
  if (found !== undefined) return { ...found, actor: `party:${found.caller.partyId}` };
  if (authorization !== undefined) {
    // Only now: good tokens go through, whoever else fails behind the same address.
    limits.checkFailures(request, reply);
    limits.countFailure(request);
  }
  // RFC 6750 §3.1: no error code for a request that shows nothing.
  reply.header('www-authenticate', authorization === undefined ? CHALLENGE : `${CHALLENGE}, error="invalid_token"`);
  throw refuse('not-authenticated');
}
