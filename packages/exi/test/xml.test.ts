import { SaxesParser, type SaxesTagNS } from 'saxes';
import { describe, expect, test } from 'vitest';
import {
  appProtocol,
  type DocumentOf,
  decode,
  ExiError,
  encode,
  fromJson,
  iso15118_2,
  type Limits,
  type SchemaSet,
  toXml,
  type XmlAttribute,
  xmlDocumentBuilder,
  xmldsig,
} from '../src/index.ts';
import { fromHex, setNamed, toHex, vectorsIn } from './vectors.ts';

function documentIn<S extends SchemaSet>(set: S, xml: string): DocumentOf<S> {
  const builder = xmlDocumentBuilder(set);
  const parser = new SaxesParser({ xmlns: true });
  parser.on('opentag', (tag: SaxesTagNS) => {
    const attributes = Object.values(tag.attributes).map(({ uri, local, value }) => ({ uri, local, value }));
    builder.open(tag.uri, tag.local, attributes);
  });
  parser.on('text', (text) => builder.text(text));
  parser.on('closetag', () => builder.close());
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return builder.result();
}

describe.each(['iso15118-2', 'iso15118-20-common', 'app-protocol'])('XML form of %s', (name) => {
  const set = setNamed(name);

  test.each(vectorsIn(name))('comes back as the same stream/$name', ({ exiHex }) => {
    expect(toHex(encode(set, documentIn(set, toXml(set, decode(set, fromHex(exiHex))))))).toBe(exiHex);
  });
});

const appReq = fromJson(appProtocol, {
  supportedAppProtocolReq: {
    AppProtocol: [
      { ProtocolNamespace: 'a<b>&"\t', VersionNumberMajor: 2, VersionNumberMinor: 0, SchemaID: 1, Priority: 1 },
    ],
  },
});

test('namespaces, escapes and order as the schema has them', () => {
  expect(toXml(appProtocol, appReq)).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<app:supportedAppProtocolReq xmlns:app="urn:iso:15118:2:2010:AppProtocol"><AppProtocol>' +
      '<ProtocolNamespace>a&lt;b&gt;&amp;&quot;&#9;</ProtocolNamespace><VersionNumberMajor>2</VersionNumberMajor>' +
      '<VersionNumberMinor>0</VersionNumberMinor><SchemaID>1</SchemaID><Priority>1</Priority></AppProtocol>' +
      '</app:supportedAppProtocolReq>\n',
  );
});

test('binary is base64 or hex as its type says, qualified attributes keep their namespace', () => {
  const xml = toXml(iso15118_2, {
    V2G_Message: {
      Header: { SessionID: Uint8Array.of(0xab, 0xcd) },
      Body: { AuthorizationReq: { Id: 'id1', GenChallenge: Uint8Array.of(0xff, 0xee) } },
    },
  });
  expect(xml).toContain('<hdr:SessionID>abcd</hdr:SessionID>');
  expect(xml).toContain('<body:AuthorizationReq body:Id="id1"><body:GenChallenge>/+4=</body:GenChallenge>');
});

test('invalid-value/a character that XML cannot hold', () => {
  const document = fromJson(iso15118_2, {
    V2G_Message: {
      Header: { SessionID: '00', Notification: { FaultCode: 'UnknownError', FaultMsg: '\u0000' } },
      Body: {},
    },
  });
  expect(() => toXml(iso15118_2, document)).toThrow(
    expect.objectContaining({ code: 'invalid-value', path: 'V2G_Message/Header/Notification/FaultMsg' }),
  );
});

describe('XML that does not fit the schema', () => {
  const ns = 'urn:iso:15118:2:2010:AppProtocol';
  const req = (inner: string) => `<a:supportedAppProtocolReq xmlns:a="${ns}">${inner}</a:supportedAppProtocolReq>`;
  const entry = (inner: string) => req(`<AppProtocol>${inner}</AppProtocol>`);
  const cases: [name: string, xml: string, code: string, path: string][] = [
    ['unknown-element/root of another namespace', '<supportedAppProtocolReq/>', 'unknown-element', ''],
    ['unknown-element/no such child', req('<Foo/>'), 'unknown-element', 'supportedAppProtocolReq'],
    [
      'unknown-element/child in the wrong order',
      entry('<Priority>1</Priority>'),
      'unknown-element',
      'supportedAppProtocolReq/AppProtocol[0]',
    ],
    ['missing-field/ends too early', req(''), 'missing-field', 'supportedAppProtocolReq'],
    [
      'unknown-element/twenty-one entries',
      req(
        '<AppProtocol><ProtocolNamespace/><VersionNumberMajor>1</VersionNumberMajor><VersionNumberMinor>1</VersionNumberMinor><SchemaID>1</SchemaID><Priority>1</Priority></AppProtocol>'.repeat(
          21,
        ),
      ),
      'unknown-element',
      'supportedAppProtocolReq',
    ],
    [
      'invalid-value/not a number',
      entry('<ProtocolNamespace>x</ProtocolNamespace><VersionNumberMajor>two</VersionNumberMajor>'),
      'invalid-value',
      'supportedAppProtocolReq/AppProtocol[0]/VersionNumberMajor',
    ],
    [
      'out-of-range/number over the bound',
      entry('<ProtocolNamespace>x</ProtocolNamespace><VersionNumberMajor>4294967296</VersionNumberMajor>'),
      'out-of-range',
      'supportedAppProtocolReq/AppProtocol[0]/VersionNumberMajor',
    ],
    ['unsupported-event/text between elements', req('text'), 'unsupported-event', 'supportedAppProtocolReq'],
    [
      'unknown-element/element inside text',
      entry('<ProtocolNamespace><x/></ProtocolNamespace>'),
      'unknown-element',
      'supportedAppProtocolReq/AppProtocol[0]/ProtocolNamespace',
    ],
    [
      'unknown-field/attribute that the type does not have',
      req('<AppProtocol Id="1"/>'),
      'unknown-field',
      'supportedAppProtocolReq/AppProtocol[0]',
    ],
    [
      'unsupported-event/xsi:nil',
      req('<AppProtocol xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'),
      'unsupported-event',
      'supportedAppProtocolReq/AppProtocol[0]',
    ],
  ];

  test.each(cases)('%s', (_, xml, code, path) => {
    let thrown: unknown;
    try {
      documentIn(appProtocol, xml);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ExiError);
    expect(thrown).toMatchObject({ code, path });
  });

  test('abstract-element/head of a substitution group', () => {
    const builder = xmlDocumentBuilder(iso15118_2);
    builder.open('urn:iso:15118:2:2013:MsgDef', 'V2G_Message', []);
    builder.open('urn:iso:15118:2:2013:MsgDef', 'Header', []);
    builder.open('urn:iso:15118:2:2013:MsgHeader', 'SessionID', []);
    builder.text('00');
    builder.close();
    builder.close();
    builder.open('urn:iso:15118:2:2013:MsgDef', 'Body', []);
    const open = () => builder.open('urn:iso:15118:2:2013:MsgBody', 'BodyElement', []);
    expect(open).toThrow(expect.objectContaining({ code: 'abstract-element' }));
  });

  test('missing-field/required attribute', () => {
    const builder = xmlDocumentBuilder(iso15118_2);
    const open = (attributes: XmlAttribute[]) =>
      builder.open('http://www.w3.org/2000/09/xmldsig#', 'DigestMethod', attributes);
    expect(() => open([])).toThrow(expect.objectContaining({ code: 'missing-field', expected: ['Algorithm'] }));
  });

  const key = 'http://www.w3.org/2000/09/xmldsig#';
  const manyNames = (limits: Partial<Limits>, action: (builder: ReturnType<typeof xmlDocumentBuilder>) => void) => {
    const builder = xmlDocumentBuilder<SchemaSet>(xmldsig, { limits });
    builder.open(key, 'KeyInfo', []);
    return () => {
      for (let turn = 0; turn < 20; turn++) action(builder);
    };
  };
  const name = (builder: ReturnType<typeof xmlDocumentBuilder>) => {
    builder.open(key, 'KeyName', []);
    builder.close();
  };

  const limited: [title: string, limits: Partial<Limits>, action: typeof name][] = [
    ['text without end', { inputOctets: 1000 }, (builder) => builder.text(' '.repeat(100))],
    ['elements without end', { inputOctets: 100 }, name],
    [
      'attributes without end',
      { inputOctets: 500 },
      (builder) => {
        builder.open(key, 'RetrievalMethod', [{ uri: '', local: 'URI', value: 'x'.repeat(100) }]);
        builder.close();
      },
    ],
    ['entries of a list', { occurrences: 10 }, name],
    ['nesting', { depth: 1 }, name],
  ];

  test.each(limited)('limit-exceeded/%s', (_, limits, action) => {
    expect(manyNames(limits, action)).toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
  });

  test('truncated/result before the end', () => {
    expect(() => xmlDocumentBuilder(appProtocol).result()).toThrow(expect.objectContaining({ code: 'truncated' }));
  });
});
