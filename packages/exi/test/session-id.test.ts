import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, ExiError, encode, iso15118_2, withSessionId } from '../src/index.ts';
import { valuesOf } from './arbitraries.ts';

const message = iso15118_2.elements.find(({ name }) => name === 'V2G_Message');
if (message === undefined) throw new Error('the schema has a V2G_Message');
const sessionIds = fc.uint8Array({ maxLength: 8 });

describe('withSessionId', () => {
  test('property/any message gets any session id as if it had been encoded with it', () => {
    fc.assert(
      fc.property(valuesOf(message.type), sessionIds, sessionIds, (value, before, after) => {
        const { Header, ...rest } = Object(value);
        const withId = (SessionID: Uint8Array) =>
          encode(iso15118_2, { V2G_Message: { Header: { ...Header, SessionID }, ...rest } });
        expect(withSessionId(withId(before), after)).toEqual(withId(after));
      }),
      { numRuns: 200 },
    );
  });

  test('property/what begins in another way is an ExiError, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), sessionIds, (octets, sessionId) => {
        try {
          const changed = withSessionId(octets, sessionId);
          expect([...octets.subarray(0, 2)]).toEqual([0x80, 0x98]);
          expect(withSessionId(changed, sessionId)).toEqual(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(ExiError);
        }
      }),
    );
  });

  test('refused/messages that are cut, longer session ids', () => {
    const text = encode(iso15118_2, {
      V2G_Message: {
        Header: { SessionID: Uint8Array.of(1, 2, 3) },
        Body: { SessionSetupReq: { EVCCID: Uint8Array.of(1) } },
      },
    });
    expect(decode(iso15118_2, withSessionId(text, new Uint8Array(8)))).toMatchObject({
      V2G_Message: { Header: { SessionID: new Uint8Array(8) } },
    });
    for (const cut of [0, 1, 2, 3, 5]) {
      expect(() => withSessionId(text.subarray(0, cut), new Uint8Array(8))).toThrow('is not a V2G_Message');
    }
    expect(() => withSessionId(text, new Uint8Array(9))).toThrow('a session id has at most 8 octets, not 9');
  });
});
