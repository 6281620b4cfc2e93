/** A token does not do what is asked of it; the message says which and why, and never holds the PIN. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}
