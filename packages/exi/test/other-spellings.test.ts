/** Streams that are read, though we would write them in another way. */
import { describe, expect, test } from 'vitest';
import { type DecodeOptions, decode, encode, iso15118_2, toJson, xmldsig } from '../src/index.ts';
import { chargingStatusReq, fromBits, HEADER, toHex } from './vectors.ts';

describe('streams that are accepted', () => {
  const accepted: [name: string, bytes: Uint8Array, options: DecodeOptions][] = [
    ['as written', chargingStatusReq, {}],
    ['padding bits set', Uint8Array.of(...chargingStatusReq.subarray(0, 5), 0xb1), {}],
    ['octets behind, when allowed', Uint8Array.of(...chargingStatusReq, 1, 2, 3), { allowTrailing: true }],
    [
      'a length padded with 80 octets',
      fromBits(
        `${HEADER} 1001100 | 0 | 0 | 0 | 10000001 10000000 00000000 | 00000000 | 0 | 10 | 0 | 001011 | 0 | 0 | 0`,
      ),
      {},
    ],
  ];

  test.each(accepted)('%s', (_, bytes, options) => {
    expect(toJson(iso15118_2, decode(iso15118_2, bytes, options))).toEqual({
      V2G_Message: { Header: { SessionID: '00' }, Body: { ChargingStatusReq: {} } },
    });
  });

  test('empty simple content behind an attribute, as escape and as text', () => {
    const escaped = fromBits(`${HEADER} 10011 SignatureValue | 00 Id | 00000011 01100001 | 1 000`);
    const written = encode(xmldsig, { SignatureValue: { Id: 'a', value: new Uint8Array() } });
    expect(decode(xmldsig, escaped)).toEqual({ SignatureValue: { Id: 'a', value: new Uint8Array() } });
    expect(decode(xmldsig, written)).toEqual(decode(xmldsig, escaped));
  });
});

test('a repeated choice keeps the order within each kind, and is written in the order of the schema', () => {
  const mixed = fromBits(`${HEADER} 00100 KeyInfo | 0001 KeyName | 0 | 00000011 01100001 | 0
    | 0110 MgmtData | 0 | 00000011 01100010 | 0 | 0000 KeyName | 0 | 00000011 01100011 | 0 | 1000 EE`);
  const message = { KeyInfo: { KeyName: ['a', 'c'], MgmtData: ['b'] } };
  expect(decode(xmldsig, mixed)).toEqual(message);
  expect(decode(xmldsig, encode(xmldsig, message))).toEqual(message);
  expect(toHex(encode(xmldsig, message))).not.toBe(toHex(mixed));
});
