/**
 * - `unreachable`: nobody answered (connection refused, name unknown, connection lost)
 * - `timeout`: no whole answer within the time allowed
 * - `aborted`: the caller's own signal ended the call
 * - `refused`: an answer with another status than 2xx
 * - `bad-answer`: a 2xx answer that is not what the interface promises
 */
export type CallErrorKind = 'unreachable' | 'timeout' | 'aborted' | 'refused' | 'bad-answer';

export interface CallErrorDetails {
  readonly status?: number;
  /** What the server says is wrong; empty when it said nothing in the form of the references. */
  readonly errorMessages?: readonly string[];
  /** Under which the server's log has the call. */
  readonly traceId?: string | undefined;
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
  readonly errorMessages: readonly string[];
  readonly traceId: string | undefined;
  /** The body of a refusal as it came. */
  readonly body: Uint8Array | undefined;

  constructor(kind: CallErrorKind, call: string, why: string, details: CallErrorDetails = {}) {
    super(`${call}: ${why}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.call = call;
    this.status = details.status;
    this.errorMessages = details.errorMessages ?? [];
    this.traceId = details.traceId;
    this.body = details.body;
  }
}
