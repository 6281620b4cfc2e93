import type { RefusalKind } from './refusal.ts';

/**
 * - `unreachable`: nobody answered (connection refused, name unknown, connection lost)
 * - `timeout`: no whole answer within the time allowed
 * - `aborted`: the caller's own signal ended the call
 * - `refused`: an answer with another status than 2xx; `refusal` says why as far as it can be told
 * - `bad-answer`: a 2xx answer that is not what the interface promises
 * - `not-in-dialect`: the dialect that the client speaks has no such operation; nothing was sent
 */
export type CallErrorKind = 'unreachable' | 'timeout' | 'aborted' | 'refused' | 'bad-answer' | 'not-in-dialect';

export interface CallErrorDetails {
  readonly status?: number;
  readonly refusal?: RefusalKind;
  /** What the server says is wrong; empty when it said nothing in the form of the references. */
  readonly errorMessages?: readonly string[];
  /** Under which the server's log has the call. */
  readonly traceId?: string | undefined;
  readonly retryAfterMilliseconds?: number | undefined;
  readonly body?: Uint8Array;
  readonly cause?: unknown;
}

/** A call that did not give what it was made for. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly kind: CallErrorKind;
  /** Such as `PUT /opnc/v1/pcp/provisioningcertificates`. */
  readonly call: string;
  readonly status: number | undefined;
  /** Only there when the call was refused. */
  readonly refusal: RefusalKind | undefined;
  readonly errorMessages: readonly string[];
  readonly traceId: string | undefined;
  /** The server's wish, where it has one (`Retry-After`). */
  readonly retryAfterMilliseconds: number | undefined;
  /** The body of a refusal as it came. */
  readonly body: Uint8Array | undefined;

  constructor(kind: CallErrorKind, call: string, why: string, details: CallErrorDetails = {}) {
    super(`${call}: ${why}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.call = call;
    this.status = details.status;
    this.refusal = details.refusal;
    this.errorMessages = details.errorMessages ?? [];
    this.traceId = details.traceId;
    this.retryAfterMilliseconds = details.retryAfterMilliseconds;
    this.body = details.body;
  }
}
