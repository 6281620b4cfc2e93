/** What goes between the server and the process that has a token's library loaded. */
import type { TokenSettings } from './key-locations.ts';

export type TokenCall =
  /** Loads the library and logs in; the first call, made once. */
  | { readonly name: 'open'; readonly settings: TokenSettings; readonly sessions: number }
  /** Answered with r‖s of the digest, so many octets. */
  | {
      readonly name: 'sign';
      readonly reference: string;
      readonly digest: Uint8Array;
      readonly signatureSize: number;
    }
  /** Answered with CKA_EC_POINT of the new key; `ecParams` is the DER of the curve's OID. */
  | { readonly name: 'generate'; readonly reference: string; readonly label: string; readonly ecParams: Uint8Array }
  | { readonly name: 'find'; readonly reference: string }
  /** Signs with a key that lives as long as the sessions do. */
  | { readonly name: 'check'; readonly ecParams: Uint8Array };

export interface Asked {
  readonly id: number;
  readonly call: TokenCall;
}

export interface TokenFailure {
  /**
   * When the failure is understood, words of our own: of a call they follow the name of the token, of opening they stand
   * alone. Otherwise why there is no answer, often a name of the standard's, `CKR_…`.
   */
  readonly reason: string;
  readonly understood: boolean;
  /** With new sessions it may work. */
  readonly sessionLost: boolean;
}

export type Answered =
  | { readonly id: number; readonly octets: Uint8Array }
  | { readonly id: number; readonly failure: TokenFailure };

/** The PIN is wrong: tokens lock themselves when it is tried too often. */
export const WRONG_PIN = 'the PIN is wrong';
