/** Signing in to the console and out of it, and how a new operator gets password and authenticator. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { OperatorSession, Operators, StartedSession } from '../../access/operators/operators.ts';
import { RateLimit } from '../../http/rate-limit.ts';
import { Type } from '../../http/schema-builders.ts';
import { validatorOf } from '../../http/validation.ts';
import { actingAs, whoActs } from '../../kernel/acting.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError, refuse } from '../../kernel/domain-error.ts';
import type { Limits } from '../oauth/limits.ts';
import type { ConsoleSessions } from './operator-sessions.ts';
import { isSameOrigin } from './same-origin.ts';
import { hostCookie, type SessionCookie } from './session-cookie.ts';

export interface SessionRouteParts {
  /** Undefined where nobody is asked who he is: then there is nothing to sign in to. */
  readonly operators: Operators | undefined;
  /** Undefined where the public URL is neither HTTPS nor on this machine. */
  readonly sessions: ConsoleSessions | undefined;
  readonly publicUrl: string;
  readonly limits: Pick<Limits, 'checkFailures' | 'countFailure'>;
  readonly clock: Clock;
}

const Name = Type.String({ minLength: 1, maxLength: 100 });
const Password = Type.String({ minLength: 1, maxLength: 256 });
const Code = Type.String({ pattern: '^\\d{6}$' });
const Token = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
const signIn = bodyOf({ name: Name, password: Password, code: Code });
const enrolment = bodyOf({ token: Token });
const enrolmentEnd = bodyOf({ token: Token, password: Password, code: Code });

/** Wrong attempts at one account, from wherever they come; then it has to wait. */
const WRONG_PER_SECOND = 10 / 60;
const WRONG_AT_ONCE = 5;
const LARGEST_BODY = 4_096;
const ISSUER_SIGN_IN_S = 600;

export function sessionRoutes(parts: SessionRouteParts): FastifyPluginAsync {
  const { operators, sessions } = parts;
  return async (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    if (operators === undefined) {
      app.get('/admin/v1/session', async () => ({ access: 'open' }));
      return;
    }
    const issuer = operators.issuer === undefined ? null : { name: operators.issuer.name };
    if (sessions === undefined) {
      app.get('/admin/v1/session', async () => ({ access: 'insecure', issuer: null, operator: null }));
      app.post('/admin/v1/session', async () => {
        throw refuse('sign-in-insecure');
      });
      return;
    }
    const known = { ...parts, operators, sessions };
    app.get('/admin/v1/session', async (request) => {
      const session = await sessions.of(request, false);
      return { access: 'sign-in', issuer, operator: session === undefined ? null : shown(session) };
    });
    passwordRoutes(app, known);
    endRoutes(app, known);
    enrolmentRoutes(app, known);
    if (operators.issuer !== undefined) issuerRoutes(app, known, operators.issuer);
  };
}

interface Known extends SessionRouteParts {
  readonly operators: Operators;
  readonly sessions: ConsoleSessions;
}

function passwordRoutes(app: FastifyInstance, { operators, sessions, publicUrl, limits, clock }: Known): void {
  const attempts = new RateLimit(WRONG_PER_SECOND, WRONG_AT_ONCE);
  app.post('/admin/v1/session', { bodyLimit: LARGEST_BODY }, async (request, reply) => {
    insistOnSameOrigin(request, publicUrl);
    limits.checkFailures(request, reply);
    const asked = await signIn(request.body);
    const account = asked.name.trim().toLowerCase();
    // Taken before anything is looked at: many at the same time are many.
    const wait = attempts.take(account, performance.now());
    if (wait > 0) throw tooMany(reply, wait);
    try {
      const started = await operators.signIn(asked);
      attempts.giveBack(account, performance.now());
      return begin(reply, sessions.cookie, started, clock);
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'sign-in-refused') limits.countFailure(request);
      throw error;
    }
  });
}

function endRoutes(app: FastifyInstance, { operators, sessions }: Known): void {
  app.delete('/admin/v1/session', async (request, reply) => {
    const id = sessions.cookie.read(request);
    const session = await sessions.of(request, false);
    if (id !== undefined && session !== undefined) await by(session, () => operators.sessions.end(id));
    return reply.header('set-cookie', sessions.cookie.clear()).code(204).send();
  });

  app.delete('/admin/v1/session/all', async (request, reply) => {
    const session = await sessions.of(request, false);
    if (session === undefined) throw refuse('not-authenticated');
    await by(session, () => operators.accounts.signOut(session.operator));
    return reply.header('set-cookie', sessions.cookie.clear()).code(204).send();
  });
}

function by<T>({ operator }: OperatorSession, work: () => T): T {
  return actingAs({ ...whoActs(), actor: operator }, work);
}

function enrolmentRoutes(app: FastifyInstance, { operators, sessions, publicUrl, limits, clock }: Known): void {
  const counted = async <T>(request: FastifyRequest, reply: FastifyReply, work: () => Promise<T>): Promise<T> => {
    insistOnSameOrigin(request, publicUrl);
    limits.checkFailures(request, reply);
    try {
      return await work();
    } catch (error) {
      const isFailure = error instanceof DomainError && ['enrolment-refused', 'code-refused'].includes(error.kind);
      if (isFailure) limits.countFailure(request);
      throw error;
    }
  };

  app.post('/admin/v1/session/enrolment', { bodyLimit: LARGEST_BODY }, (request, reply) =>
    counted(request, reply, async () => operators.beginEnrolment((await enrolment(request.body)).token)),
  );

  app.put('/admin/v1/session/enrolment', { bodyLimit: LARGEST_BODY }, (request, reply) =>
    counted(request, reply, async () => {
      const { token, ...chosen } = await enrolmentEnd(request.body);
      return begin(reply, sessions.cookie, await operators.finishEnrolment(token, chosen), clock);
    }),
  );
}

/** Lax: it has to come along when the issuer sends the browser back. */
function issuerRoutes(app: FastifyInstance, known: Known, issuer: NonNullable<Operators['issuer']>): void {
  const { operators, sessions, publicUrl, clock } = known;
  const kept = hostCookie(publicUrl, 'plugpool-sign-in', 'Lax');
  if (kept === undefined) return;

  app.get<{ Querystring: { return?: unknown } }>('/admin/v1/session/issuer', async (request, reply) => {
    const returnTo = placeInConsole(request.query.return);
    try {
      const begun = await issuer.begin(returnTo);
      return await reply.header('set-cookie', kept.write(begun.kept, ISSUER_SIGN_IN_S)).redirect(begun.url);
    } catch (error) {
      return await reply.redirect(refusalPage(error));
    }
  });

  app.get('/admin/v1/session/issuer/callback', async (request, reply) => {
    const brought = kept.read(request);
    try {
      if (brought === undefined) throw refuse('sign-in-over');
      const { returnTo, ...started } = await operators.finishAtIssuer(brought, new URL(request.url, publicUrl));
      begin(reply, sessions.cookie, started, clock);
      return await reply.header('set-cookie', kept.clear()).redirect(returnTo);
    } catch (error) {
      return await reply.header('set-cookie', kept.clear()).redirect(refusalPage(error));
    }
  });
}

/** Back to a page of the console, and nowhere else. */
function placeInConsole(text: unknown): string {
  const url = typeof text === 'string' && text.length <= 2_000 ? URL.parse(text, 'http://console.invalid') : null;
  if (url === null || url.host !== 'console.invalid' || !url.pathname.startsWith('/console/')) return '/console/';
  return `${url.pathname}${url.search}`;
}

/** The browser is on its way between pages: what went wrong is said by one. Throws what is our fault. */
function refusalPage(error: unknown): string {
  if (!(error instanceof DomainError)) throw error;
  return `/console/sign-in?refused=${error.kind}`;
}

function begin(reply: FastifyReply, cookie: SessionCookie, started: StartedSession, clock: Clock) {
  const seconds = Math.max(1, Math.round((started.longestUntil - clock.now()) / 1000));
  reply.header('set-cookie', cookie.write(started.id, seconds));
  return { operator: shown(started) };
}

function shown({ operator, name, csrfToken, startedAt, expiresAt }: OperatorSession) {
  return {
    ...{ operator, name, csrfToken },
    startedAt: new Date(startedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

function insistOnSameOrigin(request: FastifyRequest, publicUrl: string): void {
  if (!isSameOrigin(request, publicUrl)) throw refuse('cross-site-request');
}

function tooMany(reply: FastifyReply, seconds: number): DomainError {
  reply.header('retry-after', String(seconds));
  return refuse('too-many-requests');
}

function bodyOf<P extends Record<string, TSchema>>(properties: P) {
  return validatorOf(Type.Object(properties), 'body');
}
