/** XML: the body of generate, which may come as XML, and signed contract data, which comes as XML in base64. */
import { decode, iso15118_2, toXml } from '@plugpool/exi';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Call } from './dialects.ts';
import { examplesOf } from './examples.ts';
import type { JsonObject } from './json-places.ts';
import { callOf, type Example, type Samples, samplesOn, withBody } from './operations.ts';
import { expectRefused, type Spoilt, send } from './refusal.ts';
import { base64 } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

const generate = ['PUT /opnc/v1/cps/contractData/generateandsign', 'PUT /v1/cps/generate/signedContractData'];
const xmlTypes = ['application/xml', 'text/xml; charset=utf-8'];

/** What no reader of XML may take, or none that trusts nobody. `inside` is what a good root element holds. */
function hostile(inside: string): [string, string | Uint8Array][] {
  const root = (content: string) => `<generate>${content}</generate>`;
  const declared = (declaration: string, content = inside) => `<?xml version="1.0"?>${declaration}${root(content)}`;
  const laughs = Array.from({ length: 12 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`);
  return [
    ['words', 'no XML at all'],
    ['JSON', '{"pcid":"WMI12345678901234"}'],
    ['a tag that is open', '<generate'],
    ['an element that is open', `<generate>${inside}`],
    ['tags that cross', '<generate><pcid></generate></pcid>'],
    ['two roots', root(inside) + root(inside)],
    ['text behind the root', `${root(inside)}and so on`],
    ['a declaration further down', `${root(inside)}<?xml version="1.0"?>`],
    ['a DOCTYPE', declared('<!DOCTYPE generate>')],
    ['an entity', declared('<!DOCTYPE g [<!ENTITY e "x">]>', `${inside}<more>&e;</more>`)],
    ['an entity of a file', declared('<!DOCTYPE g [<!ENTITY e SYSTEM "file:///etc/passwd">]>', '<pcid>&e;</pcid>')],
    ['an entity of a server', declared('<!DOCTYPE g SYSTEM "http://127.0.0.1:9/x.dtd">')],
    ['a parameter entity', declared('<!DOCTYPE g [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x"> %e;]>')],
    ['entities of entities', declared(`<!DOCTYPE g [<!ENTITY l0 "ha">${laughs.join('')}]>`, '<pcid>&l12;</pcid>')],
    ['an entity that nobody declared', root(`${inside}<more>&unheard;</more>`)],
    ['half an entity', root(`${inside}<more>& more</more>`)],
    ['a character that XML lacks', root(`${inside}<more>&#0;</more>`)],
    ['half of a surrogate pair', root(`${inside}<more>&#xD83D;</more>`)],
    [
      'an octet that is no UTF-8',
      Buffer.concat([Buffer.from('<generate>'), Uint8Array.of(0xff), Buffer.from('</generate>')]),
    ],
    ['UTF-16', Buffer.from(`\ufeff${root(inside)}`, 'utf16le')],
    ['zero octets', new Uint8Array(100)],
    ['an attribute twice', `<generate a="1" a="2">${inside}</generate>`],
    ['a prefix that nobody declared', `<x:generate>${inside}</x:generate>`],
    [
      '1,000 attributes',
      `<generate ${Array.from({ length: 1000 }, (_, at) => `a${at}=""`).join(' ')}>${inside}</generate>`,
    ],
    ['elements 20,000 deep', '<a>'.repeat(20_000) + '</a>'.repeat(20_000)],
    ['elements 20,000 deep, all open', '<a>'.repeat(20_000)],
    ['tags without end', '<'.repeat(150_000)],
    ['an end of CDATA', root(`${inside}<more>]]></more>`)],
  ];
}

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let samples: Samples;
  let examples: Map<string, Example & { readonly body: JsonObject }>;
  beforeAll(async () => {
    server = await start();
    samples = await samplesOn(server.url);
    const all = withBody(examplesOf({ opnc: samples, opcp: samples, quickstart: samples }));
    examples = new Map(all.map((example) => [example.name, example]));
  });

  const refusesAll = (calls: readonly Spoilt[]) => expectRefused(server, calls);

  function fieldsOf(name: string): [string, string][] {
    return Object.entries(examples.get(name)?.body ?? {}).map(([field, value]) => [field, String(value)]);
  }

  const elements = (fields: readonly (readonly [string, string])[]) =>
    fields.map(([name, text]) => `<${name}>${text}</${name}>`).join('');

  function asXml(name: string, xml: string | Uint8Array, type = xmlTypes[0] ?? ''): Call {
    const { headers, ...example } = callOf({ name, good: 201 });
    return { ...example, headers: { ...headers, 'content-type': type }, body: xml };
  }

  test('fail/hostile bodies', async () => {
    await refusesAll(
      generate.flatMap((name) =>
        xmlTypes.flatMap((type) =>
          hostile(elements(fieldsOf(name))).map(([title, xml]) => ({
            title: `${title} at ${name} as ${type}`,
            call: asXml(name, xml, type),
            names: 'body : ',
          })),
        ),
      ),
    );
  });

  test('fail/bodies that are no flat list of fields', async () => {
    await refusesAll(
      generate.flatMap((name) => {
        const fields = fieldsOf(name);
        const inside = elements(fields);
        const cases: [string, string, string][] = [
          ['a field twice', `${inside}<pcid>WMI12345678901234</pcid>`, 'body : element pcid comes twice'],
          [
            'a field twice in two namespaces',
            `${inside}<x:pcid xmlns:x="urn:x">W</x:pcid>`,
            'body : element pcid comes twice',
          ],
          ['an element in a field', '<pcid><b>WMI12345678901234</b></pcid>', 'body : element b inside of pcid'],
          ['text between the fields', `${inside}and more`, 'body : text where elements are expected'],
          ['no fields', '', 'emaid : must not be null'],
          [
            'only fields that nobody knows',
            '<__proto__>x</__proto__><constructor>y</constructor>',
            'pcid : must not be null',
          ],
        ];
        return cases.map(([title, content, names]) => ({
          title: `${title} at ${name}`,
          call: asXml(name, `<g>${content}</g>`),
          names,
        }));
      }),
    );
  });

  test('fail/fields that are missing or wrong, as in JSON', async () => {
    const wrong: [string, string, RegExp][] = [
      ['emaid', 'DE', /^emaid : must match/],
      ['emaid', '', /^emaid : must match/],
      ['pcid', 'WMI', /^pcid : must match/],
      ['contractBegins', 'today', /^The contractBegins does not match the specification/],
      ['contractEnds', '2024-02-01T00:00:00Z', /^The given contractEnds date is in the past/],
      ['xsdMsgDefNamespace', 'urn:x', /^xsdMsgDefNamespace : /],
      ['cpsV2GRootCertificateFingerprint', 'x', /^cpsV2GRootCertificateFingerprint : must match/],
      ['metaData', 'x'.repeat(4097), /^metaData : /],
    ];
    const required = ['emaid', 'pcid', 'contractBegins', 'contractEnds', 'xsdMsgDefNamespace'];
    await refusesAll(
      generate.flatMap((name) => [
        ...required.map((missing) => ({
          title: `no ${missing} at ${name}`,
          call: asXml(name, `<g>${elements(fieldsOf(name).filter(([field]) => field !== missing))}</g>`),
          names: `${missing} : must not be null`,
        })),
        ...wrong.map(([field, text, names]) => ({
          title: `${field} ${text.slice(0, 20)} at ${name}`,
          call: asXml(
            name,
            `<g>${elements([...fieldsOf(name).filter(([each]) => each !== field), [field, text]])}</g>`,
          ),
          names,
        })),
      ]),
    );
  });

  test('fail/hostile contract data', async () => {
    const { body, ...example } = examples.get('PUT /v1/ccp/signedContractData') ?? { name: '', good: 0, body: {} };
    const good = toXml(iso15118_2, decode(iso15118_2, samples.response));
    const changes: [string, string][] = [
      ['another root element', good.replaceAll('V2G_Message', 'V2G_Massage')],
      ['another namespace', good.replaceAll('urn:iso:15118:2:2013:MsgDef', 'urn:iso:15118:2:2010:MsgDef')],
      ['an element nobody knows', good.replace('</v2g:V2G_Message>', '<more/></v2g:V2G_Message>')],
      ['no body', good.replace(/<[^<>]*:Body>[\s\S]*<\/[^<>]*:Body>/, '')],
      ['no header', good.replace(/<[^<>]*:Header>[\s\S]*<\/[^<>]*:Header>/, '')],
      ['a response code nobody knows', good.replace('>OK<', '>FINE<')],
      ['text between elements', good.replace('>OK<', '>OK< and more')],
      ['a session id that is not hexadecimal', good.replace(/SessionID>[0-9A-Fa-f]*</, 'SessionID>zz<')],
      ['a session id of half an octet', good.replace(/SessionID>[0-9A-Fa-f]*</, 'SessionID>012<')],
      ['a value that is not base64', good.replace(/DHpublickey([^>]*)>[^<]*</, 'DHpublickey$1>***<')],
      [
        'xsi:type',
        good.replace(
          '<v2g:V2G_Message',
          '<v2g:V2G_Message xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="x"',
        ),
      ],
    ];
    const digits = '9'.repeat(150_000);
    changes.push([
      'a number of 150,000 digits',
      good.replace(/<\/(\w+):SignatureMethod>/, `<$1:HMACOutputLength>${digits}</$1:HMACOutputLength>$&`),
    ]);
    for (const [title, xml] of changes) expect(xml, title).not.toBe(good);
    const cases: [string, string | Uint8Array][] = [...hostile(''), ...changes, ['nothing', '']];
    await refusesAll(
      cases.map(([title, xml]) => ({
        title,
        call: callOf({ ...example, body: { ...body, signedContractDataXML: base64(Buffer.from(xml)) } }),
        names: 'signedContractDataXML : ',
      })),
    );
  });

  test('ok/any root element, comments, CDATA, references, namespaces', async () => {
    for (const name of generate) {
      const fields = fieldsOf(name).filter(([field]) => field !== 'metaData');
      const xml = `\ufeff<?xml version="1.0" encoding="UTF-8"?><!-- one -->
        <x:whatever xmlns:x="urn:x" a="b"><?pi?>${elements(fields)}<!-- two -->
        <x:metaData><![CDATA[<some>]]> &amp; &#x1F600;</x:metaData></x:whatever>\n`;
      expect((await send(server.url, asXml(name, xml))).status).toBe(201);
    }
  });
});
