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

/** As some writers of JSON put it. */
function escaped(base64: string): string {
  return base64.replaceAll('/', '\\/').replaceAll('+', '\\u002b').replaceAll('=', '\\u003d');
}

/** Rows of 16 octets with their addresses in front and their text behind. */
function dump(spell: (row: string) => string, afterAddress: string, beforeText: string): string {
  const rows = hex.match(/.{1,32}/g) ?? [];
  const asText = (row: string) =>
    Buffer.from(row, 'hex')
      .toString('latin1')
      .replaceAll(/[^ -~]/g, '.');
  return rows
    .map((row, at) => (at * 16).toString(16).padStart(8, '0') + afterAddress + spell(row) + beforeText + asText(row))
    .join('\n');
}

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
    ['JSON that escapes what base64 has', `{"exi":"${escaped(exi.toString('base64'))}"}`],
    ['a form', `exi=${encodeURIComponent(exi.toString('base64'))}&more=1`],
    ['octets of a program', `byte[] exi = { ${spaced.replaceAll(/(..) ?/g, '0x$1, ')}};`],
    ['xxd', dump((row) => row.replaceAll(/(....)/g, '$1 '), ': ', '  ')],
    ['hexdump -C', dump((row) => row.replaceAll(/(..)/g, '$1 '), '  ', ' |')],
  ])('ok/%s', (_name, text) => {
    expect(Buffer.from(messageInText(text)?.exi ?? []).toString('hex')).toBe(hex);
  });

  test('ok/base64 in lines between other lines', () => {
    const many = Array.from({ length: 12 }, (_, at) => ({ ...protocol, SchemaID: at, Priority: at + 1 }));
    const long = Buffer.from(encode(appProtocol, { supportedAppProtocolReq: { AppProtocol: many } }));
    const lines = long.toString('base64').match(/.{1,76}/g) ?? [];
    expect(lines.length).toBeGreaterThan(2);
    const found = messageInText(`the charger sent\n${lines.join('\n')}\nand waits`);
    expect(Buffer.from(found?.exi ?? []).toString('hex')).toBe(long.toString('hex'));
  });

  test('ok/a V2GTP frame in a log line, with what its header says', () => {
    const found = messageInText(`frame=01fe8001${length}${hex}`);
    expect(found?.v2gtp).toMatchObject({ payloadType: 0x8001, payloadLength: exi.length, octetsBehind: exi.length });
  });

  test('ok/octets that are no message are given as they are, so that what is wrong can be told', () => {
    expect(Buffer.from(messageInText('8098ffffffff')?.exi ?? []).toString('hex')).toBe('8098ffffffff');
  });

  // A quadratic search would take hours here, not a part of a second.
  test.each([
    ['backslashes', '\\'.repeat(1_000_000)],
    ['hexadecimal', 'ab'.repeat(500_000)],
    ['lines of base64', `${'A'.repeat(76)}\n`.repeat(13_000)],
    ['rows of a dump', `0000 ${'ab '.repeat(40)}zz\n`.repeat(8_000)],
  ])('fail/a million of %s, and an end', (_name, text) => {
    expect(messageInText(`${text}!`)?.exi[0]).not.toBe(0x80);
  });

  test.each([
    ['words', 'there is nothing in here'],
    ['nothing', '  '],
    ['other base64', `token ${Buffer.from('no message at all, only text').toString('base64')}.`],
  ])('fail/%s', (_name, text) => {
    expect(messageInText(text)).toBeUndefined();
  });
});
