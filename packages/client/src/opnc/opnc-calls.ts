import { type Certificate, type CurveName, type Edition, readCertificate, readCertsOnly } from '@plugpool/iso15118';
import { CallError } from '../http/call-error.ts';
import type { Answer, Call, HttpCaller } from '../http/http-caller.ts';
import { JsonAnswer } from '../http/json-answer.ts';

/** What every operation takes beside its own input. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The branches of the PKI that EST enrols for, as the OPNC calls them; `veh` is of ISO 15118-20 alone. */
export type CaDomain = 'oem' | 'veh' | 'emsp' | 'cpo' | 'cps';

export interface EstTarget {
  readonly caDomain: CaDomain;
  readonly edition: Edition;
  /** ISO 15118-20 has CAs of two algorithms; without it, what fits the edition best. */
  readonly algorithm?: CurveName | undefined;
}

/** What enrolling takes beside the request. */
export interface EnrolOptions extends CallOptions {
  readonly algorithm?: CurveName;
}

/** The forms that the calls of the OPNC have in common. */
export interface OpncCalls {
  /** Paths begin behind `/opnc/v1`. */
  send(call: Call): Promise<Answer>;
  json(call: Call): Promise<JsonAnswer>;
  /** EST simpleenroll (RFC 7030 §4.2): `request` is a PKCS #10 request in DER. */
  enrol(target: EstTarget, request: Uint8Array, options?: CallOptions): Promise<Certificate>;
  /** EST cacerts (RFC 7030 §4.1): the certificates in the order of the answer, sub CA 2 first. */
  caCertificates(target: EstTarget, options?: CallOptions): Promise<Certificate[]>;
}

const prefix = '/opnc/v1';

export function opncCalls(caller: HttpCaller): OpncCalls {
  const send = (call: Call) => caller({ ...call, path: prefix + call.path });
  return {
    send,
    json: async (call) => JsonAnswer.of(nameOf(call), (await send(call)).body),

    async enrol(target, request, { signal } = {}) {
      const content = Buffer.from(request).toString('base64');
      const call: Call = {
        method: 'POST',
        path: '/pki/est/simpleenroll',
        query: estQuery(target),
        body: { type: 'application/pkcs10', content },
        headers: { 'content-transfer-encoding': 'base64' },
        signal,
      };
      const [issued] = certificatesIn(nameOf(call), await send(call));
      if (issued === undefined) throw new CallError('bad-answer', nameOf(call), 'the answer holds no certificate');
      return issued;
    },

    async caCertificates(target, { signal } = {}) {
      const call: Call = { method: 'GET', path: '/pki/est/cacerts', query: estQuery(target), signal };
      return certificatesIn(nameOf(call), await send(call));
    },
  };
}

/** The body of a call that sends JSON; fields that are undefined are left out. */
export function jsonBody(value: unknown): NonNullable<Call['body']> {
  return { type: 'application/json', content: JSON.stringify(value) };
}

function nameOf({ method, path }: Call): string {
  return `${method} ${prefix}${path}`;
}

function estQuery({ caDomain, edition, algorithm }: EstTarget): Record<string, string | undefined> {
  return { caDomain, iso15118Version: edition, algorithm };
}

/** Certificates of a certs-only CMS message, in base64 with or without line ends (RFC 7030 §4.1.3). */
function certificatesIn(call: string, answer: Answer): Certificate[] {
  const base64 = Buffer.from(answer.body).toString('latin1').replace(/\s+/g, '');
  try {
    return readCertsOnly(Uint8Array.from(Buffer.from(base64, 'base64'))).map(readCertificate);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new CallError('bad-answer', call, `the answer is no PKCS #7 bundle: ${cause.message}`, { cause });
  }
}
