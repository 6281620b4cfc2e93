/** A line that is longer than anybody needs; its text is gone. */
export const tooLong = Symbol('a line over the limit');
export type Line = string | typeof tooLong;

const newline = 0x0a;

/**
 * The lines of a stream, one batch for each chunk that ends some: who writes an answer to a batch before asking for the
 * next one neither waits with answers nor buffers without end. The last line needs no line end; `\r` before one is
 * dropped.
 * @param longest octets of a line
 */
export async function* linesOf(stream: AsyncIterable<Uint8Array | string>, longest: number): AsyncGenerator<Line[]> {
  const begun: Uint8Array[] = [];
  let begunOctets = 0;
  let dropping = false;
  const take = (part: Uint8Array): void => {
    begunOctets += part.length;
    dropping ||= begunOctets > longest;
    if (dropping) begun.length = 0;
    else begun.push(part);
  };
  const end = (): Line => {
    const line = dropping ? tooLong : textOf(begun);
    begun.length = 0;
    begunOctets = 0;
    dropping = false;
    return line;
  };
  for await (const chunk of stream) {
    const octets = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    const batch: Line[] = [];
    let start = 0;
    for (let at = octets.indexOf(newline); at >= 0; at = octets.indexOf(newline, start)) {
      take(octets.subarray(start, at));
      batch.push(end());
      start = at + 1;
    }
    if (start < octets.length) take(octets.subarray(start));
    if (batch.length > 0) yield batch;
  }
  if (begunOctets > 0) yield [end()];
}

function textOf(parts: readonly Uint8Array[]): string {
  const text = Buffer.concat(parts).toString('utf8');
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
