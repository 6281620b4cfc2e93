/** Octets of a request's body where nothing is configured; alone in a file, because commands that serve nothing read it. */
export const DEFAULT_BODY_LIMIT = 256 * 1024;
