import { readFileSync } from 'node:fs';
import { decode, encode, iso15118_2, toXml, xmlDocumentBuilder } from '@plugpool/exi';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseXml, readCertificate, readFlatXml, verifyMessageSignature, XmlError } from '../src/index.ts';

const exi = readFileSync(new URL('./vectors/opnc-certificate-installation-res.exi', import.meta.url));
const xml = toXml(iso15118_2, decode(iso15118_2, exi));
const parse = (text: string | Uint8Array) => parseXml(text, xmlDocumentBuilder(iso15118_2));

describe('parseXml', () => {
  test('ok/the response of a public ecosystem comes back bit for bit, its signature whole', () => {
    const document = parse(Buffer.from(xml));
    expect(Buffer.from(encode(iso15118_2, document))).toEqual(exi);
    if (!('V2G_Message' in document) || document.V2G_Message === undefined) {
      throw new Error('no message');
    }
    const { Body } = document.V2G_Message;
    if (!('CertificateInstallationRes' in Body) || Body.CertificateInstallationRes === undefined) {
      throw new Error('no response');
    }
    const leaf = readCertificate(Body.CertificateInstallationRes.SAProvisioningCertificateChain.Certificate);
    expect(verifyMessageSignature(document, leaf).valid).toBe(true);
  });

  test('ok/byte order mark, declaration, comments, processing instructions, CDATA', () => {
    const dressed = xml
      .replace(/^(<\?xml[^>]*>)?/, '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand --><?look away?>')
      .replace(/>DEICECOPNCCERT</, '><![CDATA[DEICEC]]>OPNC<!-- -->CERT<');
    expect(Buffer.from(encode(iso15118_2, parse(Buffer.from(dressed))))).toEqual(exi);
  });

  test.each([
    ['doctype', 'document type', xml.replace(/<V2G|<\w+:V2G/, '<!DOCTYPE x [<!ENTITY a "b">]>$&')],
    ['not-well-formed', 'entity that is none', xml.replace('DEICEC', '&a;')],
    ['not-well-formed', 'cut off', xml.slice(0, -20)],
    ['not-well-formed', 'two roots', xml + xml],
    ['not-well-formed', 'nothing', ''],
    ['not-well-formed', 'prefix of no namespace', xml.replace('ResponseCode', 'nope:ResponseCode')],
    ['wrong-content', 'element of another message', xml.replaceAll('ResponseCode', 'ResponseCod')],
    ['wrong-content', 'another namespace', xml.replace('urn:iso:15118:2:2013:MsgDef', 'urn:iso:15118:2:2010:MsgDef')],
    ['too-large', 'forty attributes', `<a ${Array.from({ length: 40 }, (_, index) => `a${index}="1"`).join(' ')}/>`],
    ['too-large', 'more than 256 KiB', xml.padEnd(262_145, ' ')],
  ] as const)('refused as %s/%s', (kind, _reason, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ name: 'XmlError', kind }));
  });

  test('refused as too-deep/20,000 levels, whatever the builder takes', () => {
    const anything = { open: () => {}, text: () => {}, close: () => {}, result: () => undefined };
    expect(parseXml('<a>'.repeat(32) + '</a>'.repeat(32), anything)).toBeUndefined();
    expect(() => parseXml('<a>'.repeat(20_000), anything)).toThrow(expect.objectContaining({ kind: 'too-deep' }));
  });

  test('refused as not-utf8/Latin-1', () => {
    expect(() => parse(Buffer.from(xml.replace('OK', 'Ö'), 'latin1'))).toThrow(
      expect.objectContaining({ kind: 'not-utf8' }),
    );
  });

  test('refused/told with line and column', () => {
    expect(() => readFlatXml('<a>\n  <b>1</c>\n</a>')).toThrow(/\(line 2, column \d+\)$/);
  });

  test('property/any text ends in a document or an XmlError', () => {
    const pieces = fc.constantFrom(
      '<a>',
      '</a>',
      '<b x="',
      '"',
      '>',
      '/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&lt;',
      'x',
      '<?p',
      '?>',
      '<!DOCTYPE',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces).map((all) => all.join('')),
          fc.string(),
        ),
        (text) => {
          try {
            expect(readFlatXml(text)).toBeTypeOf('object');
          } catch (error) {
            expect(error).toBeInstanceOf(XmlError);
          }
        },
      ),
    );
  });
});

describe('readFlatXml', () => {
  test('ok/children of any root by local name', () => {
    const body =
      '<r:Order xmlns:r="urn:x" xmlns="urn:y"><r:emaid> DE-8AA-1 </r:emaid><pcid>W&amp;M</pcid><empty/></r:Order>';
    expect(readFlatXml(Buffer.from(body))).toEqual({ emaid: 'DE-8AA-1', pcid: 'W&M', empty: '' });
  });

  test('ok/a field called __proto__ is a field', () => {
    const fields = readFlatXml('<r><__proto__>x</__proto__></r>');
    expect(Object.keys(fields)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
  });

  test.each([
    ['element inside a field', '<r><a><b/></a></r>'],
    ['four levels', '<r><a><b><c/></b></a></r>'],
    ['field twice', '<r><a>1</a><a>2</a></r>'],
    ['text between fields', '<r>x<a>1</a></r>'],
    ['JSON', '{"a":1}'],
  ])('refused/%s', (_reason, text) => {
    expect(() => readFlatXml(text)).toThrow(XmlError);
  });
});
