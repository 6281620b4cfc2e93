/** Fetches revocation lists, and keeps those that were read. */
import { type Certificate, type Crl, defaultCrlLimits, fromPem, readCrl, verifyCrl } from '@plugpool/iso15118/pki';
import { BoundedCache } from '../kernel/bounded-cache.ts';
import { OutgoingError } from '../outgoing/outgoing-error.ts';
import type { SendOutgoing } from '../outgoing/outgoing-http.ts';

const HOUR_MS = 3_600_000;
/** Octets of all lists in memory, as they were on the wire. */
const mostOctets = 32 * 1024 * 1024;
/** An empty list takes memory too. */
const leastWeight = 4096;

export interface CrlClient {
  /**
   * The list at the URL, verified for this issuer at this time.
   * @throws OutgoingError, StatusError
   */
  listFor(url: string, issuer: Certificate): Promise<Crl>;
}

export function crlClient(needs: {
  readonly send: SendOutgoing;
  readonly now: () => number;
  readonly deadlineMs: number;
}): CrlClient {
  const { send, now, deadlineMs } = needs;
  const kept = new BoundedCache<Crl>(mostOctets);
  const inFlight = new Map<string, Promise<Crl>>();

  async function fetched(url: string, key: string, issuer: Certificate): Promise<Crl> {
    const { maxSize } = defaultCrlLimits;
    const response = await send({ method: 'GET', url, maxBytes: maxSize, deadlineMs, maxRedirects: 2 });
    if (response.status !== 200) throw new OutgoingError('unreachable', `it answered with status ${response.status}`);
    const crl = readCrl(derOf(response.body));
    verifyCrl(crl, issuer, now());
    const until = Math.min(crl.nextUpdate ?? Number.POSITIVE_INFINITY, now() + HOUR_MS);
    kept.set(key, crl, until, Math.max(response.body.length, leastWeight));
    return crl;
  }

  return {
    async listFor(url, issuer) {
      const key = `${issuer.fingerprint} ${url}`;
      const known = kept.get(key, now());
      if (known !== undefined) return known;
      let running = inFlight.get(key);
      if (running === undefined) {
        running = fetched(url, key, issuer).finally(() => inFlight.delete(key));
        inFlight.set(key, running);
      }
      return await running;
    },
  };
}

/** RFC 5280 §4.2.1.13 wants DER; some distribution points serve PEM. */
function derOf(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body.subarray(0, 11)).toString('latin1');
  return text === '-----BEGIN ' && body.length < 131_072
    ? fromPem(Buffer.from(body).toString('latin1'), 'X509 CRL')
    : body;
}
