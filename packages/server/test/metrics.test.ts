/** What /metrics says after things happened, who may read it, and that its page in the documents is complete. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../tools/local-port.ts';
import { catalogue } from '../src/observe/metric-catalogue.ts';
import { call, opnc } from './dialects.ts';
import { scrape } from './metrics-reading.ts';
import { type Car, publishedCar, sealedContract } from './operations.ts';
import { partyWithToken } from './parties.ts';
import { installationReq, randomEmaid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';
import { eventually, register, startReceiver, status } from './webhook-receiver.ts';

const edition = 'ISO15118-2';

describe.each(eachServer())('on $kind', ({ kind, start }) => {
  let server: TestServer;
  let car: Car;
  beforeAll(async () => {
    server = await start();
    car = await publishedCar(server.url);
  });

  test('ok/requests by operation and status, paths without what was asked about', async () => {
    await call(server.url, { method: 'GET', path: '/opnc/v1/pcp/lookupvehicle/WMI00000000000000' });
    await call(server.url, { method: 'BREW', path: '/coffee' }).catch(() => undefined);
    await call(server.url, { method: 'GET', path: '/coffee' });
    const { value, text, status: code } = await scrape(server.url);
    expect(code).toBe(200);
    const lookup = { operation: 'lookupVehicleV1', method: 'GET', route: '/opnc/v1/pcp/lookupvehicle/:pcid' };
    expect(value('plugpool_http_request_duration_seconds_count', lookup)).toBe(1);
    expect(value('plugpool_http_request_duration_seconds_bucket', { ...lookup, le: '+Inf' })).toBe(1);
    expect(value('plugpool_http_request_duration_seconds_count', { route: 'none', status: '404' })).toBe(1);
    expect(text).not.toContain('WMI00000000000000');
    expect(text).not.toContain('coffee');
  });

  test('ok/a car that gets its contract, and one that does not, with the reason', async () => {
    const data = await sealedContract(server.url, car);
    expect((await call(server.url, opnc.sign(data))).status).toBe(201);
    const exi = await installationReq(car);
    expect((await call(server.url, opnc.install(exi))).status).toBe(200);
    const stranger = await publishedCar(server.url);
    await call(server.url, opnc.install(await installationReq(stranger)));
    await call(server.url, opnc.install(Uint8Array.of(1, 2, 3)));
    const { value, text } = await scrape(server.url);
    const installed = (result: string) => value('plugpool_installations_total', { edition, result });
    expect([installed('ok'), installed('no-contract'), installed('exi-invalid')]).toEqual([1, 1, 1]);
    expect(value('plugpool_contract_data_total', { action: 'sign', edition, result: 'ok' })).toBe(1);
    expect(value('plugpool_certificates_issued_total', { kind: 'oem', edition, result: 'ok' })).toBeGreaterThan(0);
    expect(value('plugpool_database_query_duration_seconds_count', { statement: 'commit', result: 'ok' })).toBeTruthy();
    expect(value('plugpool_database_connections', { state: 'idle' }) !== undefined).toBe(kind === 'postgresql');
    for (const secret of [data.emaid, car.pcid]) expect(text).not.toContain(secret);
  });

  test('ok/the queue of webhooks fills and empties', async () => {
    const receiver = await startReceiver(status(500));
    const endpoint = await register(server.url, { url: receiver.url, enabledEvents: ['oem.contract.created'] });
    await call(server.url, opnc.sign(await sealedContract(server.url, car, randomEmaid())));
    await eventually(async () => {
      const { value } = await scrape(server.url);
      expect(value('plugpool_webhook_attempt_duration_seconds_count', { result: 'retried' })).toBe(1);
      expect(value('plugpool_webhook_queue_deliveries')).toBe(1);
      expect(value('plugpool_webhook_queue_oldest_age_seconds')).toBeGreaterThan(0);
    });
    await call(server.url, { method: 'DELETE', path: endpoint.path });
    const { value } = await scrape(server.url);
    expect(value('plugpool_webhook_queue_deliveries')).toBe(0);
    expect(value('plugpool_webhook_queue_oldest_age_seconds')).toBe(0);
  });

  test('ok/our own PKI: OCSP answers, ends of authorities, ages of lists', async () => {
    await (await fetch(`${server.url}/ocsp`, { method: 'POST', body: 'x', headers: ocspRequest })).arrayBuffer();
    await (await fetch(`${server.url}/crl/oem-sub2.crl`)).arrayBuffer();
    const { value } = await scrape(server.url);
    expect(value('plugpool_ocsp_answers_total', { result: 'malformed' })).toBe(1);
    expect(value('plugpool_crl_age_seconds', { authority: 'oem-sub2' })).toBeGreaterThanOrEqual(0);
    const ends = value('plugpool_authority_expires_timestamp_seconds', { authority: 'oem-sub2' });
    expect(ends).toBeGreaterThan(Date.now() / 1000);
    expect(value('plugpool_audit_unchained_rows')).toBeGreaterThanOrEqual(0);
  });
});

const ocspRequest = { 'content-type': 'application/ocsp-request' };

describe.each(eachServer().slice(0, 1))('readers', ({ start }) => {
  const token = '0123456789abcdef-token';
  const showing = (shown: string) => ({ authorization: `Bearer ${shown}` });

  test('fail/with auth nobody reads without a configured token, whatever he shows', async () => {
    const server = await start({ auth: 'oauth2' });
    const operator = await partyWithToken(server, { name: 'operator', roles: ['operator'] });
    expect((await scrape(server.url)).status).toBe(401);
    expect((await scrape(server.url, operator.headers)).status).toBe(401);
  });

  test('ok/the token reads, and no other', async () => {
    const server = await start({ auth: 'oauth2', metricsToken: token });
    expect((await scrape(server.url, showing(token))).status).toBe(200);
    for (const wrong of [{}, showing('0123456789abcdef-tokem'), showing(`${token}=`), { authorization: token }]) {
      const refused = await scrape(server.url, wrong);
      expect(refused.status).toBe(401);
      expect(refused.text).not.toContain('plugpool_build_info');
    }
    expect((await fetch(`${server.url}/opnc/v1/rcp/rootcertificates`, { headers: showing(token) })).status).toBe(401);
  });

  test('ok/a port of their own, and no more on the other', async () => {
    const metricsPort = await freePort();
    const server = await start({ auth: 'oauth2', metricsPort });
    expect((await scrape(`http://127.0.0.1:${metricsPort}`)).value('plugpool_build_info')).toBe(1);
    expect((await scrape(server.url)).status).toBe(404);
    const closed = await start({ metricsPort: await freePort(), metricsToken: token });
    expect((await scrape(closed.url)).status).toBe(404);
  });
});

test('ok/docs/metrics.md lists every metric with its type and labels, and no other', async () => {
  const page = await readFile(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
  const listed = page.split('\n').flatMap((line) => {
    const [, name, type, labels = ''] = /^\| `([a-z_]+)` \| (\w+)(?:, shared)? \| (.*?) \|/.exec(line) ?? [];
    const labelNames = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label);
    return name === undefined ? [] : [{ name, type, labels: labelNames }];
  });
  const there = Object.entries(catalogue).map(([name, { type, labels }]) => ({ name, type, labels }));
  expect(listed).toEqual(there);
});
