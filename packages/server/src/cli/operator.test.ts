import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plugpool } from '../../test/command-line.ts';

describe('plugpool operator', () => {
  let data = '';
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'plugpool-operator-'));
  });
  afterAll(() => rm(data, { recursive: true }));

  const operator = (...argv: string[]) =>
    plugpool(['operator', ...argv, '--data', data], { env: { PLUGPOOL_PUBLIC_URL: 'https://pnc.example' } });

  test('ok/add, list, reset, disable, enable, sign-out', async () => {
    expect(await operator('list')).toEqual({ code: 0, out: 'no operators\n', err: '' });
    const added = JSON.parse((await operator('add', 'Anna@Example.org', '--json')).out);
    expect(added).toEqual({
      name: 'anna@example.org',
      link: expect.stringMatching(/^https:\/\/pnc\.example\/console\/enrol#[\w-]{43}$/),
      until: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect((await operator('list')).out).toMatch(/anna@example\.org {2}invited/);
    const reset = await operator('reset', 'anna@example.org', '--public-url', 'https://other.example');
    expect(reset.out).toMatch(/link {6}https:\/\/other\.example\/console\/enrol#[\w-]{43}\n/);
    expect(reset.out).not.toContain(added.link.split('#')[1]);
    expect((await operator('disable', 'anna@example.org')).out).toBe('disabled anna@example.org\n');
    expect(JSON.parse((await operator('list', '--json')).out)).toEqual([
      { name: 'anna@example.org', state: 'disabled', createdAt: expect.any(String) },
    ]);
    expect((await operator('enable', 'anna@example.org')).code).toBe(0);
    expect((await operator('sign-out', 'anna@example.org')).out).toBe('anna@example.org: 0 sessions ended\n');
  });

  test.each([
    [['add', 'anna@example.org'], 1, 'plugpool operator: name : there is an operator "anna@example.org" already\n'],
    [['add', 'a b'], 1, /name : must have 2 to 100 letters/],
    [['reset', 'nobody'], 1, 'plugpool operator: There is no operator "nobody"\n'],
    [['disable', 'not a name'], 1, /There is no operator/],
    [['add'], 2, /name an operator/],
    [['add', 'one', 'two'], 2, /"two" is one word too many/],
    [['remove', 'one'], 2, /the first word must be one of add, list/],
    [['add', 'one', '--public-url', 'nonsense'], 2, /--public-url: must be a URL/],
  ])('fail/%j', async (argv, code, err) => {
    const answer = await operator(...argv);
    expect(answer).toEqual({ code, out: '', err: typeof err === 'string' ? err : expect.stringMatching(err) });
  });
});
