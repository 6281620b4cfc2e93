/** Octets as a broken or hostile sender might change them. */
export interface Change {
  readonly at: number;
  readonly kind: (typeof changeKinds)[number];
  readonly octets: Uint8Array;
}

export const changeKinds = ['overwrite', 'flip', 'insert', 'remove', 'truncate'] as const;

export function mutated(bytes: Uint8Array, { at, kind, octets }: Change): Uint8Array {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const head = bytes.subarray(0, place);
  const tail = bytes.subarray(place);
  switch (kind) {
    case 'overwrite':
      return joined(head, octets, tail.subarray(octets.length));
    case 'flip':
      return joined(head, Uint8Array.of((tail[0] ?? 0) ^ (1 << ((octets[0] ?? 0) & 7))), tail.subarray(1));
    case 'insert':
      return joined(head, octets, tail);
    case 'remove':
      return joined(head, tail.subarray(octets.length));
    case 'truncate':
      return head.slice();
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
