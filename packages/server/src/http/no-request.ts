import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import type { ErrorAnswer } from './error-answer.ts';

/** The error body for a path that the router cannot take apart; no hook has run for it. */
export function answerNoPath({ status, errorMessages }: ErrorAnswer, traceId: string, response: ServerResponse): void {
  response.writeHead(status, { 'content-type': JSON_TYPE, 'x-trace-id': traceId });
  response.end(JSON.stringify({ errorMessages, traceId }));
}

const JSON_TYPE = 'application/json; charset=utf-8';

interface ParserError {
  readonly code: string;
  readonly message: string;
}

interface Refusal {
  /** Status and reason phrase (RFC 9110 §15, RFC 6585 §5). */
  readonly line: string;
  readonly text: string;
}

const answers: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { line: '431 Request Header Fields Too Large', text: 'the header of the request is too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { line: '408 Request Timeout', text: 'the request took too long to arrive' },
};
const noRequest: Refusal = { line: '400 Bad Request', text: 'this is not an HTTP request' };

/** The error body for octets that are no HTTP request: there is nothing that a route or a hook could see of it. */
export function answerNoRequest(error: ParserError, socket: Socket, logger: FastifyBaseLogger): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { line, text } = answers[error.code] ?? noRequest;
  const traceId = randomUUID();
  logger.info({ traceId, status: Number.parseInt(line, 10), reason: error.message }, 'answered what is no request');
  if (socket.writable) {
    const body = JSON.stringify({ errorMessages: [text], traceId });
    const head = [
      `HTTP/1.1 ${line}`,
      `content-type: ${JSON_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `x-trace-id: ${traceId}`,
      'connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroySoon();
}
