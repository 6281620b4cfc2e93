/** What Postman runs behind each call: status, shape, what is expected of it, and what later calls need of it. */
import type { Step } from './collection.ts';
import type { Json } from './document.ts';

/** Lines of JavaScript for Postman's sandbox. `schema` is that of the answer. */
export function testScript(step: Step, schema: Json | undefined): string[] {
  const { status, refusal, keep = {}, keepCertificates, expect = {} } = step;
  const lines = [`pm.test('answers ${status}', () => pm.response.to.have.status(${status}));`];
  if (schema !== undefined) {
    lines.push(
      `const schema = ${JSON.stringify(schema)};`,
      "pm.test('fits its schema', () => pm.response.to.have.jsonSchema(schema));",
    );
  }
  const places = Object.entries(expect);
  if (places.length > 0 || Object.keys(keep).length > 0) lines.push('const answer = pm.response.json();');
  if (refusal !== undefined) {
    lines.push(
      `pm.test('says why', () => pm.expect(pm.response.json().errorMessages[0]).to.equal(${JSON.stringify(refusal)}));`,
    );
  }
  for (const [place, value] of places) {
    const expected = typeof value === 'string' ? filled(value) : JSON.stringify(value);
    lines.push(`pm.test('${place} is as expected', () => pm.expect(answer.${place}).to.eql(${expected}));`);
  }
  for (const [name, place] of Object.entries(keep)) {
    lines.push(`pm.collectionVariables.set('${name}', answer.${place});`);
  }
  if (keepCertificates !== undefined) lines.push(...certificateLines(keepCertificates));
  return lines;
}

/** Only text is compared with variables. */
function filled(text: string): string {
  return `pm.variables.replaceIn(${JSON.stringify(text)})`;
}

/** Certificates of a certs-only message (RFC 7030 §4.1.3): the members of [0] in its SignedData. */
function certificateLines(variables: Readonly<Record<string, number>>): string[] {
  return [
    "const der = require('buffer').Buffer.from(pm.response.text(), 'base64');",
    'function element(at) {',
    '  let [length, start] = [der[at + 1], at + 2];',
    '  if (length > 0x80) {',
    '    const octets = length - 0x80;',
    '    length = der.readUIntBE(start, octets);',
    '    start += octets;',
    '  }',
    '  return { tag: der[at], at, start, end: start + length };',
    '}',
    'function inside({ start, end }) {',
    '  const found = [];',
    '  for (let at = start; at < end; at = found.at(-1).end) found.push(element(at));',
    '  return found;',
    '}',
    'const [signedData] = inside(inside(element(0))[1]);',
    'const certificates = inside(inside(signedData).find(({ tag }) => tag === 0xa0));',
    "const texts = certificates.map(({ at, end }) => der.subarray(at, end).toString('base64'));",
    ...Object.entries(variables).flatMap(([name, index]) => [
      `pm.test('has ${name}', () => pm.expect(texts[${index}]).to.be.a('string'));`,
      `pm.collectionVariables.set('${name}', texts[${index}]);`,
    ]),
  ];
}
