/** The documents at `/openapi/…` and the pages at `/docs`. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, test } from 'vitest';
import { at } from './dialects.ts';
import { eachServer, type TestServer } from './running-server.ts';

const names = ['opnc', 'opcp', 'quickstart', 'admin'] as const;

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  test.each(names)('ok/%s is valid OpenAPI 3.1 in the eyes of another', async (name) => {
    const response = await fetch(`${server.url}/openapi/${name}.json`);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const document: unknown = await response.json();
    const validator = new Validator();
    expect(await validator.validate(Object(document))).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test.each(names)(
    'ok/every operation of %s has a name of its own, a summary, answers and an error body',
    async (name) => {
      const document: unknown = await (await fetch(`${server.url}/openapi/${name}.json`)).json();
      const operations = Object.entries(Object(at(document, 'paths'))).flatMap(([path, methods]) =>
        Object.entries(Object(methods)).map(([method, operation]) => ({
          name: `${method} ${path}`,
          method,
          operation,
        })),
      );
      expect(operations.length).toBeGreaterThan(7);
      const ids = operations.map(({ operation }) => at(operation, 'operationId'));
      expect(new Set(ids).size).toBe(ids.length);
      for (const { name: title, method, operation } of operations) {
        expect(at(operation, 'summary'), title).toMatch(/^\p{Lu}.*[^.]$/u);
        expect(at(operation, 'tags'), title).toHaveLength(1);
        const statuses = Object.keys(Object(at(operation, 'responses'))).filter((status) => status.startsWith('2'));
        // What another operator has to approve is answered with 202.
        expect(
          statuses.filter((status) => status !== '202' || statuses.length === 1),
          title,
        ).toHaveLength(1);
        if (method === 'head') continue;
        const error = at(operation, 'responses', '500', 'content', 'application/json', 'schema', '$ref');
        expect(error, title).toBe('#/components/schemas/Error');
      }
    },
  );

  // Schemas are compiled when there is something to check, and a wrong pattern would be noticed no sooner.
  test.each(names)('ok/every pattern of %s compiles', async (name) => {
    const patterns = patternsIn(await (await fetch(`${server.url}/openapi/${name}.json`)).json());
    expect(patterns.length).toBeGreaterThan(5);
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u'), pattern).not.toThrow();
  });

  test('ok/what stands in the header of an answer is in the document', async () => {
    const document: unknown = await (await fetch(`${server.url}/openapi/opnc.json`)).json();
    const headersOf = (path: string) =>
      Object.keys(Object(at(document, 'paths', path, 'get', 'responses', '200', 'headers')));
    const page = await fetch(`${server.url}/opnc/v1/rcp/rootcertificates?limit=1`);
    const stated = headersOf('/opnc/v1/rcp/rootcertificates');
    expect(stated).toEqual(['X-Total-Count', 'X-Limit', 'Link']);
    for (const name of stated) expect(page.headers.get(name), name).not.toBeNull();
    const authorities = await fetch(`${server.url}/opnc/v1/pki/est/cacerts?caDomain=oem`);
    expect(headersOf('/opnc/v1/pki/est/cacerts')).toEqual(['Content-Transfer-Encoding']);
    expect(authorities.headers.get('content-transfer-encoding')).toBe('base64');
  });

  test('ok/the pages need nothing from elsewhere', async () => {
    const page = await fetch(`${server.url}/docs`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const links = [...(await page.text()).matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link]) => String(link));
    expect(links.length).toBe(5);
    for (const link of links) {
      expect(link).toMatch(/^\/docs\//);
      const linked = await fetch(server.url + link);
      expect(linked.status, link).toBe(200);
      // A body that nobody reads keeps its connection, and with it the server, from closing.
      await linked.arrayBuffer();
    }
  });
});

function patternsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const own = 'pattern' in part && typeof part.pattern === 'string' ? [part.pattern] : [];
  return [...own, ...Object.values(part).flatMap(patternsIn)];
}
