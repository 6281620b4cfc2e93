/** Finds out how a foreign certificate stands: by OCSP first, then by revocation list, and remembers what it learnt. */
import { type Certificate, CertificateError, type OcspSingleResponse, StatusError } from '@plugpool/iso15118/pki';
import { BoundedCache } from '../kernel/bounded-cache.ts';
import { traced } from '../kernel/tracing.ts';
import { OutgoingError } from '../outgoing/outgoing-error.ts';
import type { SendOutgoing } from '../outgoing/outgoing-http.ts';
import { crlClient } from './crl-client.ts';
import { askResponder } from './ocsp-client.ts';
import type { Standing } from './standing.ts';

const HOUR_MS = 3_600_000;
const mostStandings = 100_000;
const mostFailures = 10_000;
const mostInFlight = 64;
/** Of each kind; what a certificate names beyond them is not asked. */
const mostUrls = 2;

export interface InquiryNeeds {
  readonly send: SendOutgoing;
  readonly now: () => number;
  readonly times: InquiryTimes;
  readonly note: (message: string, details: Readonly<Record<string, string>>) => void;
  /** Hears what came of asking others; not of what was remembered. */
  readonly learnt?: ((standing: Standing['standing']) => void) | undefined;
}

/** Milliseconds. */
export interface InquiryTimes {
  /** How long one server may take. */
  readonly serverDeadline: number;
  /** How long the caller waits; what is under way then goes on and is remembered. */
  readonly patience: number;
  /** How long a server that failed, and a certificate nobody answered for, is left alone. */
  readonly failureRest: number;
}

export const defaultTimes: InquiryTimes = { serverDeadline: 6_000, patience: 4_000, failureRest: 30_000 };

export type Inquire = (certificate: Certificate, issuer: Certificate) => Promise<Standing>;

interface Learnt {
  readonly standing: Standing;
  /** Epoch milliseconds until which it holds; an hour at most is kept. */
  readonly until: number;
}

/** Never throws for what others do wrong: then the standing is unknown. */
export function inquiry({ send, now, times, note, learnt = () => undefined }: InquiryNeeds): Inquire {
  const standings = new BoundedCache<Standing>(mostStandings);
  const failures = new BoundedCache<string>(mostFailures);
  const inFlight = new Map<string, Promise<Standing>>();
  const client = { send, now, deadlineMs: times.serverDeadline };
  const lists = crlClient(client);

  /** What a server says; its failure as a text. A server that failed a moment ago is not asked again. */
  async function attempt(url: string, ask: () => Promise<Learnt | string>): Promise<Learnt | string> {
    const failure = failures.get(url, now());
    if (failure !== undefined) return failure;
    try {
      return await ask();
    } catch (error) {
      if (!isFailure(error)) throw error;
      note('a server for the revocation of certificates failed', { url, why: error.message });
      if (error instanceof OutgoingError) failures.set(url, error.message, now() + times.failureRest);
      return error.message;
    }
  }

  async function learn(certificate: Certificate, issuer: Certificate): Promise<Learnt> {
    const reasons: string[] = [];
    const sources = [
      ...certificate.ocspUrls.slice(0, mostUrls).map((url) => ({
        url,
        title: 'OCSP responder',
        ask: () =>
          traced('revocation ocsp', {}, async () => {
            return fromResponder(await askResponder(url, certificate, issuer, client), now());
          }),
      })),
      ...certificate.crlUrls.slice(0, mostUrls).map((url) => ({
        url,
        title: 'revocation list',
        ask: () => traced('revocation list', {}, () => fromList(url, certificate, issuer)),
      })),
    ];
    for (const { url, title, ask } of sources) {
      const found = await attempt(url, ask);
      if (typeof found !== 'string') return found;
      reasons.push(`${title}: ${found}`);
    }
    return { standing: { standing: 'unknown', why: reasons.join('; ') }, until: now() + times.failureRest };
  }

  async function fromList(url: string, certificate: Certificate, issuer: Certificate): Promise<Learnt | string> {
    const list = await lists.listFor(url, issuer);
    const isCa = certificate.basicConstraints?.ca === true;
    if (list.scope !== 'all' && (list.scope === 'ca') !== isCa) return 'it is not about certificates of this kind';
    const revoked = list.revocationOf(certificate.serialHex);
    const standing: Standing = revoked === undefined ? { standing: 'good' } : { standing: 'revoked', ...revoked };
    return { standing, until: list.nextUpdate ?? now() + HOUR_MS };
  }

  async function inquire(certificate: Certificate, issuer: Certificate): Promise<Standing> {
    const { standing, until } = await learn(certificate, issuer);
    learnt(standing.standing);
    standings.set(keyOf(certificate, issuer), standing, Math.min(until, now() + HOUR_MS));
    return standing;
  }

  return async (certificate, issuer) => {
    if (certificate.ocspUrls.length === 0 && certificate.crlUrls.length === 0) return { standing: 'nobody-to-ask' };
    const key = keyOf(certificate, issuer);
    const known = standings.get(key, now());
    if (known !== undefined) return known;
    let running = inFlight.get(key);
    if (running === undefined) {
      if (inFlight.size >= mostInFlight) return { standing: 'unknown', why: 'too many inquiries are under way' };
      running = inquire(certificate, issuer).finally(() => inFlight.delete(key));
      inFlight.set(key, running);
    }
    return await patiently(running, times.patience);
  };
}

function keyOf(certificate: Certificate, issuer: Certificate): string {
  return `${certificate.fingerprint} ${issuer.fingerprint}`;
}

function fromResponder({ status, nextUpdate }: OcspSingleResponse, now: number): Learnt | string {
  if (status === 'unknown') return 'it does not know the certificate';
  const standing: Standing = status === 'good' ? { standing: 'good' } : { standing: 'revoked', ...status };
  return { standing, until: nextUpdate ?? now + HOUR_MS };
}

function isFailure(error: unknown): error is Error {
  return error instanceof OutgoingError || error instanceof StatusError || error instanceof CertificateError;
}

async function patiently(running: Promise<Standing>, patience: number): Promise<Standing> {
  let timer: NodeJS.Timeout | undefined;
  const tired = new Promise<Standing>((resolve) => {
    timer = setTimeout(() => resolve({ standing: 'unknown', why: 'there was no answer in time' }), patience);
  });
  try {
    return await Promise.race([running, tired]);
  } finally {
    clearTimeout(timer);
  }
}
