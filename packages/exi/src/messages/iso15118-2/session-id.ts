/**
 * The SessionID of a V2G_Message of ISO 15118-2 stands in front of everything that varies: 18 bits are the EXI header, the
 * code of the root element, and those of Header and SessionID; then come its length in one octet, and its octets. A
 * session id of another length moves what follows by whole octets, so the message need not be read to be given another one.
 */
import { ExiError } from '../../errors.ts';

/** Header without options, V2G_Message, and two bits of the third octet. */
const BEGINNING = [0x80, 0x98, 0x00] as const;
const BITS_BEFORE = 2;
const SHIFT = 8 - BITS_BEFORE;
const LONGEST = 8;

/**
 * The same message with another session id, as `decode` and `encode` would give it.
 * @param message a V2G_Message as `encode` wrote it
 * @param sessionId up to eight octets
 * @throws ExiError `limit-exceeded` for a longer one, `unknown-event-code` when the message begins in another way
 */
export function withSessionId(message: Uint8Array, sessionId: Uint8Array): Uint8Array {
  if (sessionId.length > LONGEST) {
    throw new ExiError('limit-exceeded', `a session id has at most ${LONGEST} octets, not ${sessionId.length}`);
  }
  const length = lengthIn(message);
  const changed = new Uint8Array(message.length - length + sessionId.length);
  changed.set(message.subarray(0, 2));
  let at = 2;
  let carried = 0;
  for (const octet of [sessionId.length, ...sessionId]) {
    changed[at++] = carried | (octet >> BITS_BEFORE);
    carried = (octet << SHIFT) & 0xff;
  }
  const behind = 3 + length;
  changed[at++] = carried | ((message[behind] ?? 0) & (0xff >> BITS_BEFORE));
  changed.set(message.subarray(behind + 1), at);
  return changed;
}

/** Octets of the session id that is there. */
function lengthIn(message: Uint8Array): number {
  const [first, second, third = 0xff, fourth = 0] = message;
  const isKnown = first === BEGINNING[0] && second === BEGINNING[1] && third >> SHIFT === BEGINNING[2];
  const length = ((third << BITS_BEFORE) & 0xff) | (fourth >> SHIFT);
  if (isKnown && length <= LONGEST && message.length > 3 + length) return length;
  throw new ExiError('unknown-event-code', 'is not a V2G_Message with a session id', { bitOffset: 0 });
}
