import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  appProtocol,
  type DecodeOptions,
  decode,
  decodeFragment,
  ExiError,
  encode,
  iso15118_2,
  type SchemaSet,
  xmldsig,
} from '../src/index.ts';
import { changeKinds, mutated } from './mutations.ts';
import { type FragmentVector, fromBits, fromHex, setNamed, setsByName, vectorPath, vectorsIn } from './vectors.ts';

/** Every outcome is a value or an ExiError that says where, whatever the octets are. */
function outcome(read: () => unknown, bytes: Uint8Array): 'value' | 'error' {
  try {
    read();
    return 'value';
  } catch (error) {
    if (!(error instanceof ExiError)) throw error;
    const { bitOffset = -1 } = error;
    if (bitOffset < 0 || bitOffset > bytes.length * 8) throw new Error(`bit ${bitOffset} of ${bytes.length * 8}`);
    return 'error';
  }
}

const documents = ['iso15118-2', 'iso15118-20-common', 'app-protocol'].flatMap((name) =>
  vectorsIn(name)
    .map(({ exiHex }) => ({ set: setNamed(name), bytes: fromHex(exiHex) }))
    .filter(({ bytes }) => bytes.length < 3000),
);
const fragments = vectorsIn<FragmentVector>('fragments').map(({ schemaSet, exiHex }) => ({
  set: setNamed(schemaSet),
  bytes: fromHex(exiHex),
}));

const mutation = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom(...changeKinds),
  octets: fc.uint8Array({ minLength: 1, maxLength: 9 }),
});

describe('mutated streams', () => {
  test('documents end in a value or a located error', () => {
    const counts = { value: 0, error: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(...documents),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (vector, changes) => {
          const bytes = changes.reduce(mutated, vector.bytes);
          counts[outcome(() => decode(vector.set, bytes, { allowTrailing: true }), bytes)]++;
        },
      ),
      { numRuns: 12_000 },
    );
    expect(counts.value).toBeGreaterThan(100);
    expect(counts.error).toBeGreaterThan(1000);
  });

  test('fragments end in a value or a located error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fragments), mutation, (vector, change) => {
        const bytes = mutated(vector.bytes, change);
        outcome(() => decodeFragment(vector.set, bytes), bytes);
      }),
      { numRuns: 3000 },
    );
  });

  test('what decodes can be encoded again and decodes to the same', () => {
    fc.assert(
      fc.property(fc.constantFrom(...documents), mutation, ({ set, bytes }, change) => {
        let document: unknown;
        try {
          document = decode(set, mutated(bytes, change), { allowTrailing: true });
        } catch {
          return;
        }
        expect(decode(set, encode(set, document))).toEqual(document);
      }),
      { numRuns: 3000 },
    );
  });

  test.each(Object.entries(setsByName))('random octets behind the header/%s', (_, set) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        const bytes = Uint8Array.of(0x80, ...octets);
        outcome(() => decode(set, bytes), bytes);
        outcome(() => decodeFragment(set, bytes), bytes);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('every prefix of a message is truncated', () => {
  const blob = readFileSync(vectorPath('opnc-certificate-installation-res.exi'));

  test('4,020 octets', () => {
    for (let length = 0; length < blob.length; length++) {
      const read = () => decode(iso15118_2, blob.subarray(0, length));
      expect(read).toThrow(expect.objectContaining({ code: 'truncated' }));
    }
  });
});

describe('limits', () => {
  const vector = (set: string, name: string) => {
    const found = vectorsIn(set).find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no vector ${name}`);
    return fromHex(found.exiHex);
  };
  const profile = vector('iso15118-2', 'profile-24');
  const longString = vector('iso15118-2', 'long-string-5000');
  const failure = (set: SchemaSet, bytes: Uint8Array, options: DecodeOptions): unknown => {
    try {
      return decode(set, bytes, options);
    } catch (error) {
      return error;
    }
  };
  const limited = (path: string) => expect.objectContaining({ code: 'limit-exceeded', path });

  test('limit-exceeded/input', () => {
    expect(failure(iso15118_2, profile, { limits: { inputOctets: 100 } })).toEqual(limited(''));
    expect(failure(iso15118_2, new Uint8Array(300_000), {})).toEqual(limited(''));
  });

  test('limit-exceeded/string', () => {
    const path = 'V2G_Message/Header/Notification/FaultMsg';
    expect(failure(iso15118_2, longString, { limits: { stringLength: 4999 } })).toMatchObject({
      code: 'limit-exceeded',
    });
    expect(failure(iso15118_2, longString, { limits: { stringLength: 5000 } })).not.toBeInstanceOf(ExiError);
    const header = {
      SessionID: Uint8Array.of(0),
      Notification: { FaultCode: 'UnknownError', FaultMsg: 'four' },
    } as const;
    const bytes = encode(iso15118_2, { V2G_Message: { Header: header, Body: {} } });
    expect(failure(iso15118_2, bytes, { limits: { stringLength: 3 } })).toEqual(limited(path));
  });

  test('limit-exceeded/binary', () => {
    const bytes = encode(iso15118_2, { V2G_Message: { Header: { SessionID: new Uint8Array(8) }, Body: {} } });
    expect(failure(iso15118_2, bytes, { limits: { binaryLength: 7 } })).toEqual(
      limited('V2G_Message/Header/SessionID'),
    );
  });

  test('limit-exceeded/entries of a list', () => {
    const path = 'V2G_Message/Body/PowerDeliveryReq/ChargingProfile/ProfileEntry[23]';
    expect(failure(iso15118_2, profile, { limits: { occurrences: 23 } })).toEqual(limited(path));
  });

  test('limit-exceeded/nesting', () => {
    expect(failure(iso15118_2, profile, { limits: { depth: 4 } })).toMatchObject({ code: 'limit-exceeded' });
  });

  test('limit-exceeded/an integer padded without end', () => {
    const endless = '10000000'.repeat(1000);
    const string = fromBits(`10000000 | 00 supportedAppProtocolReq | 0 AppProtocol | 0 SE | 0 CH | ${endless}`);
    expect(failure(appProtocol, string, {})).toEqual(
      limited('supportedAppProtocolReq/AppProtocol[0]/ProtocolNamespace'),
    );
    const serial = fromBits(`10000000 | 10111 X509Data | 000 X509IssuerSerial | 0 SE | 0 CH | 00000010 | 0 EE
      | 0 X509SerialNumber | 0 CH | 0 sign | ${endless}`);
    expect(failure(xmldsig, serial, {})).toMatchObject({ code: 'limit-exceeded' });
  });

  test('truncated/a length of 2^49 allocates nothing', () => {
    const bytes = fromBits(
      `10000000 | 1001100 V2G_Message | 0 Header | 0 SessionID | 0 CH | ${'11111111'.repeat(6)} 01111111`,
    );
    const claim = Uint8Array.of(...bytes, ...new Uint8Array(100));
    expect(failure(iso15118_2, claim, { limits: { binaryLength: Number.MAX_SAFE_INTEGER } })).toEqual(
      expect.objectContaining({ code: 'truncated', path: 'V2G_Message/Header/SessionID' }),
    );
    expect(failure(iso15118_2, claim, {})).toEqual(limited('V2G_Message/Header/SessionID'));
  });
});
