/** What a collector gets to see of requests, statements, crypto, peers and webhooks, and what happens when there is none. */
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Call, call, opnc } from './dialects.ts';
import { type Car, publishedCar, sealedContract } from './operations.ts';
import { partyWithToken } from './parties.ts';
import { addPeer, nobody, removePeer, trust } from './peers.ts';
import { installationReq, randomEmaid, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';
import { dataFolder, kill, serve } from './served-process.ts';
import {
  type CollectedSpan,
  type Collector,
  childrenOf,
  startCollector,
  theSpan,
  tracingTo,
} from './trace-collector.ts';
import { eventually, register, startReceiver } from './webhook-receiver.ts';

const INSTALL = 'POST /opnc/v1/ccp/signedcontractdata';
const GENERATE = 'PUT /opnc/v1/cps/contractData/generateandsign';
const VEHICLE = 'GET /opnc/v1/pcp/provisioningcertificates/:pcid';

const hex = (octets: number) => randomBytes(octets).toString('hex');
const traceOf = (headers: Headers) => headers.get('traceresponse')?.split('-')[1] ?? '';

const generate = (emaid: string, pcid: string): Call => ({
  method: 'PUT',
  path: '/opnc/v1/cps/contractData/generateandsign',
  body: {
    ...{ contractBegins: '2024-01-01T00:00:00Z', contractEnds: new Date(Date.now() + 86_400_000).toISOString() },
    ...{ emaid, pcid, xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef' },
  },
});

describe.each(eachServer())('traces of a server on $kind', ({ kind, start }) => {
  let collector: Collector;
  let server: TestServer;
  let car: Car;
  beforeAll(async () => {
    collector = await startCollector({ until: afterAll });
    server = await start(collector.settings());
    car = await publishedCar(server.url);
  });

  test('ok/a car that installs: the request, the check of its signature and the statements, in the trace of the caller', async () => {
    const { url } = server;
    expect((await call(url, opnc.sign(await sealedContract(url, car)))).status).toBe(201);
    const [traceId, caller] = [hex(16), hex(8)];
    const headers = { traceparent: `00-${traceId}-${caller}-01` };
    const answer = await call(url, opnc.install(await installationReq(car), headers));
    expect(answer.status).toBe(200);
    const spans = await eventually(() => {
      const found = collector.spans().filter((span) => span.traceId === traceId);
      theSpan(found, INSTALL);
      return found;
    });
    const request = theSpan(spans, INSTALL);
    expect(request).toMatchObject({ parentSpanId: caller, kind: 2, failed: false, service: 'plugpool' });
    expect(answer.headers.get('traceresponse')).toBe(`00-${traceId}-${request.spanId}-01`);
    expect(request.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/opnc/v1/ccp/signedcontractdata',
      'http.response.status_code': 200,
      'plugpool.operation': 'getSignedContractDataByCertificateInstallationReqV1',
      'plugpool.dialect': 'opnc',
      'plugpool.request_id': answer.headers.get('x-trace-id'),
    });
    const children = childrenOf(spans, request);
    expect(children.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'select vehicle',
        'crypto verify signature',
        'select signed_contract_data',
        'insert audit',
      ]),
    );
    const select = theSpan(children, 'select signed_contract_data');
    expect(select).toMatchObject({ kind: 3, attributes: { 'db.system.name': kind, 'db.operation.name': 'select' } });
    expect(select.attributes['db.query.text']).toMatch(/^select .+ from "signed_contract_data"/);
    expectInside(spans, request);
  });

  test('ok/generating contract data: key pair, certificate, envelope and signature', async () => {
    const answer = await call(server.url, generate(randomEmaid(), car.pcid));
    expect(answer.status, answer.text).toBe(201);
    const spans = await eventually(() => {
      theSpan(collector.spans(), GENERATE);
      return collector.spans();
    });
    const crypto = childrenOf(spans, theSpan(spans, GENERATE)).filter(({ name }) => /^(?:crypto|pki) /.test(name));
    expect(crypto.map(({ name }) => name)).toEqual([
      'crypto make key pair',
      'pki issue certificate',
      'crypto seal contract key',
      'crypto sign',
    ]);
    const signed = theSpan(childrenOf(spans, theSpan(crypto, 'pki issue certificate')), 'crypto sign');
    expect(signed.attributes).toEqual({ 'plugpool.curve': 'secp256r1', 'plugpool.key_location': 'database' });
  });

  test('ok/with access control, who asks is found out inside the span; a refusal is no failure', async () => {
    const guarded = await server.beside({ auth: 'oauth2' });
    const { headers } = await partyWithToken(guarded, { roles: ['oem'] });
    const asked = async (more: Partial<Call>, status: number) => {
      const answer = await call(guarded.url, { ...opnc.roots, ...more });
      expect(answer.status).toBe(status);
      const name = 'GET /opnc/v1/rcp/rootcertificates';
      return await eventually(() => theSpan(collector.spans(), name, traceOf(answer.headers)));
    };
    const allowed = await asked({ headers }, 200);
    const found = theSpan(childrenOf(collector.spans(), allowed), 'authorise');
    expect(childrenOf(collector.spans(), found).map(({ name }) => name)).toContain('select token_key');
    const refused = await asked({}, 401);
    expect(refused).toMatchObject({ failed: false, attributes: { 'http.response.status_code': 401 } });
    expect(theSpan(childrenOf(collector.spans(), refused), 'authorise')).toMatchObject({
      failed: true,
      attributes: { 'error.type': 'not-authenticated' },
    });
  });

  test('ok/two ecosystems that ask each other are one trace', async () => {
    const other = await start(collector.settings({ serviceName: 'other' }));
    await trust(server, [other]);
    const peer = await addPeer(server, other.url);
    // The other tests ask nobody else.
    onTestFinished(() => removePeer(server, peer));
    const answer = await call(server.url, opnc.vehicle((await publishedCar(other.url)).pcid));
    expect(answer.status).toBe(200);
    const trace = await eventually(() => {
      const found = collector.spans().filter(({ traceId }) => traceId === traceOf(answer.headers));
      expect(found.filter(({ name }) => name === VEHICLE)).toHaveLength(2);
      return found;
    });
    const of = (service: string) => trace.filter((span) => span.service === service);
    const asked = theSpan(of('plugpool'), 'peer vehicle');
    expect(asked.attributes).toMatchObject({ 'plugpool.peer': other.url, 'plugpool.peer_result': 'good' });
    expect(asked.parentSpanId).toBe(theSpan(of('plugpool'), VEHICLE).spanId);
    const answered = theSpan(of('other'), VEHICLE);
    const client = childrenOf(trace, asked).find(({ spanId }) => spanId === answered.parentSpanId);
    expect(client).toMatchObject({ name: 'GET', kind: 3, attributes: { 'server.address': '127.0.0.1' } });
    expect(answered.attributes).toMatchObject({ 'plugpool.forwarded': true });
    expect(childrenOf(trace, answered).map(({ name }) => name)).toContain('select vehicle');
  });

  test('ok/a webhook is a trace of its own, linked to what it tells of; its receiver hears nothing of traces', async () => {
    // Alone on its database: another replica may take deliveries, and knows nothing of what they come from.
    const { url } = await start(collector.settings());
    const car = await publishedCar(url);
    const receiver = await startReceiver();
    await register(url, { url: receiver.url, enabledEvents: ['oem.contract.created'] });
    const signed = await call(url, opnc.sign(await sealedContract(url, car)));
    const delivery = await eventually(() => theSpan(collector.spans(), 'webhook deliver'));
    expect(delivery.parentSpanId).toBe('');
    expect(delivery.links).toEqual([traceOf(signed.headers)]);
    // Contracts that come at the same time are stored together, and each event belongs to its own request.
    const others = await Promise.all([1, 2, 3].map(async () => call(url, opnc.sign(await sealedContract(url, car)))));
    const links = await eventually(() => {
      const found = collector.spans().filter(({ name }) => name === 'webhook deliver');
      expect(found).toHaveLength(1 + others.length);
      return found.flatMap((span) => span.links);
    });
    expect(links.sort()).toEqual([signed, ...others].map(({ headers }) => traceOf(headers)).sort());
    expect(delivery.attributes).toMatchObject({
      'plugpool.event_type': 'oem.contract.created',
      'plugpool.event_id': receiver.received[0]?.eventId,
      'plugpool.delivery_state': 'delivered',
      'plugpool.attempt': 1,
    });
    const sent = theSpan(childrenOf(collector.spans(), delivery), 'POST');
    expect(sent.attributes).toMatchObject({ 'http.response.status_code': 204 });
    expect(receiver.received[0]?.headers).not.toHaveProperty('traceparent');
  });

  test('ok/who asks at the same time has the statement in its trace, or a link to where it is', async () => {
    const { url } = server;
    const cars = await Promise.all(Array.from({ length: 8 }, () => publishedCar(url)));
    const answers = await Promise.all(
      cars.map(async (car) => await call(url, opnc.install(await installationReq(car)))),
    );
    expect(answers.map(({ status }) => status)).toEqual(cars.map(() => 404));
    const traces = answers.map(({ headers }) => traceOf(headers));
    expect(new Set(traces).size).toBe(cars.length);
    await eventually(() => {
      const spans = collector.spans();
      for (const trace of traces) {
        const lookups = spans.filter(
          ({ traceId, name, links }) =>
            traceId === trace &&
            (name === 'select signed_contract_data' ||
              (name === 'asked together contracts' && links.some((to) => traces.includes(to)))),
        );
        expect(lookups).toHaveLength(1);
      }
    });
  });

  test('ok/what the sampler leaves out is not sent, and handed on as left out', async () => {
    const few = await startCollector();
    const { url } = await server.beside(few.settings({ sampler: 'parentbased_traceidratio', ratio: 0 }));
    const left = await call(url, opnc.vehicle(randomPcid()));
    expect(left.headers.get('traceresponse')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    const [traceId, caller] = [hex(16), hex(8)];
    const wanted = { ...opnc.vehicle(randomPcid()), headers: { traceparent: `00-${traceId}-${caller}-01` } };
    await call(url, wanted);
    await eventually(() => theSpan(few.spans(), VEHICLE));
    expect(new Set(few.spans().map((span) => span.traceId))).toEqual(new Set([traceId]));
  });

  test('ok/what is no trace context begins a new trace; health and metrics are none', async () => {
    const { url } = server;
    const headers = { traceparent: '00-00000000000000000000000000000000-0000000000000000-01' };
    const ready = await call(url, { method: 'GET', path: '/health/ready', headers });
    expect(ready.headers.get('traceresponse')).toBeNull();
    const answer = await call(url, { method: 'GET', path: `/opnc/v2/${randomEmaid()}?pcid=x`, headers });
    expect(answer.status).toBe(404);
    const request = await eventually(() => theSpan(collector.spans(), 'GET', traceOf(answer.headers)));
    expect(request).toMatchObject({ parentSpanId: '', attributes: { 'http.response.status_code': 404 } });
    expect(collector.spans().map(({ name }) => name)).not.toContain('GET /health/ready');
  });

  test('ok/with nobody where the collector should be everything works, and the server ends', async () => {
    const alone = await server.beside({ tracing: tracingTo(`${await nobody()}/v1/traces`, { delayMs: 1 }) });
    for (let i = 0; i < 3; i++) expect((await call(alone.url, opnc.roots)).status).toBe(200);
    const again = await alone.restart();
    expect((await call(again.url, opnc.roots)).status).toBe(200);
  });

  test('ok/a collector that refuses is in the log, once and not for each refusal', async () => {
    const refusing = await startCollector({ status: 400 });
    const lines: string[] = [];
    const { url } = await start({ ...refusing.settings({ delayMs: 1 }), logged: (line) => lines.push(line) });
    for (let more = 1; more <= 3; more++) {
      const before = refusing.posted.length;
      expect((await call(url, opnc.roots)).status).toBe(200);
      await eventually(() => expect(refusing.posted.length).toBeGreaterThan(before));
    }
    await eventually(() => expect(lines.join('')).toContain('spans could not be sent'));
    expect(lines.filter((line) => line.includes('spans could not be sent'))).toHaveLength(1);
  });
});

describe('a process', () => {
  test('ok/where no collector is configured there are no traces, and their libraries are not loaded', async () => {
    const data = await dataFolder();
    const server = await serve(data, { NODE_V8_COVERAGE: join(data, 'loaded') });
    const answer = await call(server.url, opnc.roots);
    expect(answer.headers.get('traceresponse')).toBeNull();
    expect(server.printed()).not.toContain('trace_id');
    expect(await kill(server.process, 'SIGTERM')).toBe(0);
    const [file = ''] = await readdir(join(data, 'loaded'));
    const loaded = await readFile(join(data, 'loaded', file), 'utf8');
    expect(loaded).toContain('/kernel/tracing.ts');
    expect(loaded).not.toContain('opentelemetry');
  });

  test("ok/OpenTelemetry's own variables; a collector that never answers does not keep the process", async () => {
    const collector = await startCollector({ silent: true });
    const server = await serve(await dataFolder(), {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/otlp/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=s3cret',
      OTEL_SERVICE_NAME: 'pool of the south',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    });
    expect((await call(server.url, opnc.roots)).status).toBe(200);
    const told = performance.now();
    expect(await kill(server.process, 'SIGTERM')).toBe(0);
    expect(performance.now() - told).toBeLessThan(8_000);
    const all = collector.posted.map(({ body }) => body.toString('latin1')).join('');
    for (const text of ['GET /opnc/v1/rcp/rootcertificates', 'pool of the south', 'staging'])
      expect(all).toContain(text);
    expect(collector.posted[0]).toMatchObject({
      path: '/otlp/v1/traces',
      headers: { 'content-type': 'application/x-protobuf', 'api-key': 's3cret' },
    });
    expect(server.printed()).not.toContain('s3cret');
  });
});

/** A part is no earlier and no later than the whole. */
function expectInside(spans: readonly CollectedSpan[], whole: CollectedSpan): void {
  for (const part of childrenOf(spans, whole)) {
    expect(part.start >= whole.start && part.end <= whole.end, `${part.name} in ${whole.name}`).toBe(true);
    expectInside(spans, part);
  }
}
