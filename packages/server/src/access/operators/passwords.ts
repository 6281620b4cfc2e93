/**
 * Passwords of operators: scrypt (RFC 7914), made slow on purpose because people choose them. One is hashed at a time,
 * in Node's thread pool: the pools go on, and a flood of guesses costs one core and 32 MiB, not all of them.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { refuse } from '../../kernel/domain-error.ts';

export interface Passwords {
  /** Throws `password-refused`, `too-many-requests`. */
  hash(password: string): Promise<string>;
  /**
   * Takes the same time where there is no hash to compare with, so that nobody learns which accounts there are.
   * Throws `too-many-requests`.
   */
  fits(password: string, hash: string | null | undefined): Promise<boolean>;
}

const SHORTEST = 12;
const LONGEST = 256;
const FEWEST_CHARACTERS = 5;
/** Those that wait beyond this are sent away: more could only be guesses. */
const MOST_WAITING = 20;

const COST = { N: 2 ** 15, r: 8, p: 3 };
const MOST_MEMORY = 64 * 1024 * 1024;
const SALT_OCTETS = 16;
const HASH_OCTETS = 32;

export function passwords(cost = COST): Passwords {
  let waiting = 0;
  let running: Promise<unknown> = Promise.resolve();
  const nobodys = formatHash(cost, randomBytes(SALT_OCTETS), randomBytes(HASH_OCTETS));

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (waiting >= MOST_WAITING) throw refuse('too-many-requests');
    waiting += 1;
    const turn = running.then(work);
    running = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      waiting -= 1;
    }
  }

  return {
    async hash(password) {
      const normal = checked(password);
      const salt = randomBytes(SALT_OCTETS);
      return formatHash(cost, salt, await inTurn(() => derive(normal, salt, cost)));
    },

    async fits(password, hash) {
      const { salt, octets, ...made } = parseHash(hash ?? nobodys);
      const found = await inTurn(() => derive(password.normalize('NFKC'), salt, made));
      return timingSafeEqual(found, octets) && hash !== null && hash !== undefined;
    },
  };
}

/** Length is what counts (NIST SP 800-63B §5.1.1.2); a few characters over and over are not length. */
function checked(password: string): string {
  const normal = password.normalize('NFKC');
  if (normal.length < SHORTEST || normal.length > LONGEST) {
    throw refuse('password-refused', `must have ${SHORTEST} to ${LONGEST} characters`);
  }
  if (new Set(normal).size < FEWEST_CHARACTERS) {
    throw refuse('password-refused', `must have at least ${FEWEST_CHARACTERS} different characters`);
  }
  return normal;
}

type Cost = Required<Pick<ScryptOptions, 'N' | 'r' | 'p'>>;

function derive(password: string, salt: Uint8Array, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_OCTETS, { ...cost, maxmem: MOST_MEMORY }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** The cost stands in it, so that a later version can ask for more and still read this. */
function formatHash({ N, r, p }: Cost, salt: Uint8Array, octets: Uint8Array): string {
  return ['scrypt', N, r, p, base64(salt), base64(octets)].join('$');
}

function parseHash(text: string): Cost & { readonly salt: Uint8Array; readonly octets: Uint8Array } {
  const [kind, N, r, p, salt = '', octets = ''] = text.split('$');
  if (kind !== 'scrypt') throw new Error(`a password was hashed in a way that this version does not know: ${kind}`);
  return {
    ...{ N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    octets: Buffer.from(octets, 'base64url'),
  };
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64url');
}
