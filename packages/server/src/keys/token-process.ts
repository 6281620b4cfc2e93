/**
 * The program that has a token's library loaded, in a process of its own: a library that waits for its hardware stops no
 * request that needs no key, one that never returns can be ended, and one that breaks takes nothing with it.
 */
import { TokenError } from '../kernel/token-error.ts';
import type { TokenSettings } from './key-locations.ts';
import { type Cryptoki, ck, codeOf, type Handle, loadCryptoki, reasonOf } from './pkcs11-module.ts';
import { type Answered, type Asked, type TokenCall, type TokenFailure, WRONG_PIN } from './token-messages.ts';

interface Connection {
  readonly cryptoki: Cryptoki;
  readonly idle: Handle[];
  readonly keys: Map<string, Handle>;
  /** Undefined until it is needed; null when the token makes no keys for one session. */
  ownKey?: Handle | null;
}

const NOTHING = new Uint8Array(0);
let connection: Connection | undefined;

process.on('message', (asked: Asked) => void answer(asked));
// The terminal and the service manager mean the server, which needs signatures until its last request is answered.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => {
  // A thread that waits in the library would keep an ordinary exit waiting as well.
  process.kill(process.pid, 'SIGKILL');
});

async function answer({ id, call }: Asked): Promise<void> {
  process.send?.(await answered(id, call));
}

async function answered(id: number, call: TokenCall): Promise<Answered> {
  try {
    return { id, octets: await octetsOf(call) };
  } catch (error) {
    return { id, failure: failureOf(error) };
  }
}

async function octetsOf(call: TokenCall): Promise<Uint8Array> {
  if (call.name === 'open') {
    connection = connect(call.settings, call.sessions);
    return NOTHING;
  }
  const at = connection;
  const session = at?.idle.pop();
  if (at === undefined || session === undefined) throw new Error('no more calls are made than there are sessions');
  try {
    return await within(at, session, call);
  } finally {
    at.idle.push(session);
  }
}

async function within(
  at: Connection,
  session: Handle,
  call: Exclude<TokenCall, { name: 'open' }>,
): Promise<Uint8Array> {
  switch (call.name) {
    case 'sign':
      return await sign(at, session, keyOf(at, session, call.reference), call);
    case 'find':
      keyOf(at, session, call.reference);
      return NOTHING;
    case 'generate': {
      const id = Buffer.from(call.reference, 'hex');
      const { publicKey } = await at.cryptoki.C_GenerateKeyPairAsync(
        session,
        { mechanism: ck.CKM_EC_KEY_PAIR_GEN, parameter: null },
        publicTemplate(call.ecParams, id, call.label),
        privateTemplate(id, call.label),
      );
      const [point] = at.cryptoki.C_GetAttributeValue(session, publicKey, [{ type: ck.CKA_EC_POINT }]);
      return point?.value ?? NOTHING;
    }
    case 'check': {
      at.ownKey ??= await sessionKey(at, session, call.ecParams);
      if (at.ownKey === null) find(at.cryptoki, session, '00');
      else await sign(at, session, at.ownKey, { digest: new Uint8Array(32), signatureSize: 64 });
      return NOTHING;
    }
  }
}

async function sign(
  { cryptoki }: Connection,
  session: Handle,
  key: Handle,
  { digest, signatureSize }: { readonly digest: Uint8Array; readonly signatureSize: number },
): Promise<Uint8Array> {
  cryptoki.C_SignInit(session, { mechanism: ck.CKM_ECDSA, parameter: null }, key);
  return await cryptoki.C_SignAsync(session, Buffer.from(digest), Buffer.alloc(signatureSize));
}

/** Null where the token makes none; whether it is there at all is seen by looking for a key then. */
async function sessionKey({ cryptoki }: Connection, session: Handle, ecParams: Uint8Array): Promise<Handle | null> {
  try {
    const { privateKey } = await cryptoki.C_GenerateKeyPairAsync(
      session,
      { mechanism: ck.CKM_EC_KEY_PAIR_GEN, parameter: null },
      [
        { type: ck.CKA_TOKEN, value: false },
        { type: ck.CKA_EC_PARAMS, value: Buffer.from(ecParams) },
      ],
      [
        { type: ck.CKA_TOKEN, value: false },
        { type: ck.CKA_PRIVATE, value: true },
        { type: ck.CKA_SIGN, value: true },
      ],
    );
    return privateKey;
  } catch (error) {
    if (codeOf(error) === undefined || sessionLost(error)) throw error;
    return null;
  }
}

function connect({ module, token: label, pin }: TokenSettings, count: number): Connection {
  const cryptoki = loadCryptoki(module);
  const slot = cryptoki.C_GetSlotList(true).find((each) => cryptoki.C_GetTokenInfo(each).label.trim() === label);
  if (slot === undefined) throw new TokenError(`${module} has no token "${label}"`);
  const flags = ck.CKF_SERIAL_SESSION | ck.CKF_RW_SESSION;
  const idle = Array.from({ length: count }, () => cryptoki.C_OpenSession(slot, flags));
  // For all sessions of the process.
  for (const session of idle.slice(0, 1)) logIn(cryptoki, session, pin);
  return { cryptoki, idle, keys: new Map() };
}

function logIn(cryptoki: Cryptoki, session: Handle, pin: string): void {
  try {
    cryptoki.C_Login(session, ck.CKU_USER, pin);
  } catch (cause) {
    if (codeOf(cause) === ck.CKR_USER_ALREADY_LOGGED_IN) return;
    if (codeOf(cause) === ck.CKR_PIN_INCORRECT) throw new TokenError(WRONG_PIN);
    throw cause;
  }
}

function keyOf(at: Connection, session: Handle, reference: string): Handle {
  const known = at.keys.get(reference) ?? find(at.cryptoki, session, reference);
  if (known === undefined) throw new TokenError(`has no private key ${reference}`);
  at.keys.set(reference, known);
  return known;
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

function publicTemplate(ecParams: Uint8Array, id: Buffer, label: string) {
  return [
    { type: ck.CKA_TOKEN, value: true },
    { type: ck.CKA_ID, value: id },
    { type: ck.CKA_LABEL, value: label },
    { type: ck.CKA_VERIFY, value: true },
    { type: ck.CKA_EC_PARAMS, value: Buffer.from(ecParams) },
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

function failureOf(error: unknown): TokenFailure {
  if (error instanceof TokenError) return { reason: error.message, understood: true, sessionLost: false };
  return { reason: reasonOf(error), understood: false, sessionLost: sessionLost(error) };
}

const lost: ReadonlySet<number> = new Set([
  ck.CKR_DEVICE_ERROR,
  ck.CKR_DEVICE_REMOVED,
  ck.CKR_KEY_HANDLE_INVALID,
  ck.CKR_OBJECT_HANDLE_INVALID,
  ck.CKR_SESSION_CLOSED,
  ck.CKR_SESSION_HANDLE_INVALID,
  ck.CKR_TOKEN_NOT_PRESENT,
  ck.CKR_USER_NOT_LOGGED_IN,
  ck.CKR_CRYPTOKI_NOT_INITIALIZED,
]);

function sessionLost(error: unknown): boolean {
  return lost.has(codeOf(error) ?? -1);
}
