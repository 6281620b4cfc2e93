import { expect, test } from 'vitest';
import { decodeFragment, type ExiError, encodeFragment, iso15118_2, withFragment, xmldsig } from '../src/index.ts';
import { exiErrorOf } from './thrown.ts';
import { fromBits, fromHex, HEADER, toHex } from './vectors.ts';

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

test('what only looks at a fragment sees the same octets, also while others are written', () => {
  const write = () => encodeFragment(iso15118_2, 'eMAID', 'DE8AAA9Z9Z9Z9Z9');
  const octets = withFragment(iso15118_2, 'eMAID', 'DE8AAA1A2B3C4D5', (fragment) => {
    write();
    return toHex(fragment);
  });
  expect(octets).toBe(toHex(encodeFragment(iso15118_2, 'eMAID', 'DE8AAA1A2B3C4D5')));
  expect(octets).not.toBe(toHex(write()));
  const failing = () =>
    withFragment(iso15118_2, 'eMAID', 'DE8AAA1A2B3C4D5', () => {
      throw new RangeError('on purpose');
    });
  expect(failing).toThrow(RangeError);
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
    () => decodeFragment(iso15118_2, fromBits(`${HEADER} 11101100 eMAID | 000000000 Algorithm | 00000010 | 011111111`)),
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
  expect(exiErrorOf(action)).toMatchObject(error);
});
