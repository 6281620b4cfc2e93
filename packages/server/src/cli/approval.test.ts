/** Two persons at the command line: what is proposed by one is approved by another. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair } from '@plugpool/iso15118';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plugpool } from '../../test/command-line.ts';
import { issue } from '../../test/own-pki.ts';

let data = '';
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'plugpool-approval-'));
});
afterAll(() => rm(data, { recursive: true }));

const run = (...argv: string[]) => plugpool([...argv, '--data', data], { env: { PLUGPOOL_APPROVALS: 'two-person' } });

const idIn = (text: string) => /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(text)?.[0] ?? '';
const roots = async () => JSON.parse((await run('root', 'list', '--json')).out).length;

describe('plugpool approval', () => {
  test('ok/a root is imported by two, and removed by two', async () => {
    const { certificate } = await issue({ profile: 'root', commonName: 'Some root' });
    const file = join(data, 'root.der');
    await writeFile(file, certificate.der);
    const proposed = await run('root', 'import', file, '--type', 'OEM', '--by', 'alice');
    expect(proposed).toMatchObject({ code: 0, err: '', out: expect.stringContaining('proposed root.add') });
    expect(await roots()).toBe(0);
    const id = idIn(proposed.out);
    expect(await run('approval', 'approve', id, '--by', 'alice')).toMatchObject({
      code: 1,
      err: 'plugpool approval: Somebody else than who proposed it has to approve it\n',
    });
    expect(await run('approval', 'approve', id, '--by', 'bob')).toMatchObject({ code: 0, err: '' });
    expect(await roots()).toBe(1);
    const [root] = JSON.parse((await run('root', 'list', '--json')).out);
    const removal = await run('root', 'remove', root.id, '--by', 'bob');
    expect(await roots()).toBe(1);
    const shown = JSON.parse((await run('approval', 'show', idIn(removal.out.split('\n')[1] ?? ''), '--json')).out);
    expect(shown).toMatchObject({ kind: 'root.remove', proposedBy: 'cli:bob', state: 'pending' });
    await run('approval', 'approve', shown.id, '--by', 'alice');
    expect(await roots()).toBe(0);
  });

  test('ok/a CA is imported by two, and its key is forgotten with the decision', async () => {
    const root = await issue({ profile: 'root', commonName: 'Imported V2G root' });
    const [certificate, key] = [join(data, 'ca.der'), join(data, 'ca.key')];
    await writeFile(certificate, root.certificate.der);
    await writeFile(key, root.key.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const wrong = join(data, 'wrong.key');
    await writeFile(wrong, generateKeyPair('secp256r1').privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const refused = await run('pki', 'import', certificate, wrong, '--by', 'alice', ...kind);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('the key is not that of the certificate') });
    const proposed = await run('pki', 'import', certificate, key, ...kind, '--by', 'alice');
    expect(proposed).toMatchObject({ code: 0, err: '', out: expect.stringContaining('proposed authority.import') });
    const id = idIn(proposed.out);
    const shown = await run('approval', 'show', id, '--json');
    expect(shown.out).not.toContain('sealedKey');
    expect(await run('approval', 'approve', id, '--by', 'bob', '--json')).toMatchObject({ code: 0, err: '' });
    expect((await run('pki', 'list')).out).toContain('v2g-root');
    expect(await roots()).toBe(1);
  });

  test('ok/a party by two; who names nobody proposes nothing', async () => {
    expect(await run('party', 'add', '--role', 'oem', '--wmi', 'WBA')).toMatchObject({
      code: 1,
      err: 'plugpool party: Another operator has to approve this, so it has to be known who proposes it: --by NAME\n',
    });
    const { out } = await run('party', 'add', '--role', 'oem', '--wmi', 'WBA', '--by', 'alice', '--json');
    const { approvalId } = JSON.parse(out);
    await run('approval', 'reject', approvalId, '--by', 'bob', '--reason', 'Not yet');
    expect(JSON.parse((await run('approval', 'show', approvalId, '--json')).out)).toMatchObject({
      state: 'rejected',
      reason: 'Not yet',
    });
    expect((await run('approval', 'list', '--state', 'rejected')).out).toContain(approvalId);
    expect((await run('party', 'list')).out).toBe('no parties\n');
    expect((await run('audit', 'list', '--actor', 'cli:bob')).out).toContain('approval.reject');
  });

  test('fail/commands that say too little or too much', async () => {
    const lines = [
      ['approval'],
      ['approval', 'show'],
      ['approval', 'list', 'x'],
      ['approval', 'approve', 'x'],
      ['approval', 'list', '--state', 'done'],
      ['approval', 'approve', 'x', '--by', '\u001b'],
    ];
    for (const line of lines) expect([line, (await run(...line)).code]).toEqual([line, 2]);
    expect((await run('approval', 'show', 'x')).code).toBe(1);
    expect(await run('serve')).toMatchObject({ code: 2, err: expect.stringContaining('needs --auth oauth2') });
  });
});

const kind = ['--as', 'v2g-root'];
