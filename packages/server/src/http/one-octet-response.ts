import type { IncomingMessage } from 'node:http';

// An import of names would have the module make all it can, its WebSocket among them, which nobody here needs.
const { ServerResponse } = process.getBuiltinModule('node:http');

/**
 * Sends a text of ASCII alone as the octets that it is in memory. As UTF-8, Node keeps three octets free for each character of a
 * long text, outside the heap: for a message of 6 kB that is more to collect than everything else about an answer.
 */
export class OneOctetResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  override end(...[chunk, encoding, ...rest]: unknown[]): this {
    const isAscii =
      typeof chunk === 'string' && (encoding ?? 'utf8') === 'utf8' && Buffer.byteLength(chunk) === chunk.length;
    return Reflect.apply(super.end, this, [chunk, isAscii ? 'latin1' : encoding, ...rest]);
  }
}
