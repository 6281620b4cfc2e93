import { expect, test } from 'vitest';
import { paintFor } from './paint.ts';

test.each([
  { name: 'a terminal', isTty: true, env: {}, painted: true },
  { name: 'no terminal', isTty: false, env: {}, painted: false },
  { name: 'NO_COLOR', isTty: true, env: { NO_COLOR: '1' }, painted: false },
  { name: 'an empty NO_COLOR counts as none', isTty: true, env: { NO_COLOR: '' }, painted: true },
  { name: 'a dumb terminal', isTty: true, env: { TERM: 'dumb' }, painted: false },
])('$name', ({ isTty, env, painted }) => {
  expect(paintFor({ isTty, env }).good('x')).toBe(painted ? '\u001b[32mx\u001b[0m' : 'x');
});
