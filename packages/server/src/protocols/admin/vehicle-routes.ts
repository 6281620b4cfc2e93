/** The Provisioning Certificate Pool for operators: looked through, looked into, and changed. */

import { type Pcid, toPem } from '@plugpool/iso15118/pki';
import { pcidField } from '../../dialects/request-fields.ts';
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import { Type } from '../../http/schema-builders.ts';
import { refuse } from '../../kernel/domain-error.ts';
import type { Vehicle } from '../../pcp/vehicle.ts';
import { positionField } from './cursor.ts';
import {
  emaidIn,
  fingerprintReading,
  ListQuery,
  limitField,
  listed,
  listOf,
  pageAnswer,
  pageFields,
  pcidReading,
  type Reading,
  serialNumberReading,
} from './listing-fields.ts';
import {
  ChainShape,
  ContractShape,
  chainAnswer,
  contractAnswer,
  EditionShape,
  HistoryPage,
  historyAnswer,
  instant,
  VehicleShape,
  vehicleAnswer,
} from './pool-shapes.ts';

const VehiclePath = Type.Object({ pcid: Type.String() });
const EntryQuery = Type.Object({ edition: Type.Optional(EditionShape) });

const VehicleDetail = Type.Object({
  pcid: Type.String(),
  shownPcid: Type.String(),
  entries: Type.Array(
    Type.Object({
      edition: EditionShape,
      publishedAt: Type.String({ format: 'date-time' }),
      previousPcid: Type.Optional(Type.String()),
      v2gRootKeyIdentifiers: Type.Array(Type.String()),
      rootId: Type.Optional(Type.String({ description: 'As long as the root is in the pool.' })),
      chain: ChainShape,
    }),
    { description: 'One for each edition.' },
  ),
  contracts: Type.Array(ContractShape, { description: 'The default first; a hundred at most.' }),
});

/** How many contracts of a vehicle are looked into for its history. */
const MOST_CONTRACTS = 20;

export function vehicleRoutes(ecosystem: Ecosystem): Route[] {
  const { pcp, vehicles } = ecosystem;
  return [
    route('GET', '/admin/v1/vehicles', {
      operation: 'adminListVehicles',
      summary: 'Lists vehicles, the latest published first, or finds them by any identifier',
      query: ListQuery,
      answers: { 200: listOf(VehicleShape) },
      refusals: ['field-invalid'],
      handle: async ({ query }) => {
        const { items, ...page } = await listed(vehicles, query, (text) => readingsOf(ecosystem, text));
        return { status: 200, body: { items: items.map(vehicleAnswer), ...page } };
      },
    }),

    route('GET', '/admin/v1/vehicles/:pcid', {
      operation: 'adminGetVehicle',
      summary: 'Gets a vehicle with its chains and its contracts',
      params: VehiclePath,
      answers: { 200: VehicleDetail },
      refusals: ['vehicle-not-found'],
      handle: async ({ params }) => ({ status: 200, body: await detailOf(ecosystem, pcidField(params.pcid)) }),
    }),

    route('GET', '/admin/v1/vehicles/:pcid/history', {
      operation: 'adminReadVehicleHistory',
      summary: 'Reads what became of a vehicle and its contracts, the latest first',
      params: VehiclePath,
      query: Type.Object(pageFields),
      answers: { 200: HistoryPage },
      refusals: ['pcid-form', 'field-invalid'],
      handle: async ({ params, query: { cursor, limit } }) => {
        const pcid = pcidField(params.pcid);
        const page = await ecosystem.history.page({
          objects: await objectsOf(ecosystem, pcid),
          events: { pcid },
          after: positionField(cursor)?.after,
          limit: limitField(limit),
        });
        const { items, ...next } = pageAnswer(page);
        return { status: 200, body: { items: items.map(historyAnswer), ...next } };
      },
    }),

    route('GET', '/admin/v1/vehicles/:pcid/chain.pem', {
      operation: 'adminDownloadVehicleChain',
      summary: 'Gets the chain of a vehicle as PEM, leaf first',
      params: VehiclePath,
      query: EntryQuery,
      answers: { 200: Type.String({ contentMediaType: 'application/x-pem-file' }) },
      refusals: ['vehicle-not-found'],
      handle: async ({ params, query }) => {
        const vehicle = await pcp.get(pcidField(params.pcid), query.edition);
        const chain = (await chainOf(ecosystem, vehicle)).map(({ der }) => toPem('CERTIFICATE', der)).join('');
        return { status: 200, headers: fileHeaders(`${vehicle.shownPcid}.pem`, 'application/x-pem-file'), body: chain };
      },
    }),

    route('DELETE', '/admin/v1/vehicles/:pcid', {
      operation: 'adminDepublishVehicle',
      summary: 'Removes a vehicle in all editions, with its contracts',
      params: VehiclePath,
      answers: { 204: null },
      refusals: ['vehicle-not-found'],
      handle: async ({ params }) => {
        await pcp.depublish(pcidField(params.pcid));
        return { status: 204 };
      },
    }),

    route('DELETE', '/admin/v1/vehicles/:pcid/contracts', {
      operation: 'adminResetVehicle',
      summary: 'Removes all contracts of a vehicle, as after a factory reset',
      params: VehiclePath,
      answers: { 204: null },
      refusals: ['vehicle-not-found'],
      handle: async ({ params }) => {
        await pcp.resetContracts(pcidField(params.pcid));
        return { status: 204 };
      },
    }),
  ];
}

/** By the contract that somebody has in hand the vehicle is found as well. */
async function readingsOf({ ccp }: Ecosystem, text: string): Promise<Reading[]> {
  const emaid = emaidIn(text);
  const pcid = emaid === undefined ? undefined : await ccp.pcidOf(emaid);
  return [
    ...fingerprintReading(text),
    ...pcidReading(text),
    ...(pcid === undefined ? [] : [{ as: 'contract', by: { pcid } } as const]),
    ...serialNumberReading(text),
  ];
}

async function detailOf(ecosystem: Ecosystem, pcid: Pcid) {
  const { pcp, contracts, rcp, issued } = ecosystem;
  const entries = await pcp.entries(pcid);
  const [first] = entries;
  if (first === undefined) throw refuse('vehicle-not-found');
  const { items } = await contracts.page({ by: { pcid }, limit: 1 });
  const defaultsFirst = items.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
  return {
    pcid,
    shownPcid: first.shownPcid,
    entries: await Promise.all(
      entries.map(async (vehicle) => {
        const root = await rcp.find(vehicle.rootFingerprint);
        const { edition, publishedAt, previousPcid, v2gRootKeyIdentifiers } = vehicle;
        return {
          edition,
          publishedAt: instant(publishedAt),
          ...(previousPcid !== undefined && { previousPcid }),
          v2gRootKeyIdentifiers: [...v2gRootKeyIdentifiers],
          ...(root !== undefined && { rootId: root.id }),
          chain: await chainAnswer(await chainOf(ecosystem, vehicle), issued),
        };
      }),
    ),
    contracts: defaultsFirst.map(contractAnswer),
  };
}

async function chainOf({ rcp }: Ecosystem, { certificate, subCa2, subCa1, rootFingerprint }: Vehicle) {
  const root = await rcp.find(rootFingerprint);
  return [certificate, ...(subCa2 === undefined ? [] : [subCa2]), subCa1, ...(root ? [root.certificate] : [])];
}

/** The vehicle itself, the certificates that bear its name, and its contracts as they are now. */
async function objectsOf({ pcp, contracts, issued }: Ecosystem, pcid: Pcid): Promise<string[]> {
  const entries = await pcp.entries(pcid);
  const { items } = await contracts.page({ by: { pcid }, limit: 1 });
  const emaids = new Set(items.map(({ emaid }) => emaid));
  return [
    pcid,
    ...entries.map(({ certificate }) => certificate.fingerprint),
    ...(await issued.named([pcid, ...entries.map(({ shownPcid }) => shownPcid)])),
    ...[...emaids].slice(0, MOST_CONTRACTS),
  ];
}

export function fileHeaders(name: string, type: string): Record<string, string> {
  return { 'content-type': type, 'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}"` };
}
