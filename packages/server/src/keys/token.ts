/**
 * Keys in a PKCS#11 token (an HSM, SoftHSM2): made there, never outside of it. Signing happens in the token on a digest
 * made here, in threads beside the event loop; a token that went away is looked for again at the next use.
 */
import { createHash, randomBytes } from 'node:crypto';
import { algorithms, type CurveName, DerReader, der, type Signer, spkiOf } from '@plugpool/iso15118';
import type { TokenSettings } from './key-locations.ts';
import { type Cryptoki, ck, codeOf, type Handle, loadCryptoki, reasonOf } from './pkcs11-module.ts';
import { TokenError } from './token-error.ts';

export interface TokenKey {
  /** By which the token knows the key: CKA_ID in hexadecimal. */
  readonly reference: string;
  readonly spki: Uint8Array;
  readonly signer: Signer;
}

export interface Token {
  /** @throws TokenError, also for Ed448 */
  generate(curve: CurveName, label: string): Promise<TokenKey>;
  /** @throws TokenError when the token is not there or has no such key */
  signer(reference: string, curve: CurveName, publicKey: Signer['publicKey']): Promise<Signer>;
  /** @throws TokenError when the token does not answer */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Calls into the library wait in threads of the process, and those are few. */
const SESSIONS = 4;
const PATIENCE_MS = 10_000;

interface Connection {
  readonly cryptoki: Cryptoki;
  readonly sessions: Handle[];
  readonly idle: Handle[];
  readonly waiting: ((session: Handle) => void)[];
  readonly keys: Map<string, Handle>;
}

/** Connects on first use. */
export function token(settings: TokenSettings): Token {
  let connection: Connection | undefined;

  function connected(): Connection {
    connection ??= connect(settings);
    return connection;
  }

  /** One call at a time in each session; whatever fails gets new sessions next time. */
  async function within<T>(what: string, work: (at: Connection, session: Handle) => Promise<T>): Promise<T> {
    const at = connected();
    try {
      return await inTime(inSession(at, work), settings.token);
    } catch (cause) {
      if (cause instanceof TokenError) throw cause;
      discard(at);
      throw new TokenError(`the token "${settings.token}" cannot ${what}: ${reasonOf(cause)}`, { cause });
    }
  }

  function discard(at: Connection): void {
    if (connection !== at) return;
    connection = undefined;
    closeSessions(at);
  }

  function signerOf(reference: string, curve: CurveName, publicKey: Signer['publicKey']): Signer {
    const { signatureHash, signatureSize } = algorithms[curve];
    return {
      curve,
      publicKey,
      async sign(data) {
        // CKM_ECDSA takes the digest and gives r‖s, so the token sees 32 or 64 octets whatever is signed.
        const digest = createHash(signatureHash ?? 'sha512')
          .update(data)
          .digest();
        const signature = await within('sign', async (at, session) => {
          at.cryptoki.C_SignInit(session, { mechanism: ck.CKM_ECDSA, parameter: null }, keyOf(at, session, reference));
          return await at.cryptoki.C_SignAsync(session, digest, Buffer.alloc(signatureSize));
        });
        return Uint8Array.from(signature);
      },
    };
  }

  function keyOf(at: Connection, session: Handle, reference: string): Handle {
    const known = at.keys.get(reference) ?? find(at.cryptoki, session, reference);
    if (known === undefined) throw new TokenError(`the token "${settings.token}" has no private key ${reference}`);
    at.keys.set(reference, known);
    return known;
  }

  return {
    async generate(curve, label) {
      const { curveOid } = algorithms[curve];
      if (curveOid === undefined) {
        throw new TokenError(
          `Ed448 keys are not kept in tokens: put ${label}=database before the rule that says pkcs11`,
        );
      }
      const id = randomBytes(16);
      const spki = await within('make a key', async (at, session) => {
        const { publicKey } = await at.cryptoki.C_GenerateKeyPairAsync(
          session,
          { mechanism: ck.CKM_EC_KEY_PAIR_GEN, parameter: null },
          publicTemplate(curveOid, id, label),
          privateTemplate(id, label),
        );
        const [point] = at.cryptoki.C_GetAttributeValue(session, publicKey, [{ type: ck.CKA_EC_POINT }]);
        return spkiOf(curve, pointIn(point?.value ?? Buffer.alloc(0), curve));
      });
      const reference = id.toString('hex');
      const point = spki.subarray(spki.length - algorithms[curve].pointSize);
      return { reference, spki, signer: signerOf(reference, curve, { point, spki }) };
    },
    async signer(reference, curve, publicKey) {
      await within('find a key', async (at, session) => keyOf(at, session, reference));
      return signerOf(reference, curve, publicKey);
    },
    async check() {
      await within('answer', async ({ cryptoki }, session) => find(cryptoki, session, '00'));
    },
    async close() {
      if (connection !== undefined) discard(connection);
    },
  };
}

/** Goes on when nobody waits for it any more: a session is given back when the token has answered, and not before. */
async function inSession<T>(at: Connection, work: (at: Connection, session: Handle) => Promise<T>): Promise<T> {
  const session = at.idle.pop() ?? (await new Promise<Handle>((resolve) => at.waiting.push(resolve)));
  try {
    return await work(at, session);
  } finally {
    const next = at.waiting.shift();
    if (next === undefined) at.idle.push(session);
    else next(session);
  }
}

function connect({ module, token: label, pin }: TokenSettings): Connection {
  const cryptoki = loadCryptoki(module);
  try {
    const slot = cryptoki.C_GetSlotList(true).find((each) => cryptoki.C_GetTokenInfo(each).label.trim() === label);
    if (slot === undefined) throw new TokenError(`${module} has no token "${label}"`);
    const flags = ck.CKF_SERIAL_SESSION | ck.CKF_RW_SESSION;
    const sessions = Array.from({ length: SESSIONS }, () => cryptoki.C_OpenSession(slot, flags));
    const connection = { cryptoki, sessions, idle: [...sessions], waiting: [], keys: new Map() };
    logIn(connection, pin, label);
    return connection;
  } catch (cause) {
    if (cause instanceof TokenError) throw cause;
    throw new TokenError(`the token "${label}" cannot be opened: ${reasonOf(cause)}`, { cause });
  }
}

function closeSessions({ cryptoki, sessions }: Connection): void {
  for (const session of sessions) {
    try {
      cryptoki.C_CloseSession(session);
    } catch (error) {
      // What the token has closed itself is as closed as it can be.
      if (codeOf(error) === undefined) throw error;
    }
  }
}

/** For all sessions of the process. */
function logIn(connection: Connection, pin: string, label: string): void {
  const { cryptoki, sessions } = connection;
  try {
    for (const session of sessions.slice(0, 1)) cryptoki.C_Login(session, ck.CKU_USER, pin);
  } catch (cause) {
    if (codeOf(cause) === ck.CKR_USER_ALREADY_LOGGED_IN) return;
    closeSessions(connection);
    if (codeOf(cause) === ck.CKR_PIN_INCORRECT) throw new TokenError(`the PIN of the token "${label}" is wrong`);
    throw cause;
  }
}

function find(cryptoki: Cryptoki, session: Handle, reference: string): Handle | undefined {
  cryptoki.C_FindObjectsInit(session, [
    { type: ck.CKA_CLASS, value: ck.CKO_PRIVATE_KEY },
    { type: ck.CKA_ID, value: Buffer.from(reference, 'hex') },
  ]);
  try {
    return cryptoki.C_FindObjects(session, 1)[0];
  } finally {
    cryptoki.C_FindObjectsFinal(session);
  }
}

function publicTemplate(curveOid: string, id: Buffer, label: string) {
  return [
    { type: ck.CKA_TOKEN, value: true },
    { type: ck.CKA_ID, value: id },
    { type: ck.CKA_LABEL, value: label },
    { type: ck.CKA_VERIFY, value: true },
    { type: ck.CKA_EC_PARAMS, value: Buffer.from(der.encodeDer(der.oid(curveOid))) },
  ];
}

function privateTemplate(id: Buffer, label: string) {
  return [
    { type: ck.CKA_TOKEN, value: true },
    { type: ck.CKA_PRIVATE, value: true },
    { type: ck.CKA_SENSITIVE, value: true },
    { type: ck.CKA_EXTRACTABLE, value: false },
    { type: ck.CKA_SIGN, value: true },
    { type: ck.CKA_ID, value: id },
    { type: ck.CKA_LABEL, value: label },
  ];
}

/** An OCTET STRING around the point by the standard; some tokens give the point itself. */
function pointIn(value: Buffer, curve: CurveName): Uint8Array {
  if (value.length === algorithms[curve].pointSize) return Uint8Array.from(value);
  return Uint8Array.from(new DerReader(value).readOctetString('CKA_EC_POINT'));
}

async function inTime<T>(work: Promise<T>, label: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const text = `the token "${label}" did not answer within ${PATIENCE_MS / 1000} seconds`;
    timer = setTimeout(() => reject(new TokenError(text)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
