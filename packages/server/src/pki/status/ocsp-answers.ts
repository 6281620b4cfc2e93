/**
 * The OCSP responder (RFC 6960, RFC 5019). What costs is the signature, so answers to requests without nonce are kept;
 * what must not be old is the status, so the database is asked each time, by one indexed look at the serial numbers.
 */
import { hash } from 'node:crypto';
import {
  type OcspRequest,
  type OcspSingleResponse,
  readOcspRequest,
  StatusError,
  writeOcspErrorResponse,
  writeOcspResponse,
} from '@plugpool/iso15118/pki';
import type { Clock } from '../../kernel/clock.ts';
import type { Store } from '../../store/store.ts';
import type { Authority } from '../authorities.ts';
import { reasonOf } from '../revocation.ts';
import { answerCache } from './answer-cache.ts';
import { issuerIndexes } from './issuer-index.ts';
import type { OcspResponders } from './ocsp-responders.ts';
import { type Found, type Subject, serialLookup } from './serial-lookup.ts';
import type { SerialStatusRow } from './status-queries.ts';

/** DER of an OCSPResponse, to be sent with HTTP status 200 whatever it says. */
export interface OcspAnswer {
  readonly der: Uint8Array;
  /** For caches on the way (RFC 5019 §6.2); absent where the answer is for this asker or this moment only. */
  readonly freshness?: Freshness;
}

export interface Freshness {
  /** Epoch milliseconds, whole seconds. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** Differs when the answer does. */
  readonly tag: string;
}

export interface OcspAnswers {
  /** Never throws for what stands in the request. */
  to(request: Uint8Array): Promise<OcspAnswer>;
}

export interface OcspAnswerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly authorities: () => Promise<readonly Authority[]>;
  readonly responders: OcspResponders;
  /** Hears of each answer. */
  readonly answered?: ((how: OcspAnswered) => void) | undefined;
}

/** `kept`: signed before, and still true. */
export type OcspAnswered = 'kept' | 'signed' | 'malformed' | 'unauthorized';

interface Prepared {
  readonly subjects: readonly Subject[];
  /** What the database said when the answer was signed. */
  readonly seen: string;
  readonly answer: OcspAnswer & { readonly freshness: Freshness };
}

const MINUTE_MS = 60_000;
const LIFETIME_MS = 60 * MINUTE_MS;
/** Half of the life, so that nobody is handed an answer shortly before its end. */
const REUSED_FOR_MS = 30 * MINUTE_MS;
const MOST_PREPARED = 10_000;

export function ocspAnswers(parts: OcspAnswerParts): OcspAnswers {
  const { store, clock, authorities, responders, answered = () => undefined } = parts;
  const prepared = answerCache<Prepared>(MOST_PREPARED);
  const indexOver = issuerIndexes();
  const look = serialLookup(store);

  async function stillTrue(der: Uint8Array): Promise<OcspAnswer | undefined> {
    const known = prepared.get(der);
    if (known === undefined) return undefined;
    const age = clock.now() - known.answer.freshness.thisUpdate;
    if (age < 0 || age >= REUSED_FOR_MS) return undefined;
    const found = await look(known.subjects);
    return seenOf(known.subjects, found) === known.seen ? known.answer : undefined;
  }

  return {
    async to(der) {
      const known = await stillTrue(der);
      if (known !== undefined) {
        answered('kept');
        return known;
      }
      const request = readRequest(der);
      if (request === undefined) {
        answered('malformed');
        return { der: writeOcspErrorResponse('malformedRequest') };
      }
      const all = await authorities();
      const index = indexOver(all);
      const issuers = request.certIds.map((certId) => index.issuersOf(certId));
      const subjects = request.certIds.map(({ serialHex }, position) => ({
        serialHex,
        issuers: issuers[position]?.map(({ name }) => name) ?? [],
      }));
      const found = await look(subjects);
      // That nobody here issued a certificate any of our responders can say.
      const responder = await firstOf(responders, [...issuers.flat(), ...all]);
      if (responder === undefined) {
        answered('unauthorized');
        return { der: writeOcspErrorResponse('unauthorized') };
      }

      const now = clock.now();
      const thisUpdate = wholeSeconds(now);
      const nextUpdate = thisUpdate + LIFETIME_MS;
      const signed = await writeOcspResponse(
        {
          responder: { by: 'key', certificate: responder.certificate },
          producedAt: now,
          responses: request.certIds.map((certId, position): OcspSingleResponse => {
            const subject = subjects[position];
            return { certId, status: statusOf(subject && found(subject)), thisUpdate, nextUpdate };
          }),
          nonce: request.nonce,
          certificates: [responder.certificate],
        },
        responder.signer,
      );
      answered('signed');
      if (request.nonce !== undefined) return { der: signed };
      const answer = { der: signed, freshness: { thisUpdate, nextUpdate, tag: hash('sha1', signed, 'hex') } };
      // Whoever invents serial numbers shall not push out the answers that are asked for.
      if (subjects.every((subject) => found(subject) !== undefined)) {
        prepared.set(der, { subjects, seen: seenOf(subjects, found), answer });
      }
      return answer;
    },
  };
}

/** What is no request; the asker learns that and no more (RFC 6960 §2.3). */
function readRequest(der: Uint8Array): OcspRequest | undefined {
  try {
    return readOcspRequest(der);
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

async function firstOf(responders: OcspResponders, authorities: readonly Authority[]) {
  for (const authority of authorities) {
    const responder = await responders.of(authority);
    if (responder !== undefined) return responder;
  }
  return undefined;
}

/** Changes when the status of any of them does. */
function seenOf(subjects: readonly Subject[], found: Found): string {
  return subjects.map((subject) => found(subject)?.revoked_at ?? 'not revoked').join();
}

function statusOf(row: SerialStatusRow | undefined): OcspSingleResponse['status'] {
  if (row === undefined) return 'unknown';
  return row.revoked_at === null ? 'good' : { revokedAt: row.revoked_at, reason: reasonOf(row) };
}

function wholeSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000;
}
