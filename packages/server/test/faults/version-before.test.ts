/** The version before the last migration works beside this one, on data that this one has migrated. Long form only. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { noCluster } from '../../../../tools/postgresql-cluster.ts';
import { databaseState } from '../../src/store/database-state.ts';
import { openDatabase } from '../../src/store/store.ts';
import { at, list } from '../dialects.ts';
import { BINARY, dataFolder, kill, serve } from '../served-process.ts';
import { register, startReceiver } from '../webhook-receiver.ts';
import { postgresqlServer } from './postgresql-server.ts';
import { isLongForm, LONG_TEST_MS } from './rounds.ts';
import { programOf, versionBefore } from './version-before.ts';
import { expectNothingLost, writeLoad } from './write-load.ts';

const before = versionBefore();
const reason = isLongForm ? (noCluster ?? ('none' in before ? before.none : undefined)) : 'npm run test:faults has it';
const note = reason === undefined ? '' : ` (skipped: ${reason})`;

test.skipIf(reason !== undefined)(
  `ok/replicas of the version before go on while this one migrates, and afterwards${note}`,
  { timeout: LONG_TEST_MS },
  async () => {
    if ('none' in before) throw new Error(before.none);
    const program = programOf(before.commit);
    const { url: databaseUrl } = await postgresqlServer();
    const store = await openDatabase({ databaseUrl }, () => undefined);
    onTestFinished(store.close);
    const data = await dataFolder();
    const env = {
      PLUGPOOL_DATABASE_URL: databaseUrl,
      PLUGPOOL_DRAIN_SECONDS: '0',
      PLUGPOOL_WEBHOOK_RETRY_SECONDS: '1',
    };

    const old = [await serve(data, env, { program }), await serve(data, env, { program })];
    const { missing } = await databaseState(store);
    expect(missing.length).toBeGreaterThan(0);
    const receiver = await startReceiver();
    await register(old[0]?.url ?? '', { url: receiver.url, enabledEvents: ['oem.contract.created'] });
    const onOld = await writeLoad(old[0]?.url ?? '');
    await onOld.more(20);
    const fresh = await serve(data, env);
    expect((await databaseState(store)).missing).toEqual([]);
    const onFresh = await writeLoad(fresh.url);
    await Promise.all([onOld.more(30), onFresh.more(30)]);
    await Promise.all([onOld.stop(), onFresh.stop()]);
    expect([onOld.failures, onFresh.failures]).toEqual([[], []]);

    // Each finds what the other wrote.
    await expectNothingLost(store, fresh.url, onOld.acknowledged);
    await expectNothingLost(store, old[0]?.url ?? '', onFresh.acknowledged);
    // One that is started again, as after a crash, does not mind what it does not know.
    if (old[1] !== undefined) await kill(old[1].process, 'SIGKILL');
    const again = await serve(data, env, { program });
    // Every operation of every dialect, asked of the version before; but for the status of certificates, which name port 0.
    const { stdout } = await promisify(execFile)(process.execPath, [BINARY, 'conformance', again.url, '--json']).catch(
      (failed: { stdout: string }) => failed,
    );
    const checks = list(at(JSON.parse(stdout), 'checks'));
    const failed = checks.filter((check) => at(check, 'outcome') === 'failed');
    expect(failed.filter((check) => !String(at(check, 'id')).startsWith('status/'))).toEqual([]);
    expect(checks.filter((check) => at(check, 'outcome') === 'passed').length).toBeGreaterThan(150);
  },
);
