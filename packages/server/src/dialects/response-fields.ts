/** From the values of the domain to the texts that the dialects share. */

export function base64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64');
}

/** `2024-04-10T14:41:39Z`: seconds are enough, for certificates have no more. */
export function instant(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** `4b:45:ff:82:25:fc:10:96` */
export function colonHex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(':');
}

/** The same from hexadecimal without colons. */
export function withColons(hex: string): string {
  return hex.replaceAll(/..(?=.)/g, '$&:');
}
