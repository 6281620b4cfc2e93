/** `plugpool party` on the database itself, beside which a server may run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plugpool } from '../../test/command-line.ts';

let data = '';
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'plugpool-party-'));
});
afterAll(() => rm(data, { recursive: true }));

const party = (...argv: string[]) => plugpool(['party', ...argv, '--data', data]);

async function asJson(...argv: string[]) {
  const { code, out, err } = await party(...argv, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out);
}

describe('plugpool party', () => {
  test('ok/a party with identifiers of several brands, in whatever spelling', async () => {
    const added = await asJson(
      'add',
      '--role',
      'emsp,cpo',
      '--name',
      'A',
      '--provider-id',
      'de-abc,DEXYZ',
      '--operator-id',
      'DE*ICE',
      '--pki',
      'own',
    );
    expect(Object.keys(added)).toEqual(['partyId', 'clientId', 'clientSecret']);
    const listed = await asJson('list');
    expect(listed).toEqual([
      {
        partyId: added.partyId,
        name: 'A',
        roles: ['emsp', 'cpo'],
        pki: 'own',
        wmi: [],
        providerId: ['DEABC', 'DEXYZ'],
        operatorId: ['DEICE'],
        cpsRoot: [],
        createdAt: expect.any(String),
        disabled: false,
        clients: [
          { clientId: added.clientId, secrets: 1, publicKeys: 0, createdAt: expect.any(String), disabled: false },
        ],
      },
    ]);
    const { out } = await party('list');
    expect(out).toContain(added.clientId);
    expect(out).not.toContain(added.clientSecret);
  });

  test('ok/rotate, add a client, change, disable, enable', async () => {
    const { partyId, clientId, clientSecret } = await asJson('add', '--role', 'oem', '--wmi', 'WBA');
    const rotated = await asJson('rotate', clientId, '--overlap', '1h');
    expect(Object.keys(rotated)).toEqual(['clientId', 'clientSecret']);
    expect(rotated.clientSecret).not.toBe(clientSecret);
    const further = await asJson('add-client', partyId);
    expect(further.partyId).toBe(partyId);
    const [changed] = await asJson('change', partyId, '--wmi', 'WBA,WBY');
    expect(changed).toMatchObject({ wmi: ['WBA', 'WBY'], clients: [{ secrets: 2 }, { secrets: 1 }] });
    expect(await party('disable', partyId, clientId)).toMatchObject({
      code: 0,
      out: `disabled ${partyId}\ndisabled ${clientId}\n`,
    });
    const states = async () => (await asJson('list')).find((each: { partyId: string }) => each.partyId === partyId);
    expect(await states()).toMatchObject({ disabled: true, clients: [{ disabled: true }, { disabled: false }] });
    await party('enable', partyId);
    expect(await states()).toMatchObject({ disabled: false, clients: [{ disabled: true }, { disabled: false }] });
  });

  test('fail/ids of nobody, and an identifier without its role', async () => {
    expect(await party('rotate', 'x')).toEqual({
      code: 1,
      out: '',
      err: 'plugpool party: There is no client with the given ID\n',
    });
    expect(await party('change', 'x', '--name', 'y')).toMatchObject({ code: 1, out: '' });
    expect(await party('add', '--role', 'cpo', '--wmi', 'WBA')).toMatchObject({
      code: 1,
      err: 'plugpool party: wmi : is for the role oem, which the party does not have\n',
    });
  });
});
