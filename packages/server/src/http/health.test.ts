import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { eachStore } from '../../test/stores.ts';
import { DEFAULT_BODY_LIMIT } from './body-limit.ts';
import { healthRoutes } from './health.ts';
import { mount } from './route.ts';
import { httpServer } from './server.ts';

describe.each(eachStore())('health on $kind', ({ open }) => {
  test.each([
    ['ok/keys at hand', [], 200, { status: 'ready' }],
    [
      'fail/keys away, and not which token',
      ['/lib/hsm.so has no token "pool"'],
      503,
      { status: 'not ready', reasons: ['the token with the keys does not answer'] },
    ],
  ])('%s', async (_name, problems, status, body) => {
    const app = httpServer({ logger: pino({ level: 'silent' }), bodyLimit: DEFAULT_BODY_LIMIT });
    mount(app, healthRoutes({ store: await open(), keyProblems: async () => problems }));
    const ready = await app.inject({ url: '/health/ready' });
    expect([ready.statusCode, ready.json()]).toEqual([status, body]);
    expect((await app.inject({ url: '/health/live' })).statusCode).toBe(200);
  });
});
