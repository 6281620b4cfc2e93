/** What a client sends to the token endpoint: the parameters of RFC 6749 §4.4 in a form or, as the OPCP has it, in JSON. */
import type { X509Certificate } from 'node:crypto';
import { ASSERTION_TYPE, type ClientCredentials, OAuthError } from '../../access/access.ts';

export interface TokenRequest {
  readonly credentials: ClientCredentials;
  readonly audience: string | undefined;
  readonly scope: string | undefined;
}

type Parameters = ReadonlyMap<string, string>;

/** The parameters of a form; none may come twice (RFC 6749 §3.2). Throws `OAuthError`. */
export function formParameters(body: string): Parameters {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (parameters.has(name)) throw new OAuthError('invalid_request', 'a parameter comes twice');
    parameters.set(name, value);
  }
  return parameters;
}

/** The members of a JSON object as parameters. Throws `OAuthError`. */
export function jsonParameters(body: unknown): Parameters {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new OAuthError('invalid_request', 'the body must be a JSON object');
  }
  const entries = Object.entries(body).map(([name, value]): [string, string] => {
    if (typeof value !== 'string') throw new OAuthError('invalid_request', 'every member must be a string');
    return [name, value];
  });
  return new Map(entries);
}

/** @param authorization the header, where there is one. Throws `OAuthError`. */
export function tokenRequest(
  parameters: Parameters,
  authorization: string | undefined,
  certificate?: X509Certificate | undefined,
): TokenRequest {
  // A parameter without a value is as if it were left out (RFC 6749 §3.2).
  const of = (name: string) => parameters.get(name) || undefined;
  const grant = of('grant_type');
  if (grant === undefined) throw new OAuthError('invalid_request', 'grant_type is missing');
  if (grant !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'grant_type must be client_credentials');
  }
  return {
    credentials: credentials(of, authorization, certificate),
    audience: of('audience') ?? of('resource'),
    scope: of('scope'),
  };
}

function credentials(
  of: (name: string) => string | undefined,
  authorization: string | undefined,
  certificate: X509Certificate | undefined,
): ClientCredentials {
  const [assertion, assertionType] = [of('client_assertion'), of('client_assertion_type')];
  if (assertion !== undefined) {
    if (authorization !== undefined || of('client_secret') !== undefined) throw inTwoWays();
    if (assertionType !== ASSERTION_TYPE) {
      throw new OAuthError('invalid_request', `client_assertion_type must be ${ASSERTION_TYPE}`);
    }
    return { clientId: of('client_id'), assertion };
  }
  const [clientId, clientSecret] = [of('client_id'), of('client_secret')];
  if (authorization !== undefined) {
    const basic = basicCredentials(authorization);
    // RFC 6749 §2.3: one way to authenticate a request.
    if (clientSecret !== undefined || (clientId !== undefined && clientId !== basic.clientId)) {
      throw inTwoWays();
    }
    return basic;
  }
  if (clientId === undefined) throw new OAuthError('invalid_request', 'client_id is missing');
  if (clientSecret === undefined && certificate !== undefined) return { clientId, certificate };
  if (clientSecret === undefined) throw new OAuthError('invalid_request', 'client_secret is missing');
  return { clientId, clientSecret };
}

function inTwoWays(): OAuthError {
  return new OAuthError('invalid_request', 'the client authenticates in two ways');
}

/** RFC 6749 §2.3.1: both halves are form-encoded. */
function basicCredentials(authorization: string): { clientId: string; clientSecret: string } {
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(authorization) ?? [];
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) throw new OAuthError('invalid_client', 'client authentication failed');
  return { clientId: decoded(text.slice(0, colon)), clientSecret: decoded(text.slice(colon + 1)) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // What cannot be decoded is nobody's name and nobody's secret.
    throw new OAuthError('invalid_client', 'client authentication failed');
  }
}
