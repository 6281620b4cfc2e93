/** Identifier octets of X.690 §8.1.2: universal class, primitive or constructed as DER demands. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** `[number]` of context class, primitive. */
export function contextPrimitive(number: number): number {
  return 0x80 | number;
}

/** `[number]` of context class, constructed. */
export function contextConstructed(number: number): number {
  return 0xa0 | number;
}
