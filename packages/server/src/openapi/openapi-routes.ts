/** Serves the documents at `/openapi/…` and the pages that show them at `/docs`. */
import { readFile } from 'node:fs/promises';
import type { FastifyPluginAsync } from 'fastify';
import type { DialectName, DialectOperations } from './dialect-descriptions.ts';

const names: readonly DialectName[] = ['opnc', 'opcp', 'quickstart', 'admin'];

/** Everything is loaded, made and read when it is asked for first: the start of the server pays nothing for it. */
export function openApiRoutes(operations: () => Promise<DialectOperations>): FastifyPluginAsync {
  return async (app) => {
    for (const name of names) {
      const text = once(async () => JSON.stringify(await documentOf(name)));
      app.get(`/openapi/${name}.json`, async (_request, reply) => {
        return reply
          .type('application/json; charset=utf-8')
          .header('cache-control', 'no-cache')
          .send(await text());
      });
    }
    app.get('/docs', async (_request, reply) => {
      return reply.headers(pageHeaders).type('text/html; charset=utf-8').send(page);
    });
    app.get('/docs/start.js', async (_request, reply) => {
      return reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(script);
    });
    for (const [name, type] of Object.entries(assets)) {
      const content = once(() =>
        readFile(new URL(`static/${name}`, import.meta.resolve('@fastify/swagger-ui/package.json'))),
      );
      app.get(`/docs/${name}`, async (_request, reply) => {
        return reply
          .type(type)
          .header('cache-control', 'public, max-age=86400')
          .send(await content());
      });
    }
  };

  async function documentOf(name: DialectName) {
    const [{ openApiDocument }, { dialectDescriptions }] = await Promise.all([
      import('./document.ts'),
      import('./dialect-descriptions.ts'),
    ]);
    return openApiDocument(dialectDescriptions(await operations())[name]);
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Files of Swagger UI and their types. */
const assets: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Nothing comes from anywhere else, and nothing goes anywhere else. */
const pageHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
};

const page = `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>plugpool: interfaces</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="interfaces"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/swagger-ui-standalone-preset.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const script = `SwaggerUIBundle({
  dom_id: '#interfaces',
  urls: [
    { name: 'OPNC', url: '/openapi/opnc.json' },
    { name: 'OPCP 1.0', url: '/openapi/opcp.json' },
    { name: 'Quick start 2018', url: '/openapi/quickstart.json' },
    { name: 'Administration', url: '/openapi/admin.json' },
  ],
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
});
`;
