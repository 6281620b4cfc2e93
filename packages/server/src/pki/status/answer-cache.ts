/** Signed answers in memory, bounded: the one that was not asked for longest goes first. */

export interface AnswerCache<T> {
  get(request: Uint8Array): T | undefined;
  set(request: Uint8Array, answer: T): void;
  readonly size: number;
}

/** A request for one certificate, without nonce, has 66 to 110 octets (RFC 5019 §2.1.1). */
const LONGEST_REQUEST = 160;

/** Keeps at most `most` answers, and only those to requests for a certificate or two. */
export function answerCache<T>(most: number): AnswerCache<T> {
  const answers = new Map<string, T>();
  return {
    get(request) {
      if (request.length > LONGEST_REQUEST) return undefined;
      const key = keyOf(request);
      const answer = answers.get(key);
      if (answer === undefined) return undefined;
      answers.delete(key);
      answers.set(key, answer);
      return answer;
    },
    set(request, answer) {
      if (request.length > LONGEST_REQUEST) return;
      const key = keyOf(request);
      answers.delete(key);
      answers.set(key, answer);
      if (answers.size <= most) return;
      for (const oldest of answers.keys()) {
        answers.delete(oldest);
        break;
      }
    },
    get size() {
      return answers.size;
    },
  };
}

/** The octets themselves, one character each: shorter to make than any digest of them. */
function keyOf(request: Uint8Array): string {
  return Buffer.from(request.buffer, request.byteOffset, request.byteLength).toString('latin1');
}
