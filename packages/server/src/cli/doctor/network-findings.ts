/** Whether clients reach us where certificates say, and whether we reach peers and receivers of webhooks. */

import { webhookDeliveries } from '../../events/delivery/webhook-deliveries.ts';
import { countOwnerless } from '../../events/endpoint-queries.ts';
import { peerRegister } from '../../federation/peer-register.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { Secrets } from '../../keys/key-store.ts';
import { OutgoingError } from '../../outgoing/outgoing-error.ts';
import { outgoingHttp, type SendOutgoing } from '../../outgoing/outgoing-http.ts';
import type { Settings } from '../../settings.ts';
import type { Store } from '../../store/store.ts';
import { type Finding, failure, ok, skipped, warning } from './finding.ts';

const DEADLINE_MS = 5_000;
const AT_ONCE = 16;
const ENOUGH = 4096;

/** By a GET of its address: whatever it answers, it is there. Undefined when it is. */
async function problemWith(send: SendOutgoing, url: string): Promise<string | undefined> {
  try {
    await send({ method: 'GET', url, maxBytes: ENOUGH, cutLonger: true, deadlineMs: DEADLINE_MS });
    return undefined;
  } catch (error) {
    if (error instanceof OutgoingError) return error.message;
    throw error;
  }
}

/** @param authority one of ours, whose list is asked for */
export async function publicUrlFindings({ publicUrl }: Settings, authority: string | undefined): Promise<Finding[]> {
  // Our own address may be in our own network.
  const send = outgoingHttp({ allowPrivateTargets: true });
  const check = 'public URL';
  const advice = 'start the server, and see that --public-url and the proxy in front of it lead here';
  const asked = [
    { path: '/health/ready', what: 'readiness' },
    ...(authority === undefined ? [] : [{ path: `/crl/${authority}.crl`, what: 'revocation lists' }]),
    { path: '/ocsp/MAA=', what: 'OCSP' },
  ];
  const findings: Finding[] = [];
  for (const { path, what } of asked) {
    const url = `${publicUrl}${path}`;
    try {
      const { status } = await send({ method: 'GET', url, maxBytes: 10_000_000, deadlineMs: DEADLINE_MS });
      findings.push(
        status === 200 ? ok(check, `${what} at ${url}`) : failure(check, `${url} answers ${status}`, advice),
      );
    } catch (error) {
      if (!(error instanceof OutgoingError)) throw error;
      return [...findings, failure(check, `${url}: ${error.message}`, advice)];
    }
  }
  return findings;
}

export async function peerFindings(settings: Settings, store: Store, secrets: Secrets): Promise<Finding[]> {
  const { peers: configured, allowPrivateTargets } = settings;
  const register = peerRegister({ store, clock: systemClock, secrets, configured, targets: { allowPrivateTargets } });
  const peers = (await register.list()).filter(({ enabled }) => enabled);
  if (peers.length === 0) return [skipped('peers', 'there are none')];
  const send = outgoingHttp({ allowPrivateTargets });
  return await Promise.all(
    peers.map(async ({ baseUrl }) => {
      const problem = await problemWith(send, baseUrl);
      if (problem === undefined) return ok('peers', `${baseUrl} answers`);
      return warning('peers', `${baseUrl}: ${problem}`, 'ask its operator, or disable it: `plugpool peer`');
    }),
  );
}

export async function traceFindings({ tracing }: Settings): Promise<Finding[]> {
  if (tracing === undefined) return [skipped('traces', 'no collector is configured')];
  // Its address was configured, so it may be in our own network.
  const problem = await problemWith(outgoingHttp({ allowPrivateTargets: true }), tracing.url);
  if (problem === undefined) return [ok('traces', `the collector at ${tracing.url} answers`)];
  return [warning('traces', `${tracing.url}: ${problem}`, 'start the collector, or unset OTEL_EXPORTER_OTLP_ENDPOINT')];
}

export async function webhookFindings(settings: Settings, store: Store): Promise<Finding[]> {
  const check = 'webhooks';
  const room = webhookDeliveries({ store, clock: systemClock, recorded: () => undefined });
  const endpoints = (await room.endpoints()).filter(({ enabled }) => enabled);
  if (endpoints.length === 0) return [skipped(check, 'there are no enabled endpoints')];
  const send = outgoingHttp({ allowPrivateTargets: settings.allowPrivateTargets });
  const origins = [...new Set(endpoints.map(({ url }) => new URL(url).origin))];
  const findings: Finding[] = [];
  for (let from = 0; from < origins.length; from += AT_ONCE) {
    const some = origins.slice(from, from + AT_ONCE);
    const problems = await Promise.all(some.map((origin) => problemWith(send, origin)));
    some.forEach((origin, index) => {
      const problem = problems[index];
      if (problem === undefined) findings.push(ok(check, `${origin} answers`));
      else
        findings.push(
          warning(check, `${origin}: ${problem}`, 'ask its party; what fails is sent again or listed as failed'),
        );
    });
  }
  const ownerless = settings.auth === 'none' ? 0 : await countOwnerless(store.db);
  if (ownerless > 0) {
    findings.push(
      warning(check, `${ownerless} endpoints belong to nobody and hear nothing`, 'see `plugpool webhook assign`'),
    );
  }
  const failed = await room.list({ state: 'failed', limit: 1 });
  if (failed.length > 0) {
    findings.push(
      warning(
        check,
        'some deliveries have failed for good',
        'see `plugpool webhook deliveries --state failed`, and replay',
      ),
    );
  }
  return findings;
}
