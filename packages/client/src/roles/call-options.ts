import type { CurveName } from '@plugpool/iso15118';

/** What every operation takes beside its own input. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Of operations that change something. */
export interface ChangeOptions extends CallOptions {
  /** The caller knows that making this change twice does no harm: then the call is repeated as reading calls are. */
  readonly repeatable?: boolean;
}

/** What enrolling takes beside the request. */
export interface EnrolOptions extends CallOptions {
  /** ISO 15118-20 has CAs of two algorithms; without it, what fits the edition best. */
  readonly algorithm?: CurveName;
}
