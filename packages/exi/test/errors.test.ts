import { describe, expect, test } from 'vitest';
import {
  appProtocol,
  decode,
  type ExiError,
  type ExiErrorCode,
  encode,
  fromJson,
  iso15118_2,
  iso15118_20Common,
  type JsonValue,
  type SchemaSet,
  xmldsig,
} from '../src/index.ts';
import { exiErrorOf } from './thrown.ts';
import { chargingStatusReq, fromBits, fromHex, HEADER } from './vectors.ts';

describe('streams that are refused', () => {
  type Case = [name: string, set: SchemaSet, bytes: Uint8Array, error: Partial<ExiError>];
  const session = `${HEADER} 1001100 V2G_Message | 0 Header | 0 SessionID`;
  const body = `${session} | 0 CH | 00000001 00000000 | 0 EE | 10 EE | 0 Body`;
  const codes: Case[] = [
    [
      'invalid-header/EXI cookie',
      iso15118_2,
      fromHex('244558498098004010b0'),
      { code: 'invalid-header', bitOffset: 0 },
    ],
    ['invalid-header/options present', iso15118_2, fromHex('a098004010b0'), { code: 'invalid-header', bitOffset: 0 }],
    ['truncated/no octet at all', iso15118_2, new Uint8Array(), { code: 'truncated', bitOffset: 0 }],
    ['truncated/last octet missing', iso15118_2, chargingStatusReq.subarray(0, 5), { code: 'truncated' }],
    [
      'trailing-bytes/one octet behind the end',
      iso15118_2,
      Uint8Array.of(...chargingStatusReq, 0),
      { code: 'trailing-bytes', bitOffset: 47, path: '' },
    ],
    [
      'unknown-event-code/no such root',
      iso15118_2,
      fromBits(`${HEADER} 1010001`),
      { code: 'unknown-event-code', bitOffset: 8, path: '' },
    ],
    [
      'unsupported-event/root of no name in the schemas',
      iso15118_2,
      fromBits(`${HEADER} 1010000`),
      { code: 'unsupported-event', bitOffset: 8, path: '' },
    ],
    [
      'unknown-event-code/between escape and the end of the code space',
      iso15118_2,
      fromBits(`${body} | 111111`),
      { code: 'unknown-event-code', path: 'V2G_Message/Body' },
    ],
    [
      'unsupported-event/xsi:type',
      iso15118_2,
      fromBits(`${session} | 1 001`),
      { code: 'unsupported-event', bitOffset: 17, path: 'V2G_Message/Header/SessionID' },
    ],
    [
      'unsupported-event/deviation where elements are wanted',
      iso15118_2,
      fromBits(`${HEADER} 1001100 V2G_Message | 1 101`),
      { code: 'unsupported-event', path: 'V2G_Message', bitOffset: 15, expected: ['Header'] },
    ],
    [
      'unsupported-event/deviation behind a value',
      iso15118_2,
      fromBits(`${session} | 0 CH | 00000001 00000000 | 1`),
      { code: 'unsupported-event', path: 'V2G_Message/Header/SessionID' },
    ],
    [
      'abstract-element/head of the body group',
      iso15118_2,
      fromBits(`${body} | 000010 | 0`),
      { code: 'abstract-element', path: 'V2G_Message/Body/BodyElement' },
    ],
    ['abstract-element/as root', iso15118_2, fromBits(`${HEADER} 0000101`), { code: 'abstract-element' }],
    [
      'invalid-value/unused enumeration code',
      appProtocol,
      fromBits(`${HEADER} 01 | 0 ResponseCode | 0 CH | 11`),
      { code: 'invalid-value', path: 'supportedAppProtocolRes/ResponseCode' },
    ],
    [
      'out-of-range/n-bit value over the bound',
      appProtocol,
      fromBits(`${HEADER} 00 | 0 AppProtocol | 0 | 0 CH | 00000010 | 0 EE | 0 | 0 CH | 00000010 | 0 EE
        | 0 | 0 CH | 00000000 | 0 EE | 0 SchemaID | 0 CH | 00000001 | 0 EE | 0 Priority | 0 CH | 11111`),
      { code: 'out-of-range', path: 'supportedAppProtocolReq/AppProtocol[0]/Priority' },
    ],
    [
      'out-of-range/unsigned over the bound',
      appProtocol,
      fromBits(`${HEADER} 00 | 0 AppProtocol | 0 | 0 CH | 00000010 | 0 EE | 0 | 0 CH
        | 11111111 11111111 11111111 11111111 00011111`),
      { code: 'out-of-range', path: 'supportedAppProtocolReq/AppProtocol[0]/VersionNumberMajor' },
    ],
    [
      'invalid-value/no content where an enumeration must be',
      appProtocol,
      fromBits(`${HEADER} 01 | 0 ResponseCode | 1 000`),
      { code: 'invalid-value', path: 'supportedAppProtocolRes/ResponseCode' },
    ],
    [
      'unsupported-event/string table hit',
      appProtocol,
      fromBits(`${HEADER} 00 | 0 AppProtocol | 0 | 0 CH | 00000001`),
      { code: 'unsupported-event', path: 'supportedAppProtocolReq/AppProtocol[0]/ProtocolNamespace' },
    ],
    [
      'invalid-value/surrogate as code point',
      appProtocol,
      fromBits(`${HEADER} 00 | 0 AppProtocol | 0 | 0 CH | 00000011 | 10000000 10110000 00000011`),
      { code: 'invalid-value', path: 'supportedAppProtocolReq/AppProtocol[0]/ProtocolNamespace' },
    ],
    [
      'unsupported-event/text between elements',
      xmldsig,
      fromBits(`${HEADER} 00000 | 0 Algorithm | 00000010 | 10`),
      { code: 'unsupported-event', path: 'CanonicalizationMethod' },
    ],
    [
      'unsupported-event/any element',
      xmldsig,
      fromBits(`${HEADER} 00000 | 0 Algorithm | 00000010 | 00`),
      { code: 'unsupported-event', path: 'CanonicalizationMethod' },
    ],
  ];

  test.each(codes)('%s', (_, set, bytes, error) => {
    const thrown = exiErrorOf(() => decode(set, bytes));
    expect(thrown).toMatchObject(error);
    expect(thrown.bitOffset).toBeLessThanOrEqual(bytes.length * 8);
    expect(thrown.message).toContain(`at bit ${thrown.bitOffset}`);
  });
});

describe('messages that are refused', () => {
  const Header = { SessionID: '00' };
  const inBody = (body: JsonValue) => ({ V2G_Message: { Header, Body: body } });
  const entry = { ProtocolNamespace: '', VersionNumberMajor: 1, VersionNumberMinor: 0, SchemaID: 1, Priority: 1 };
  const Certificate = new Uint8Array(1);
  type Case = [name: string, set: SchemaSet, document: unknown, code: ExiErrorCode, path: string];
  const req = (AppProtocol: unknown) => ({ supportedAppProtocolReq: { AppProtocol } });
  const cases: Case[] = [
    ['invalid-value/not an object', iso15118_2, 'V2G_Message', 'invalid-value', ''],
    ['invalid-value/no root', iso15118_2, {}, 'invalid-value', ''],
    ['invalid-value/two roots', xmldsig, { KeyName: 'a', MgmtData: 'b' }, 'invalid-value', ''],
    ['unknown-element/root of another set', iso15118_2, req([entry]), 'unknown-element', ''],
    [
      'missing-field/required element',
      appProtocol,
      { supportedAppProtocolRes: {} },
      'missing-field',
      'supportedAppProtocolRes',
    ],
    ['missing-field/empty list', appProtocol, req([]), 'missing-field', 'supportedAppProtocolReq'],
    ['missing-field/required attribute', xmldsig, { DigestMethod: {} }, 'missing-field', 'DigestMethod'],
    ['missing-field/required text', xmldsig, { SignatureValue: {} }, 'missing-field', 'SignatureValue'],
    [
      'too-many-occurrences/twenty-one of twenty',
      appProtocol,
      req(Array.from({ length: 21 }, () => entry)),
      'too-many-occurrences',
      'supportedAppProtocolReq',
    ],
    ['invalid-value/one where a list must be', appProtocol, req(entry), 'invalid-value', 'supportedAppProtocolReq'],
    [
      'unknown-field/misspelt',
      appProtocol,
      { supportedAppProtocolRes: { ResponseCode: 'OK_SuccessfulNegotiation', SchemaId: 1 } },
      'unknown-field',
      'supportedAppProtocolRes',
    ],
    [
      'invalid-value/not in the enumeration',
      appProtocol,
      { supportedAppProtocolRes: { ResponseCode: 'OK' } },
      'invalid-value',
      'supportedAppProtocolRes/ResponseCode',
    ],
    [
      'out-of-range/n-bit',
      appProtocol,
      req([entry, { ...entry, Priority: 21 }]),
      'out-of-range',
      'supportedAppProtocolReq/AppProtocol[1]/Priority',
    ],
    [
      'invalid-value/fraction',
      appProtocol,
      req([{ ...entry, SchemaID: 1.5 }]),
      'invalid-value',
      'supportedAppProtocolReq/AppProtocol[0]/SchemaID',
    ],
    [
      'invalid-value/lone surrogate',
      appProtocol,
      req([{ ...entry, ProtocolNamespace: 'a\ud800b' }]),
      'invalid-value',
      'supportedAppProtocolReq/AppProtocol[0]/ProtocolNamespace',
    ],
    [
      'conflicting-field/two messages in one body',
      iso15118_2,
      { V2G_Message: { Header: { SessionID: Certificate }, Body: { ChargingStatusReq: {}, SessionStopReq: {} } } },
      'conflicting-field',
      'V2G_Message/Body',
    ],
    [
      'abstract-element/head of a group',
      iso15118_2,
      { V2G_Message: { Header: { SessionID: Certificate }, Body: { BodyElement: {} } } },
      'abstract-element',
      'V2G_Message/Body/BodyElement',
    ],
    [
      'invalid-value/text where octets must be',
      iso15118_2,
      inBody({ ChargingStatusReq: {} }),
      'invalid-value',
      'V2G_Message/Header/SessionID',
    ],
    [
      'invalid-value/octets where an object must be',
      iso15118_2,
      { V2G_Message: { Header: Certificate, Body: {} } },
      'invalid-value',
      'V2G_Message/Header',
    ],
  ];

  test.each(cases)('%s', (_, set, document, code, path) => {
    const thrown = exiErrorOf(() => encode(set, document));
    expect(thrown).toMatchObject({ code, path });
  });

  const json: [name: string, set: SchemaSet, json: JsonValue, code: ExiErrorCode, path: string][] = [
    ['unknown-field', iso15118_2, inBody({ Foo: {} }), 'unknown-field', 'V2G_Message/Body'],
    [
      'invalid-value/odd hex',
      iso15118_2,
      { V2G_Message: { Header: { SessionID: '0' }, Body: {} } },
      'invalid-value',
      'V2G_Message/Header/SessionID',
    ],
    [
      'out-of-range/decimal string',
      iso15118_20Common,
      { SessionSetupReq: { Header: { SessionID: '00', TimeStamp: '18446744073709551616' }, EVCCID: 'x' } },
      'out-of-range',
      'SessionSetupReq/Header/TimeStamp',
    ],
    [
      'limit-exceeded/digits without end',
      iso15118_20Common,
      { SessionSetupReq: { Header: { SessionID: '00', TimeStamp: '1'.repeat(100_000) }, EVCCID: 'x' } },
      'limit-exceeded',
      'SessionSetupReq/Header/TimeStamp',
    ],
    ['invalid-value/null', appProtocol, { supportedAppProtocolReq: null }, 'invalid-value', 'supportedAppProtocolReq'],
  ];

  test.each(json)('JSON %s', (_, set, document, code, path) => {
    expect(exiErrorOf(() => fromJson(set, document))).toMatchObject({ code, path });
  });
});

test('the message has detail, expectation, path and position', () => {
  const { message: told } = exiErrorOf(() => decode(iso15118_2, chargingStatusReq.subarray(0, 3)));
  expect(told).toBe('8 bits wanted, 6 left in V2G_Message/Header/SessionID at bit 18');
  const nothingElse = {
    V2G_Message: { Header: { SessionID: new Uint8Array(1) }, Body: { ChargingStatusReq: { a: 1 } } },
  };
  const refused = exiErrorOf(() => encode<SchemaSet>(iso15118_2, nothingElse));
  expect(refused.message).toBe('no field "a" in this type in V2G_Message/Body/ChargingStatusReq');
});
