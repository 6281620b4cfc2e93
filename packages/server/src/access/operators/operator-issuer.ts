/**
 * Operators who sign in at an issuer of their own: OpenID Connect, authorization code with PKCE (RFC 7636). What has to
 * be known again when they come back goes along in their browser, sealed, so that any replica can finish.
 */
import * as oidc from 'openid-client';
import type { Clock } from '../../kernel/clock.ts';
import { refuse } from '../../kernel/domain-error.ts';
import { SealedKeyError, type Secrets } from '../../keys/key-store.ts';
import { OutgoingError } from '../../outgoing/outgoing-error.ts';
import type { SendOutgoing } from '../../outgoing/outgoing-http.ts';

export interface OperatorIssuerSettings {
  /** Where discovery begins. */
  readonly issuer: string;
  readonly clientId: string;
  /** A public client, which has PKCE alone, where it is left out. */
  readonly clientSecret?: string | undefined;
  readonly scope: string;
  /** Who has this value in this claim, alone or among others, is an operator. */
  readonly claim: { readonly name: string; readonly value: string };
}

export interface BegunSignIn {
  /** Where the browser goes. */
  readonly url: string;
  /** What it brings back in a cookie. */
  readonly kept: string;
}

export interface OperatorIssuer {
  /** For people: its host. */
  readonly name: string;
  /** Throws `operator-issuer-unreachable`. */
  begin(returnTo: string): Promise<BegunSignIn>;
  /** Throws `sign-in-over`, `not-an-operator`, `operator-issuer-unreachable`. */
  finish(
    kept: string,
    callback: URL,
  ): Promise<{ readonly operator: string; readonly name: string; readonly returnTo: string }>;
}

export interface OperatorIssuerParts {
  readonly send: SendOutgoing;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly publicUrl: string;
  /** Hears why a sign-in did not succeed, for whoever configured it; whoever signs in does not. */
  readonly note: (message: string, details: Readonly<Record<string, string>>) => void;
}

interface Kept {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnTo: string;
  readonly until: number;
}

export const CALLBACK_PATH = '/admin/v1/session/issuer/callback';
const SEAL_NAME = 'sign-in at an issuer';
const SIGN_IN_MS = 10 * 60_000;
const DISCOVERED_MS = 3_600_000;
const LARGEST_ANSWER = 256 * 1024;
const DEADLINE_MS = 5_000;

export function operatorIssuer(settings: OperatorIssuerSettings, parts: OperatorIssuerParts): OperatorIssuer {
  const { clock, secrets, publicUrl, note } = parts;
  const redirectUri = `${publicUrl}${CALLBACK_PATH}`;
  const configuration = discovery(settings, parts.send);

  async function reached(): Promise<oidc.Configuration> {
    try {
      return await configuration();
    } catch (error) {
      note('the issuer where operators sign in cannot be used', reasonsOf(error));
      if (isOfProtocol(error) || isUnreachable(error)) throw refuse('operator-issuer-unreachable');
      throw error;
    }
  }

  /** What the issuer refuses, and what is not from it, is a sign-in that did not succeed. */
  async function claimsOf(config: oidc.Configuration, callback: URL, kept: Kept) {
    try {
      return await claimsBehind(config, callback, kept, settings.claim.name);
    } catch (error) {
      note('a sign-in at the issuer did not succeed', reasonsOf(error));
      if (isUnreachable(error)) throw refuse('operator-issuer-unreachable');
      if (isOfProtocol(error)) throw refuse('sign-in-over');
      throw error;
    }
  }

  return {
    name: new URL(settings.issuer).host,

    async begin(returnTo) {
      const config = await reached();
      const verifier = oidc.randomPKCECodeVerifier();
      const [state, nonce, until] = [oidc.randomState(), oidc.randomNonce(), clock.now() + SIGN_IN_MS];
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: settings.scope,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const kept: Kept = { state, nonce, verifier, returnTo, until };
      const sealed = secrets.seal(SEAL_NAME, Buffer.from(JSON.stringify(kept)));
      return { url: url.href, kept: Buffer.from(sealed).toString('base64url') };
    },

    async finish(sealed, callback) {
      const kept = openedBy(secrets, sealed);
      if (kept === undefined || kept.until <= clock.now()) throw refuse('sign-in-over');
      const config = await reached();
      const { subject, claims } = await claimsOf(config, new URL(`${redirectUri}${callback.search}`), kept);
      const values = [claims.get(settings.claim.name)].flat();
      if (!values.includes(settings.claim.value)) throw refuse('not-an-operator');
      const names = [claims.get('preferred_username'), claims.get('email'), claims.get('name'), subject];
      const name = names.find((each) => typeof each === 'string' && each !== '');
      const { issuer } = config.serverMetadata();
      return { operator: `operator:${issuer}#${subject}`, name: String(name), returnTo: kept.returnTo };
    },
  };
}

/** Found once an hour; an issuer that does not answer is asked again. */
function discovery({ issuer, clientId, clientSecret }: OperatorIssuerSettings, send: SendOutgoing) {
  let found: { readonly config: Promise<oidc.Configuration>; readonly at: number } | undefined;
  const url = new URL(issuer);
  return () => {
    const at = performance.now();
    if (found !== undefined && at - found.at < DISCOVERED_MS) return found.config;
    const config = oidc.discovery(
      url,
      clientId,
      clientSecret,
      clientSecret === undefined ? oidc.None() : undefined,
      // The configured address says whether it is HTTP; for everything else HTTPS is asked for.
      {
        [oidc.customFetch]: fetchBy(send),
        ...(url.protocol === 'http:' && { execute: [oidc.allowInsecureRequests] }),
      },
    );
    found = { config, at };
    config.catch(() => {
      found = undefined;
    });
    return config;
  };
}

/** The one way out of the process, in the form that the library asks for. */
function fetchBy(send: SendOutgoing): oidc.CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    const answer = await send({
      method: method === 'POST' ? 'POST' : 'GET',
      url,
      headers,
      maxBytes: LARGEST_ANSWER,
      deadlineMs: DEADLINE_MS,
      ...(body != null && { body: Buffer.from(String(body)) }),
      ...(signal && { signal }),
    });
    const received = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, [value].flat().join(', ')]],
    );
    return new Response(Buffer.from(answer.body), { status: answer.status, headers: received });
  };
}

/** From the ID token, and from the user info endpoint where the claim is not in it. */
async function claimsBehind(config: oidc.Configuration, callback: URL, kept: Kept, wanted: string) {
  const tokens = await oidc.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: kept.verifier,
    expectedState: kept.state,
    expectedNonce: kept.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw refuse('sign-in-over');
  const hasInfo = config.serverMetadata().userinfo_endpoint !== undefined;
  const more =
    claims[wanted] === undefined && hasInfo ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub) : {};
  return { subject: claims.sub, claims: new Map<string, unknown>(Object.entries({ ...claims, ...more })) };
}

/** Whether the other side is to blame, or whoever sent the request; anything else is a defect. */
function isOfProtocol(error: unknown): error is Error {
  const kinds = [
    oidc.ClientError,
    oidc.ResponseBodyError,
    oidc.AuthorizationResponseError,
    oidc.WWWAuthenticateChallengeError,
  ];
  return kinds.some((kind) => error instanceof kind);
}

function reasonsOf(error: unknown): { why: string } {
  if (!(error instanceof Error)) return { why: String(error) };
  const code = 'code' in error && error.code !== undefined ? ` (${String(error.code)})` : '';
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return { why: `${error.message}${code}${cause}` };
}

function isUnreachable(error: unknown): boolean {
  if (error instanceof OutgoingError) return true;
  return error instanceof Error && error.cause !== undefined && isUnreachable(error.cause);
}

function openedBy(secrets: Secrets, sealed: string): Kept | undefined {
  try {
    const text = Buffer.from(secrets.open(SEAL_NAME, Buffer.from(sealed, 'base64url'))).toString('utf8');
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SealedKeyError) return undefined;
    throw error;
  }
}
