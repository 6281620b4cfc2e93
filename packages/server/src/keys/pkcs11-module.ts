/**
 * The part of the optional package `pkcs11js` that is used here, stated as types of our own: where the package could not
 * be built, everything but keys in tokens works.
 */
import { createRequire } from 'node:module';
import { TokenError } from '../kernel/token-error.ts';

export type Handle = Buffer;

export interface Attribute {
  readonly type: number;
  readonly value?: Buffer | number | boolean | string;
}

/** PKCS #11 v2.40, Cryptoki; names are the standard's. */
export interface Cryptoki {
  load(path: string): void;
  C_Initialize(options: { readonly flags: number }): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { readonly label: string };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_Login(session: Handle, userType: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: readonly Attribute[]): void;
  C_FindObjects(session: Handle, most: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: readonly Attribute[]): { readonly value: Buffer }[];
  C_GenerateKeyPairAsync(
    session: Handle,
    mechanism: Mechanism,
    publicTemplate: readonly Attribute[],
    privateTemplate: readonly Attribute[],
  ): Promise<{ readonly publicKey: Handle; readonly privateKey: Handle }>;
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_SignAsync(session: Handle, data: Buffer, signature: Buffer): Promise<Buffer>;
}

interface Mechanism {
  readonly mechanism: number;
  readonly parameter: null;
}

/** Values of PKCS #11 v2.40, `pkcs11t.h`. */
export const ck = {
  CKF_OS_LOCKING_OK: 0x2,
  CKF_RW_SESSION: 0x2,
  CKF_SERIAL_SESSION: 0x4,
  CKU_USER: 1,
  CKM_EC_KEY_PAIR_GEN: 0x1040,
  CKM_ECDSA: 0x1041,
  CKO_PRIVATE_KEY: 3,
  CKA_CLASS: 0x0,
  CKA_TOKEN: 0x1,
  CKA_PRIVATE: 0x2,
  CKA_LABEL: 0x3,
  CKA_ID: 0x102,
  CKA_SENSITIVE: 0x103,
  CKA_SIGN: 0x108,
  CKA_VERIFY: 0x10a,
  CKA_EXTRACTABLE: 0x162,
  CKA_EC_PARAMS: 0x180,
  CKA_EC_POINT: 0x181,
  CKR_DEVICE_ERROR: 0x30,
  CKR_DEVICE_REMOVED: 0x32,
  CKR_KEY_HANDLE_INVALID: 0x60,
  CKR_OBJECT_HANDLE_INVALID: 0x82,
  CKR_PIN_INCORRECT: 0xa0,
  CKR_SESSION_CLOSED: 0xb0,
  CKR_SESSION_HANDLE_INVALID: 0xb3,
  CKR_TOKEN_NOT_PRESENT: 0xe0,
  CKR_USER_ALREADY_LOGGED_IN: 0x100,
  CKR_USER_NOT_LOGGED_IN: 0x101,
  CKR_CRYPTOKI_NOT_INITIALIZED: 0x190,
  CKR_CRYPTOKI_ALREADY_INITIALIZED: 0x191,
} as const;

/** @throws TokenError when the package is not there, or the library cannot be loaded */
export function loadCryptoki(libraryPath: string): Cryptoki {
  const cryptoki = newCryptoki();
  try {
    cryptoki.load(libraryPath);
  } catch (cause) {
    throw new TokenError(`the PKCS#11 library ${libraryPath} cannot be loaded`, { cause });
  }
  try {
    cryptoki.C_Initialize({ flags: ck.CKF_OS_LOCKING_OK });
  } catch (cause) {
    // One library serves the whole process: whoever came first has done it.
    if (codeOf(cause) !== ck.CKR_CRYPTOKI_ALREADY_INITIALIZED) {
      throw new TokenError(`the PKCS#11 library ${libraryPath} does not start: ${reasonOf(cause)}`, { cause });
    }
  }
  return cryptoki;
}

function newCryptoki(): Cryptoki {
  try {
    const { PKCS11 } = createRequire(import.meta.url)('pkcs11js') as { PKCS11: new () => Cryptoki };
    return new PKCS11();
  } catch (cause) {
    throw new TokenError(
      'keys in a PKCS#11 token need the optional package pkcs11js, which is not built here: run npm rebuild pkcs11js',
      { cause },
    );
  }
}

/** The return value of the library, `CKR_…`. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

/** Its name, which says nothing of what was passed. */
export function reasonOf(error: unknown): string {
  return /CKR_[A-Z0-9_]+/.exec(error instanceof Error ? error.message : '')?.[0] ?? 'it gives no reason';
}
