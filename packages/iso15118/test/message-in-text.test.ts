import { appProtocol, encode } from '@plugpool/exi';
import { describe, expect, test } from 'vitest';
import { messageInText } from '../src/inspection/message-in-text.ts';

const protocol = { ProtocolNamespace: 'urn:iso:15118:2:2013:MsgDef', VersionNumberMajor: 2, VersionNumberMinor: 0 };
const exi = Buffer.from(
  encode(appProtocol, { supportedAppProtocolReq: { AppProtocol: [{ ...protocol, SchemaID: 1, Priority: 1 }] } }),
);
const hex = exi.toString('hex');
const spaced = hex.replaceAll(/(..)(?!$)/g, '$1 ');
const length = exi.length.toString(16).padStart(8, '0');

describe('messageInText', () => {
  test.each([
    ['base64 alone', exi.toString('base64')],
    ['base64 for addresses, without padding', exi.toString('base64url')],
    ['hexadecimal with blanks', spaced],
    ['hexadecimal with 0x and colons', `0x${spaced.replaceAll(' ', ':')}`],
    [
      'JSON of an API',
      JSON.stringify({ iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', exiRequest: exi.toString('base64') }),
    ],
    [
      'a log line with other hexadecimal in it',
      `2026-11-21T05:17:36Z [a3f0c9d2e45b6178] DEBUG tx ${hex.toUpperCase()} (deadbeefdeadbeef)`,
    ],
    ['a dump of octets in a log line', `V2G rx: ${spaced} ok`],
  ])('ok/%s', (_name, text) => {
    expect(Buffer.from(messageInText(text)?.exi ?? []).toString('hex')).toBe(hex);
  });

  test('ok/a V2GTP frame in a log line, with what its header says', () => {
    const found = messageInText(`frame=01fe8001${length}${hex}`);
    expect(found?.v2gtp).toMatchObject({ payloadType: 0x8001, payloadLength: exi.length, octetsBehind: exi.length });
  });

  test('ok/octets that are no message are given as they are, so that what is wrong can be told', () => {
    expect(Buffer.from(messageInText('8098ffffffff')?.exi ?? []).toString('hex')).toBe('8098ffffffff');
  });

  test.each([
    ['words', 'there is nothing in here'],
    ['nothing', '  '],
    ['other base64', `token ${Buffer.from('no message at all, only text').toString('base64')}.`],
  ])('fail/%s', (_name, text) => {
    expect(messageInText(text)).toBeUndefined();
  });
});
