import { describe, expect, test } from 'vitest';
import { appProtocol, decode, type ExiError, encode, iso15118_2, peelV2gtp } from '../src/index.ts';
import { exiErrorOf } from './thrown.ts';
import { fromBits, fromHex, toHex } from './vectors.ts';

const message = '8098004010b0';

describe('other headers are named for what they are', () => {
  const rest = '10011000 00000000 01000000 00010000 10110000';
  const cases: [name: string, bytes: Uint8Array, detail: string][] = [
    ['cookie', fromHex(`24455849${message}`), 'the stream begins with 24 45: the EXI cookie'],
    [
      'V2GTP',
      fromHex(`01fe800100000006${message}`),
      'the stream begins with 01 fe: a V2GTP header, which has to be taken off',
    ],
    ['XML', Buffer.from('<?xml version="1.0"?>'), 'the stream begins with 3c: XML as text'],
    ['no EXI', fromHex('00112233'), 'the stream begins with 00: no EXI'],
    ['version 2', fromHex(`81${message}`), 'the stream begins with 81: EXI version 2'],
    ['version 18', fromBits('10001111 0010 0000'), 'the stream begins with 8f: EXI version 18'],
    ['preview version', fromHex(`90${message}`), 'the stream begins with 90: EXI preview version 1'],
    ['default options', fromBits(`10100000 0 11 ${rest}`), 'the stream begins with a0: EXI options (none stated)'],
    ['strict', fromBits(`10100000 0 10 ${rest}`), 'the stream begins with a0: EXI options (strict)'],
    [
      'byte alignment and no value partitions',
      fromBits(`10100000 0 header | 00 lesscommon | 00 uncommon | 000 alignment | 0 byte | 010 capacity | 00000000
        | 1 end of uncommon | 10 end of lesscommon | 10 end of header | ${rest}`),
      'the stream begins with a0: EXI options (alignment byte, valuePartitionCapacity 0)',
    ],
    [
      'compression, fragment and schema id',
      fromBits(
        `10100000 0 header | 01 common | 00 compression | 00 fragment | 0 schemaId | 0 CH | 00000011 01100001 ${rest}`,
      ),
      'the stream begins with a0: EXI options (compression, fragment, schemaId "a")',
    ],
    ['cut short', fromHex('a0'), 'the stream begins with a0: EXI options (cut short)'],
  ];

  test.each(cases)('invalid-header/%s', (_, bytes, detail) => {
    expect(exiErrorOf(() => decode(iso15118_2, bytes))).toMatchObject({ code: 'invalid-header', bitOffset: 0, detail });
  });
});

describe('V2GTP', () => {
  const framed = (payload: string, type = '8001', length = payload.length / 2) =>
    fromHex(`01fe${type}${length.toString(16).padStart(8, '0')}${payload}`);

  test('is taken off on its own', () => {
    const { payloadType, payload } = peelV2gtp(framed(message));
    expect(payloadType).toBe(0x8001);
    expect(toHex(payload)).toBe(message);
    expect(peelV2gtp(framed('', '9000')).payload).toHaveLength(0);
  });

  test('is taken off by decode when asked, and need not be there', () => {
    const document = decode(iso15118_2, fromHex(message));
    expect(decode(iso15118_2, framed(message), { v2gtp: true })).toEqual(document);
    expect(decode(iso15118_2, fromHex(message), { v2gtp: true })).toEqual(document);
    expect(decode(iso15118_2, framed(`${message}`, '8001', 6), { v2gtp: true, allowTrailing: true })).toEqual(document);
  });

  const cases: [name: string, read: () => unknown, error: Partial<ExiError>][] = [
    ['invalid-header/not there', () => peelV2gtp(fromHex(message)), { code: 'invalid-header', bitOffset: 0 }],
    ['invalid-header/nothing at all', () => peelV2gtp(new Uint8Array()), { code: 'invalid-header' }],
    ['truncated/in the header', () => peelV2gtp(fromHex('01fe8001')), { code: 'truncated', bitOffset: 32 }],
    ['truncated/in the payload', () => peelV2gtp(framed(message, '8001', 7)), { code: 'truncated', bitOffset: 112 }],
    ['trailing-bytes', () => peelV2gtp(framed(message, '8001', 5)), { code: 'trailing-bytes', bitOffset: 104 }],
    [
      'invalid-header/no EXI in it',
      () => decode(iso15118_2, framed(message, '9000'), { v2gtp: true }),
      { code: 'invalid-header', bitOffset: 16 },
    ],
  ];

  test.each(cases)('%s', (_, read, error) => {
    expect(exiErrorOf(read)).toMatchObject(error);
  });
});

describe('second-level events', () => {
  const start = '10000000 | 01 supportedAppProtocolRes';
  const ok = 'ResponseCode | 0 CH | 00 | 0 EE';
  const plain = { supportedAppProtocolRes: { ResponseCode: 'OK_SuccessfulNegotiation' } };

  test('xsi:nil that is false changes nothing, at an element of elements and at one of text', () => {
    const bytes = fromBits(
      `${start} | 1 escape | 010 nil | 0 | 0 ResponseCode | 1 escape | 010 nil | 0 | 0 | 00 | 0 | 01 EE`,
    );
    expect(decode(appProtocol, bytes)).toEqual(plain);
    expect(toHex(encode(appProtocol, decode(appProtocol, bytes)))).toBe(toHex(fromBits(`${start} | 0 ${ok} | 01 EE`)));
  });

  const refused: [name: string, bits: string, error: Partial<ExiError>][] = [
    ['xsi:nil that is true', `${start} | 1 | 010 | 1`, { code: 'unsupported-event', path: 'supportedAppProtocolRes' }],
    [
      'xsi:type of an element of elements',
      `${start} | 1 | 001`,
      { code: 'unsupported-event', bitOffset: 10, path: 'supportedAppProtocolRes', expected: ['ResponseCode'] },
    ],
    [
      'xsi:type of an element of text',
      `${start} | 0 ResponseCode | 1 | 001`,
      {
        code: 'unsupported-event',
        bitOffset: 11,
        path: 'supportedAppProtocolRes/ResponseCode',
        detail: 'xsi:type, and elements of ISO 15118 always have the type they are declared with',
      },
    ],
    ['end of element too early', `${start} | 1 | 000`, { detail: 'schema deviation: end of element' }],
    ['undeclared attribute', `${start} | 1 | 011`, { detail: 'schema deviation: undeclared attribute' }],
    [
      'attribute with an untyped value',
      `${start} | 1 | 100`,
      { detail: 'schema deviation: attribute with an untyped value' },
    ],
    ['undeclared element', `${start} | 1 | 101`, { detail: 'schema deviation: undeclared element' }],
    ['text of no type', `${start} | 1 | 110`, { detail: 'schema deviation: text of no type' }],
    ['code that is none', `${start} | 1 | 111`, { code: 'unknown-event-code', bitOffset: 11 }],
    [
      'undeclared element behind an element',
      `${start} | 0 ${ok} | 10 | 0`,
      { detail: 'schema deviation: undeclared element' },
    ],
    ['text behind an element', `${start} | 0 ${ok} | 10 | 1`, { detail: 'schema deviation: text of no type' }],
    ['text where a value is', `${start} | 0 ResponseCode | 1 | 110`, { detail: 'schema deviation: text of no type' }],
    ['root element without a name in the schemas', '10000000 | 10', { code: 'unsupported-event' }],
    ['root code that is none', '10000000 | 11', { code: 'unknown-event-code' }],
  ];

  test.each(refused)('%s', (_, bits, error) => {
    expect(exiErrorOf(() => decode(appProtocol, fromBits(bits)))).toMatchObject(error);
  });
});
