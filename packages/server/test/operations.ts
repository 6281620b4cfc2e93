/** The operations of all dialects as calls that can be spoilt in one place at a time, and what such calls work on. */
import { pino } from 'pino';
import { expect, vi } from 'vitest';
import { partyRegister } from '../src/access/party-register.ts';
import { buildEcosystem } from '../src/compose/ecosystem-of-rooms.ts';
import { opcpRoutes } from '../src/dialects/opcp/routes.ts';
import { OPNC_PREFIX, opncRoutes } from '../src/dialects/opnc/routes.ts';
import { QUICK_START_PREFIX, quickStartRoutes } from '../src/dialects/quickstart/routes.ts';
import type { Route } from '../src/http/route.ts';
import { systemClock } from '../src/kernel/clock.ts';
import type { Store } from '../src/store/store.ts';
import { at, type Call, call, opnc, type SealedContract } from './dialects.ts';
import type { JsonObject } from './json-places.ts';
import { type Issued, issue } from './own-pki.ts';
import { pkiOn } from './pki.ts';
import { base64, enrol, installationReq, type Leaf, randomEmaid, randomPcid, sealedFor } from './roles.ts';

export type Car = Leaf & { readonly pcid: string };

/** What the examples of one dialect work on; all of it is in the pools. */
export interface Samples {
  readonly root: Issued;
  readonly rootId: string;
  readonly car: Car;
  readonly data: SealedContract;
  /** EXI of the car's CertificateInstallationReq. */
  readonly request: Uint8Array;
  /** EXI of a CertificateInstallationRes for the same contract. */
  readonly response: Uint8Array;
  readonly webhooks: Readonly<Record<'opnc' | 'opcp', SampleWebhook>>;
}

/** An endpoint, and a delivery to it that failed once and waits. */
export interface SampleWebhook {
  readonly endpointId: string;
  readonly deliveryId: string;
}

export interface Example {
  /** Method and path as the route tables have them. */
  readonly name: string;
  /** The status of the good call. */
  readonly good: number;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

export function callOf({ name, params = {}, query = {}, headers, body }: Example): Call {
  const [method = '', pattern = ''] = name.split(' ');
  const path = pattern.replaceAll(/:(\w+)/g, (_, parameter) => encodeURIComponent(params[parameter] ?? ''));
  const search = new URLSearchParams(query).toString();
  return {
    method,
    path: search === '' ? path : `${path}?${search}`,
    ...(headers && { headers }),
    ...(body && { body }),
  };
}

export async function samplesOn(url: string): Promise<Samples> {
  const root = await issue({ profile: 'root', commonName: 'Sample root' });
  const added = await call(url, {
    method: 'PUT',
    path: '/v1/root/rootCerts',
    body: { caCertificate: base64(root.certificate.der), rootType: 'MO' },
  });
  const car = await publishedCar(url);
  const data = await sealedContract(url, car);
  const signed = await call(url, opnc.sign(data));
  const response = at(signed.json, 'signedContractData', 'certificateInstallationRes');
  if (added.status !== 200 || signed.status !== 201) throw new Error(`samples: ${added.text} ${signed.text}`);
  return {
    root,
    rootId: String(at(added.json, 'RootResponse', 'rootCertificateId')),
    car,
    data,
    request: await installationReq(car),
    response: Buffer.from(String(response), 'base64'),
    webhooks: {
      opnc: await sampleWebhook(`${url}/opnc/v1/event/endpoints`),
      opcp: await sampleWebhook(`${url}/v1/webhook/endpoints`),
    },
  };
}

/** Nobody listens at its address, and nothing happens of what it has enabled. */
async function sampleWebhook(endpoints: string): Promise<SampleWebhook> {
  const wanted = { url: 'http://127.0.0.1:9/', enabledEvents: ['root.cert.expired'] };
  const created = await call(endpoints, { method: 'POST', path: '', body: wanted });
  const endpointId = String(at(created.json, 'id'));
  const tested = await call(endpoints, { method: 'POST', path: `/${endpointId}/test` });
  if (tested.status !== 202) throw new Error(`samples: ${created.text} ${tested.text}`);
  return await vi.waitFor(
    async () => {
      const { json } = await call(endpoints, { method: 'GET', path: `/${endpointId}/deliveries` });
      const delivery = at(json, 'deliveries', 0);
      expect(at(delivery, 'attempts')).toBe(1);
      return { endpointId, deliveryId: String(at(delivery, 'id')) };
    },
    { timeout: 10_000 },
  );
}

export async function publishedCar(url: string): Promise<Car> {
  const pcid = randomPcid();
  const car = { ...(await enrol(url, 'oem', pcid)), pcid };
  const published = await call(url, opnc.publish(car));
  if (published.status !== 200) throw new Error(`publishing: ${published.text}`);
  return car;
}

export async function sealedContract(url: string, car: Car, emaid = randomEmaid()): Promise<SealedContract> {
  const contract = await enrol(url, 'mo', emaid);
  return { emaid, pcid: car.pcid, contract, ...sealedFor(car.certificate, contract) };
}

/** The rows of all route tables by the name that examples have. */
export function routesOn(store: Store): Map<string, Route> {
  const { pki, keys } = pkiOn(store, Date.now);
  const settings = {
    revocation: 'soft-fail',
    allowPrivateTargets: true,
    peers: [],
    peerDeadlineMs: 3000,
    eventRetentionDays: 30,
    publicUrl: 'http://127.0.0.1:8080',
  } as const;
  const ecosystem = buildEcosystem({
    store,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
    pki,
    secrets: keys.secrets,
    parties: partyRegister({ store, clock: systemClock }),
    settings,
  });
  const tables: [string, Route[]][] = [
    [OPNC_PREFIX, opncRoutes(ecosystem)],
    ['', opcpRoutes(ecosystem)],
    [QUICK_START_PREFIX, quickStartRoutes(ecosystem)],
  ];
  return new Map(
    tables.flatMap(([prefix, routes]) => routes.map((route) => [`${route.method} ${prefix}${route.path}`, route])),
  );
}

/** Those of the examples that send a body. */
export function withBody(examples: readonly Example[]): (Example & { readonly body: JsonObject })[] {
  return examples.flatMap(({ body, ...rest }) => (body === undefined ? [] : [{ ...rest, body }]));
}
