import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_BODY_LIMIT } from '../../http/body-limit.ts';
import { httpServer } from '../../http/server.ts';
import { consoleRoutes } from './console-routes.ts';

describe('console', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plugpool-console-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('fail/not built: how to build it; ok/built later: there without a restart', async () => {
    const app = httpServer({ logger: pino({ level: 'silent' }), bodyLimit: DEFAULT_BODY_LIMIT });
    await app.register(consoleRoutes(folder));
    const before = await app.inject({ url: '/console' });
    expect([before.statusCode, before.body]).toEqual([503, expect.stringContaining('npm run console')]);

    await writeFile(join(folder, 'index.html'), '<meta name="csp-nonce" content="{{nonce}}">');
    await writeFile(join(folder, 'plug.svg'), '<svg/>');
    const page = await app.inject({ url: '/console/any/where' });
    const policy = String(page.headers['content-security-policy']);
    const [, nonce] = /'nonce-([^']+)'/.exec(policy) ?? [];
    expect(page.body).toBe(`<meta name="csp-nonce" content="${nonce}">`);
    expect(policy).not.toContain('unsafe');
    expect((await app.inject({ url: '/console' })).body).not.toBe(page.body);

    const file = await app.inject({ url: '/console/plug.svg', headers: { 'accept-encoding': 'gzip' } });
    expect([file.headers['content-type'], file.headers['content-encoding']]).toEqual(['image/svg+xml', 'gzip']);
    expect((await app.inject({ url: '/console/assets/of-another-build.js' })).statusCode).toBe(404);
    expect((await app.inject({ url: '/console/..%2f..%2fpackage.json' })).headers['content-type']).toContain('html');
  });
});
