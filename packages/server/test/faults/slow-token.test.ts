/** An HSM that becomes slow, hangs, or loses its sessions: what needs no key goes on, what needs one has an end. */
import { namespaceOfEdition } from '@plugpool/iso15118';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseKeyRules } from '../../src/keys/key-store.ts';
import { tokenLine } from '../../src/keys/token-line.ts';
import { ocspRequest, postOcsp, statusesIn } from '../certificate-status.ts';
import { at, call, opnc } from '../dialects.ts';
import { type Car, publishedCar } from '../operations.ts';
import { randomEmaid } from '../roles.ts';
import { eachServer, type TestServer } from '../running-server.ts';
import { type FaultyToken, faultyToken, noFaultyToken } from './faulty-token.ts';
import { isWorthwhileOn, LONG_TEST_MS, rounds } from './rounds.ts';
import { untilReadinessIs } from './write-load.ts';

/** Of a server that is to lose it; otherwise there are the usual ten seconds, for the machine may be busy. */
const PATIENCE_MS = 2_000;
const AWAY = 'The token with the keys does not answer';
const NOT_READY = 'the token with the keys does not answer';
/** Calls that the token has, and those that wait for it. */
const MOST_AT_ONCE = 4 + 256;
const TOO_MANY = 300;
const note = noFaultyToken === undefined ? '' : ` (skipped: ${noFaultyToken})`;

describe.skipIf(noFaultyToken !== undefined).each(eachServer())(
  `a token${note}, rows on $kind`,
  {
    timeout: LONG_TEST_MS,
  },
  ({ kind, start }) => {
    const run = test.runIf(isWorthwhileOn(kind));
    let token: FaultyToken;
    let server: TestServer;
    let hasty: TestServer;
    let car: Car;
    const acknowledged: string[] = [];

    beforeAll(async () => {
      token = await faultyToken();
      const rules = parseKeyRules('*-ed448*=database,cps-signer*=pkcs11,*=database');
      server = await start({ keyLocations: { rules, token: token.settings }, ownPublicUrl: true });
      hasty = await server.beside({ keyLocations: { rules, token: { ...token.settings, patienceMs: PATIENCE_MS } } });
      await untilReadinessIs(hasty.url, 200);
      car = await publishedCar(server.url);
    });
    afterAll(() => token?.remove());

    /** A contract that the CPS signs with its key in the token. */
    async function generated(url = server.url): Promise<{ status: number; error: unknown }> {
      const emaid = randomEmaid();
      const body = {
        contractBegins: new Date(Date.now() - 3_600_000).toISOString(),
        contractEnds: new Date(Date.now() + 7_200_000).toISOString(),
        emaid,
        pcid: car.pcid,
        xsdMsgDefNamespace: namespaceOfEdition('ISO15118-2'),
      };
      const path = '/opnc/v1/cps/contractData/generateandsign';
      const { status, json } = await call(url, { method: 'PUT', path, body });
      if (status === 201) acknowledged.push(emaid);
      return { status, error: at(json, 'errorMessages', 0) };
    }

    const many = (count: number, url = server.url) => Promise.all(Array.from({ length: count }, () => generated(url)));

    async function expectTheRestGoesOn(url = server.url): Promise<void> {
      expect((await call(url, { method: 'GET', path: '/health/live' })).status).toBe(200);
      expect((await call(url, opnc.vehicle(car.pcid))).status).toBe(200);
      const { certificate, subCa2: issuer } = car;
      const asked = ocspRequest([{ certificate, issuer }]);
      expect(await statusesIn(await postOcsp(url, asked))).toEqual(['good']);
    }

    run('ok/a slow one holds up nobody for longer than it takes', async () => {
      await token.fault('delay 100');
      expect(await many(8 * rounds)).toEqual(Array(8 * rounds).fill({ status: 201, error: undefined }));
      await untilReadinessIs(server.url, 200);
    });

    run(
      `ok/it hangs, ${rounds} times: what needs no key is answered, what needs one ends, and it comes back`,
      async () => {
        for (let round = 0; round < rounds; round++) {
          await token.fault('hang');
          const stuck = many(TOO_MANY, hasty.url);
          const ready = call(hasty.url, { method: 'GET', path: '/health/ready' });
          // Nothing of this comes to an end where a signature holds up the process.
          for (let turn = 0; turn < 20; turn++) await expectTheRestGoesOn(hasty.url);
          const { status, json } = await ready;
          expect([status, json]).toEqual([503, { status: 'not ready', reasons: [NOT_READY] }]);
          await token.fault('none');
          const answers = await stuck;
          const refused = answers.filter((answer) => answer.status !== 201);
          expect(refused).toEqual(refused.map(() => ({ status: 503, error: AWAY })));
          expect(refused.length).toBeGreaterThan(0);
          await untilReadinessIs(hasty.url, 200);
          expect(await many(8, hasty.url)).toEqual(Array(8).fill({ status: 201, error: undefined }));
        }
      },
    );

    run('fail/more callers than may wait', async () => {
      await token.fault('none');
      const line = tokenLine({ ...token.settings, patienceMs: PATIENCE_MS });
      const ecParams = Buffer.from('06082a8648ce3d030107', 'hex');
      await line.call('sign', { name: 'check', ecParams });
      await token.fault('hang');
      const calls = Array.from({ length: TOO_MANY }, () => line.call('sign', { name: 'check', ecParams }));
      const failures = (await Promise.allSettled(calls)).map((call) => ('reason' in call ? String(call.reason) : ''));
      expect(failures.filter((text) => text.includes('does not keep up'))).toHaveLength(TOO_MANY - MOST_AT_ONCE);
      expect(failures.filter((text) => /did not answer within|no turn within/.test(text))).toHaveLength(MOST_AT_ONCE);
      await line.close();
    });

    run('ok/sessions that were lost are opened again, and nobody hears of it', async () => {
      for (let round = 0; round < rounds; round++) {
        await token.fault(`lost ${round}`);
        expect(await many(8)).toEqual(Array(8).fill({ status: 201, error: undefined }));
      }
    });

    run('ok/it is pulled out, and put back', async () => {
      for (let round = 0; round < rounds; round++) {
        await token.fault('removed');
        expect(await generated()).toEqual({ status: 503, error: AWAY });
        await expectTheRestGoesOn();
        await untilReadinessIs(server.url, 503);
        await token.fault('none');
        await untilReadinessIs(server.url, 200);
        expect(await generated()).toEqual({ status: 201, error: undefined });
      }
    });

    run('ok/what was acknowledged in all of this is there, and nothing else', async () => {
      const stored = await server.store.db.selectFrom('contract').select('emaid').execute();
      expect(stored.map(({ emaid }) => emaid).sort()).toEqual(acknowledged.toSorted());
    });
  },
);
