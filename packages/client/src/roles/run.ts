/** From a spelling to its answer. */
import { readCertsOnly } from '@plugpool/iso15118';
import { CallError } from '../http/call-error.ts';
import { type Call, type HttpCaller, urlOf } from '../http/http-caller.ts';
import { type CertificateReader, JsonAnswer } from '../http/json-answer.ts';
import { fromBase64, textOf } from '../http/octets.ts';
import type { SentCertificate } from './certificate-chain.ts';
import type { RunInstallation } from './cpo.ts';
import type { Received, Run } from './dialect.ts';

export interface Wire<C> {
  readonly caller: HttpCaller;
  readonly baseUrl: string | URL;
  readonly readCertificate: CertificateReader<C>;
}

export function runSpellings<C extends SentCertificate>(wire: Wire<C>): Run<C> {
  return async (spelling, input, options) => {
    const call = { ...spelling.call(input), ...options };
    const { status, body } = await wire.caller(call);
    return spelling.read(received(wire, call, status, body));
  };
}

/** A refusal that holds a response for the car is an answer, for the charger has something to send. */
export function runInstallations<C extends SentCertificate>(wire: Wire<C>): RunInstallation<C> {
  return async (spelling, request, options) => {
    const call = { ...spelling.call(request), ...options };
    const responsesIn = (status: number, body: Uint8Array) => {
      const answer = received(wire, call, status, body);
      const responses = spelling.read(answer);
      if (responses.length === 0) throw answer.bad('the answer holds no response for the car');
      return responses;
    };
    try {
      const { status, body } = await wire.caller(call);
      return { delivered: true, status, responses: responsesIn(status, body) };
    } catch (error) {
      if (!(error instanceof CallError) || error.kind !== 'refused') throw error;
      const { status, body, errorMessages } = error;
      if (status === undefined || body === undefined) throw error;
      if (errorMessages.length > 0 || !textOf(body).includes('"certificateInstallationRes"')) throw error;
      return { delivered: false, status, responses: responsesIn(status, body) };
    }
  };
}

function received<C>(
  { baseUrl, readCertificate }: Wire<C>,
  call: Pick<Call, 'method' | 'path'>,
  status: number,
  body: Uint8Array,
): Received<C> {
  const name = `${call.method} ${urlOf(baseUrl, { path: call.path }).pathname}`;
  const bad = (why: string, cause?: Error) => new CallError('bad-answer', name, why, cause && { cause });
  return {
    status,
    body,
    bad,
    json: () => JsonAnswer.of(name, body, readCertificate),
    certificates() {
      try {
        return readCertsOnly(derIn(body)).map((der) => readCertificate(der));
      } catch (cause) {
        if (!(cause instanceof Error)) throw cause;
        throw bad(`the answer is no PKCS #7 bundle: ${cause.message}`, cause);
      }
    },
  };
}

/** EST answers are base64 with or without line ends. */
function derIn(body: Uint8Array): Uint8Array {
  const der = fromBase64(textOf(body).replace(/\s+/g, ''));
  if (der === undefined) throw new RangeError('it is not base64');
  return der;
}
