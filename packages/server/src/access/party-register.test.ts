/** Parties on both databases: secrets that rotate, and what is disabled. */
import { describe, expect, test } from 'vitest';
import { changed } from '../../test/parties.ts';
import { eachStore } from '../../test/stores.ts';
import { hashOfSecret } from './client-secret.ts';
import { type NewParty, noIdentifiers } from './party.ts';
import { partyRegister } from './party-register.ts';

const emsp: NewParty = {
  name: 'Some eMSP',
  roles: ['emsp'],
  pki: 'own',
  identifiers: { ...noIdentifiers, providerId: ['DEABC', 'DEXYZ'] },
};

describe.each(eachStore())('parties on $kind', ({ open }) => {
  test('ok/a secret is shown once and kept as a hash of 256 bits', async () => {
    const store = await open();
    const register = partyRegister({ store, clock: { now: () => 1 } });
    const { clientId, clientSecret, partyId } = await changed(store, register, async (parties) =>
      parties.addClient(await parties.add(emsp)),
    );
    expect(Buffer.from(clientSecret, 'base64url')).toHaveLength(32);
    const [row] = await store.db.selectFrom('client_secret').selectAll().execute();
    expect(Buffer.from(row?.hash ?? [])).toEqual(Buffer.from(hashOfSecret(clientSecret)));
    expect(await register.authenticate(clientId, clientSecret)).toEqual({ ...emsp, clientId, partyId });
    expect(await register.authenticate(clientId, `${clientSecret}x`)).toBeUndefined();
    expect(await register.authenticate('0'.repeat(32), clientSecret)).toBeUndefined();
    expect(await register.authenticate('\0', clientSecret)).toBeUndefined();
  });

  test('ok/a rotation overlaps, and ends', async () => {
    const store = await open();
    let now = 1_000;
    const register = partyRegister({ store, clock: { now: () => now } });
    const { clientId, clientSecret: first } = await changed(store, register, async (parties) =>
      parties.addClient(await parties.add(emsp)),
    );
    const { clientSecret: second } = await changed(store, register, (parties) => parties.rotate(clientId, 500));
    const good = async (secret: string) => (await register.authenticate(clientId, secret)) !== undefined;
    expect([await good(first), await good(second)]).toEqual([true, true]);
    expect((await register.list())[0]?.clients[0]?.secrets).toBe(2);
    now = 1_500;
    expect([await good(first), await good(second)]).toEqual([false, true]);
    const { clientSecret: third } = await changed(store, register, (parties) => parties.rotate(clientId, 0));
    expect([await good(second), await good(third)]).toEqual([false, true]);
    expect(await store.db.selectFrom('client_secret').selectAll().execute()).toHaveLength(1);
    await expect(changed(store, register, (parties) => parties.rotate('f'.repeat(32), 0))).rejects.toMatchObject({
      kind: 'client-not-found',
    });
  });

  test('ok/a party or one of its clients is disabled and enabled', async () => {
    const store = await open();
    const register = partyRegister({ store, clock: { now: () => 1 } });
    const one = await changed(store, register, async (parties) => parties.addClient(await parties.add(emsp)));
    const other = await changed(store, register, (parties) => parties.addClient(one.partyId));
    const may = async () =>
      await Promise.all(
        [one, other].map(async (each) => [
          (await register.authenticate(each.clientId, each.clientSecret)) !== undefined,
          (await register.callerOf(each.clientId)) !== undefined,
        ]),
      );
    const [yes, no] = [
      [true, true],
      [false, false],
    ];
    expect(await may()).toEqual([yes, yes]);
    await register.disable(one.clientId);
    expect(await may()).toEqual([no, yes]);
    await register.disable(one.partyId);
    expect(await may()).toEqual([no, no]);
    await register.enable(one.clientId);
    await register.enable(one.partyId);
    expect(await may()).toEqual([yes, yes]);
    await expect(register.disable('nobody')).rejects.toMatchObject({ kind: 'party-or-client-not-found' });
  });

  test('ok/another process hears within two seconds that a client is disabled', async () => {
    const store = await open();
    const clock = { now: () => 1 };
    const register = partyRegister({ store, clock });
    const { clientId } = await changed(store, register, async (parties) => parties.addClient(await parties.add(emsp)));
    const replica = partyRegister({ store: await store.reopen(), clock });
    expect(await replica.callerOf(clientId)).toBeDefined();
    await register.disable(clientId);
    await expect.poll(() => replica.callerOf(clientId), { timeout: 2_000 }).toBeUndefined();
  });

  test('ok/identifiers and name of a party change, and nothing else', async () => {
    const store = await open();
    const register = partyRegister({ store, clock: { now: () => 1 } });
    const { partyId, clientId } = await changed(store, register, async (parties) =>
      parties.addClient(await parties.add(emsp)),
    );
    await changed(store, register, (parties) =>
      parties.change(partyId, { name: 'Other', identifiers: { ...noIdentifiers, providerId: ['FRABC'] } }),
    );
    expect(await register.callerOf(clientId)).toMatchObject({
      name: 'Other',
      roles: ['emsp'],
      identifiers: { providerId: ['FRABC'] },
    });
    await expect(
      changed(store, register, (parties) =>
        parties.change(partyId, { identifiers: { ...noIdentifiers, wmi: ['WMI'] } }),
      ),
    ).rejects.toMatchObject({
      errorMessages: ['wmi : is for the role oem, which the party does not have'],
    });
  });
});
