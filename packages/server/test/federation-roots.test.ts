/** The roots of a peer beside ours, and those that an operator takes over. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { plugpool } from './command-line.ts';
import { at, call, list, opnc } from './dialects.ts';
import { partyWithToken } from './parties.ts';
import { addPeer, answering, falsePeer, trust } from './peers.ts';
import { enrol, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('on $kind', ({ start }) => {
  let here: TestServer;
  let there: TestServer;
  beforeAll(async () => {
    [here, there] = [await start(), await start()];
  }, 60_000);

  const rootsOf = async (id: string) => {
    const answer = await call(here.url, { method: 'GET', path: `/admin/v1/peers/${id}/roots` });
    return { ...answer, roots: list(at(answer.json, 'roots') ?? []) };
  };

  test('ok/they are shown beside ours, chosen ones are added, and trusted from then on', async () => {
    const opncId = await addPeer(here, there.url);
    const shown = await rootsOf(opncId);
    expect(shown.status).toBe(200);
    expect(shown.roots).toHaveLength(3);
    expect(shown.roots.map((root) => at(root, 'difference'))).toEqual(['unknown', 'unknown', 'unknown']);
    expect(list(at(shown.json, 'ours'))).toHaveLength(3);
    expect(at(shown.json, 'trustList'), 'the OPNC has none').toBeUndefined();

    const pcid = randomPcid();
    const car = await enrol(there.url, 'oem', pcid);
    expect((await call(there.url, opnc.publish(car))).status).toBe(200);
    expect((await call(here.url, opnc.vehicle(pcid))).status).toBe(404);

    const wanted = { fingerprint: car.root.fingerprint.toUpperCase(), types: ['V2G'] };
    const path = `/admin/v1/peers/${opncId}/roots`;
    const adopted = await call(here.url, { method: 'POST', path, body: { roots: [wanted] } });
    expect(adopted).toMatchObject({ status: 200, json: { roots: [{ fingerprint: car.root.fingerprint }] } });
    expect(at(adopted.json, 'roots', 0, 'rootId')).toMatch(/^[0-9a-f-]{36}$/);
    expect((await call(here.url, opnc.vehicle(pcid))).status).toBe(200);
    const again = await rootsOf(opncId);
    const one = again.roots.find((root) => at(root, 'fingerprint') === car.root.fingerprint);
    expect(at(one, 'difference')).toBe('same');

    expect((await call(here.url, { method: 'DELETE', path: `/admin/v1/peers/${opncId}` })).status).toBe(200);
  });

  test('ok/with the signed list of a peer that speaks the OPCP, believed when its signer is under a root of ours', async () => {
    const stranger = await start();
    const id = await addPeer(here, stranger.url, { dialect: 'opcp' });
    expect(at((await rootsOf(id)).json, 'trustList', 'problem')).toContain('does not end at a root of type V2G');
    await trust(here, [stranger]);
    const shown = await rootsOf(id);
    expect(at(shown.json, 'trustList', 'signedAt')).toBeDefined();
    expect(at(shown.json, 'trustList', 'problem')).toBeUndefined();
    expect(shown.roots.map((root) => at(root, 'onTrustList'))).toEqual([true, true, true]);
  });

  test('ok/where two operators decide, a root of a peer is proposed', async () => {
    const careful = await here.beside({ auth: 'oauth2', approvals: { expiresAfterMs: 60_000 } });
    const { headers } = await partyWithToken(careful, { roles: ['operator'] });
    const stranger = await start();
    const id = await addPeer(careful, stranger.url, {}, headers);
    const [root] = (await rootsOf(id)).roots;
    const body = { roots: [{ fingerprint: at(root, 'fingerprint') }] };
    const adopted = await call(careful.url, { method: 'POST', path: `/admin/v1/peers/${id}/roots`, headers, body });
    expect(adopted.status).toBe(200);
    expect(at(adopted.json, 'roots', 0, 'approvalId')).toBeDefined();
    expect(at((await rootsOf(id)).roots[0], 'difference'), 'not trusted yet').toBe('unknown');
  });

  test('ok/on the command line: shown, and adopted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plugpool-peer-roots-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const roots = (...more: string[]) => plugpool(['peer', 'roots', there.url, '--data', folder, ...more]);
    const shown = await roots('--json');
    const [root] = list(at(JSON.parse(shown.out), 'roots'));
    expect(root).toMatchObject({ difference: 'unknown' });
    expect(await roots('--adopt', '00')).toMatchObject({ code: 1, err: 'plugpool peer: the peer has no root 00\n' });
    expect((await roots('--adopt', String(at(root, 'fingerprint')))).code).toBe(0);
    expect(list(at(JSON.parse((await roots('--json')).out), 'roots'))[0]).toMatchObject({ difference: 'same' });
    expect((await roots()).out).toContain(String(at(root, 'fingerprint')));
  });

  test('fail/a root that the peer has not, a peer that is none, one that does not answer', async () => {
    const id = await addPeer(here, (await start()).url);
    const body = { roots: [{ fingerprint: '0'.repeat(64) }] };
    expect((await call(here.url, { method: 'POST', path: `/admin/v1/peers/${id}/roots`, body })).status).toBe(404);
    expect((await rootsOf('nobody')).status).toBe(404);
    const broken = await falsePeer(answering(500, {}));
    expect((await rootsOf(await addPeer(here, broken.url))).status).toBe(502);
  });
});
