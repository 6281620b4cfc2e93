import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  appProtocol,
  type DecodeOptions,
  decode,
  decodeFragment,
  ExiError,
  type ExiErrorCode,
  encode,
  encodeFragment,
  fromJson,
  iso15118_2,
  iso15118_20Common,
  type JsonValue,
  type SchemaSet,
  toJson,
  xmldsig,
} from '../src/index.ts';
import { fromBits, fromHex, toHex, vectorPath } from './vectors.ts';

const HEADER = '10000000 |';
/** ChargingStatusReq, SessionID 00: the worked example of the EXI profile. */
const message = fromHex('8098004010b0');

function thrownBy(action: () => unknown): ExiError {
  try {
    action();
  } catch (error) {
    if (error instanceof ExiError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

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
    ['truncated/last octet missing', iso15118_2, message.subarray(0, 5), { code: 'truncated' }],
    [
      'trailing-bytes/one octet behind the end',
      iso15118_2,
      Uint8Array.of(...message, 0),
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
    const thrown = thrownBy(() => decode(set, bytes));
    expect(thrown).toMatchObject(error);
    expect(thrown.bitOffset).toBeLessThanOrEqual(bytes.length * 8);
    expect(thrown.message).toContain(`at bit ${thrown.bitOffset}`);
  });
});

describe('streams that are accepted', () => {
  const accepted: [name: string, bytes: Uint8Array, options: DecodeOptions][] = [
    ['as written', message, {}],
    ['padding bits set', Uint8Array.of(...message.subarray(0, 5), 0xb1), {}],
    ['octets behind, when allowed', Uint8Array.of(...message, 1, 2, 3), { allowTrailing: true }],
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
    const thrown = thrownBy(() => encode(set, document));
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
    expect(thrownBy(() => fromJson(set, document))).toMatchObject({ code, path });
  });
});

test('the message has detail, expectation, path and position', () => {
  const { message: told } = thrownBy(() => decode(iso15118_2, message.subarray(0, 3)));
  expect(told).toBe('8 bits wanted, 6 left in V2G_Message/Header/SessionID at bit 18');
  const nothingElse = {
    V2G_Message: { Header: { SessionID: new Uint8Array(1) }, Body: { ChargingStatusReq: { a: 1 } } },
  };
  const refused = thrownBy(() => encode<SchemaSet>(iso15118_2, nothingElse));
  expect(refused.message).toBe('no field "a" in this type in V2G_Message/Body/ChargingStatusReq');
});

describe('fragments', () => {
  const Certificate = Uint8Array.of(1);

  test('the worked example of eMAID, in both forms', () => {
    const eMAID = { Id: 'id4', value: 'DE8AAA1A2B3C4D5' };
    const conforming = '80ec0202b4b21a400451114e1050504c504c908cd0cd110d7d3d00';
    expect(toHex(encodeFragment(iso15118_2, 'eMAID', eMAID))).toBe(conforming);
    expect(decodeFragment(iso15118_2, fromHex(conforming))).toEqual({
      name: 'eMAID',
      uri: 'urn:iso:15118:2:2013:MsgBody',
      value: eMAID,
    });
    const single = encodeFragment(iso15118_2, 'eMAID', eMAID, { multiTypeElement: 'single-type' });
    expect(decodeFragment(iso15118_2, single, { multiTypeElement: 'single-type' }).value).toEqual(eMAID);
    expect(toHex(single)).not.toBe(conforming);
  });

  test('eMAID of a request has no Id and is plain text', () => {
    const bytes = encodeFragment(iso15118_2, 'eMAID', 'DE8AAA1A2B3C4D5');
    expect(decodeFragment(iso15118_2, bytes).value).toBe('DE8AAA1A2B3C4D5');
  });

  const refused: [name: string, action: () => unknown, error: Partial<ExiError>][] = [
    [
      'ambiguous-name/SessionID is in two namespaces',
      () => encodeFragment(iso15118_2, 'SessionID', Certificate),
      { code: 'ambiguous-name', expected: ['urn:iso:15118:2:2013:MsgBody', 'urn:iso:15118:2:2013:MsgHeader'] },
    ],
    ['unknown-element/no such name', () => encodeFragment(xmldsig, 'eMAID', ''), { code: 'unknown-element' }],
    [
      'unknown-element/not in this namespace',
      () => encodeFragment(iso15118_2, { name: 'SessionID', uri: 'urn:x' }, Certificate),
      { code: 'unknown-element' },
    ],
    [
      'missing-field/Id',
      () => encodeFragment(iso15118_2, 'eMAID', { value: 'x' }),
      { code: 'missing-field', path: 'eMAID', expected: ['Id'] },
    ],
    [
      'unknown-field/in an element of several types',
      () => encodeFragment(iso15118_2, 'eMAID', { Id: 'a', value: 'x', id: 'b' }),
      { code: 'unknown-field', path: 'eMAID' },
    ],
    [
      'unknown-field/attribute that no type of the element has',
      () =>
        decodeFragment(iso15118_2, fromBits(`${HEADER} 11101100 eMAID | 000000000 Algorithm | 00000010 | 011111111`)),
      { code: 'unknown-field', path: 'eMAID' },
    ],
    [
      'unsupported-event/element inside the element fragment grammar',
      () => decodeFragment(iso15118_2, fromBits(`${HEADER} 11101100 eMAID | 000001011`)),
      { code: 'unsupported-event', path: 'eMAID', bitOffset: 16 },
    ],
    [
      'unsupported-event/two elements in one fragment',
      () => decodeFragment(xmldsig, fromBits(`${HEADER} 001001 KeyName | 0 CH | 00000010 | 0 EE | 001001`)),
      { code: 'unsupported-event', path: 'KeyName' },
    ],
    [
      'unknown-event-code/no such fragment',
      () => decodeFragment(xmldsig, fromBits(`${HEADER} 101110`)),
      { code: 'unknown-event-code', bitOffset: 8 },
    ],
    [
      'truncated/no end',
      () => decodeFragment(xmldsig, fromBits(`${HEADER} 001001 | 0 | 00000010 | 0`)),
      { code: 'truncated' },
    ],
  ];

  test.each(refused)('%s', (_, action, error) => {
    expect(thrownBy(action)).toMatchObject(error);
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

describe('a response of a public ecosystem', () => {
  const bytes = Uint8Array.from(readFileSync(vectorPath('opnc-certificate-installation-res.exi')));
  const document = decode(iso15118_2, bytes);

  test('is read whole', () => {
    const response = document.V2G_Message?.Body.CertificateInstallationRes;
    expect(response?.ResponseCode).toBe('OK');
    expect(response?.SAProvisioningCertificateChain.SubCertificates?.Certificate).toHaveLength(2);
    expect(document.V2G_Message?.Header.Signature?.SignedInfo.Reference.map(({ URI }) => URI)).toEqual([
      '#ID2',
      '#ID1',
      '#ID4',
      '#ID3',
    ]);
  });

  test('is written byte for byte', () => {
    expect(Buffer.compare(encode(iso15118_2, document), bytes)).toBe(0);
  });
});
