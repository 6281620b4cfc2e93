/** The Contract Certificate Pool for operators: looked through, looked into, and changed. */

import { type Emaid, emaidCheckDigit, toPem } from '@plugpool/iso15118/pki';
import type { ContractEntry } from '../../ccp/contract-entries.ts';
import { emaidField } from '../../dialects/request-fields.ts';
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import { Type } from '../../http/schema-builders.ts';
import { refuse } from '../../kernel/domain-error.ts';
import { positionField } from './cursor.ts';
import {
  emaidReading,
  fingerprintReading,
  ListQuery,
  limitField,
  listed,
  listOf,
  pageAnswer,
  pageFields,
  serialNumberReading,
  vehicleReading,
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
} from './pool-shapes.ts';
import { fileHeaders } from './vehicle-routes.ts';

const ContractPath = Type.Object({ emaid: Type.String() });
const EntryQuery = Type.Object({
  edition: Type.Optional(EditionShape),
  cpsRoot: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Fingerprint of the V2G root.' })),
});

const Instant = Type.String({ format: 'date-time' });
const ContractDetail = Type.Object({
  emaid: Type.String(),
  shownEmaid: Type.String(),
  pcid: Type.String(),
  shownPcid: Type.String(),
  entries: Type.Array(
    Type.Object({
      edition: EditionShape,
      isDefault: Type.Boolean(),
      cpsRootFingerprint: Type.String(),
      cpsRootName: Type.String(),
      storedAt: Instant,
      metaData: Type.Optional(Type.String()),
      contractChain: ChainShape,
      cpsChain: ChainShape,
      installationRes: Type.String({ description: 'Base64 of the EXI.' }),
    }),
    { description: 'One for each edition and CPS root.' },
  ),
});

export function contractRoutes(ecosystem: Ecosystem): Route[] {
  return [
    ...readingRoutes(ecosystem),
    ...changingRoutes(ecosystem),
    ...files.map((file) => fileRoute(ecosystem, file)),
  ];
}

function readingRoutes(ecosystem: Ecosystem): Route[] {
  return [
    route('GET', '/admin/v1/contracts', {
      operation: 'adminListContracts',
      summary: 'Lists signed contract data, the latest first, or finds it by any identifier',
      query: ListQuery,
      answers: { 200: listOf(ContractShape) },
      refusals: ['field-invalid'],
      handle: async ({ query }) => {
        const { items, ...page } = await listed(ecosystem.contracts, query, async (text) => [
          ...fingerprintReading(text),
          ...vehicleReading(text),
          ...emaidReading(text),
          ...serialNumberReading(text),
        ]);
        return { status: 200, body: { items: items.map(contractAnswer), ...page } };
      },
    }),

    route('GET', '/admin/v1/contracts/:emaid', {
      operation: 'adminGetContract',
      summary: 'Gets a contract with the chains in its signed data',
      params: ContractPath,
      answers: { 200: ContractDetail },
      refusals: ['contract-not-found'],
      handle: async ({ params }) => {
        const emaid = emaidField(params.emaid, 'opnc');
        return { status: 200, body: await detailOf(ecosystem, emaid) };
      },
    }),

    route('GET', '/admin/v1/contracts/:emaid/history', {
      operation: 'adminReadContractHistory',
      summary: 'Reads what became of a contract, the latest first, also when it is in the pool no longer',
      params: ContractPath,
      query: Type.Object(pageFields),
      answers: { 200: HistoryPage },
      refusals: ['field-pattern', 'field-invalid'],
      handle: async ({ params, query: { cursor, limit } }) => {
        const emaid = emaidField(params.emaid, 'opnc');
        const page = await ecosystem.history.page({
          objects: await objectsOf(ecosystem, emaid),
          events: { object: emaid },
          after: positionField(cursor)?.after,
          limit: limitField(limit),
        });
        const { items, ...next } = pageAnswer(page);
        return { status: 200, body: { items: items.map(historyAnswer), ...next } };
      },
    }),
  ];
}

function changingRoutes({ ccp }: Ecosystem): Route[] {
  return [
    route('POST', '/admin/v1/contracts/:emaid/default', {
      operation: 'adminSetDefaultContract',
      summary: 'Makes a contract the default of its vehicle, in every edition that it has data of',
      params: ContractPath,
      answers: { 204: null },
      refusals: ['contract-not-found'],
      handle: async ({ params }) => {
        const emaid = emaidField(params.emaid, 'opnc');
        const pcid = await ccp.pcidOf(emaid);
        if (pcid === undefined) throw refuse('contract-not-found');
        await ccp.setDefault(pcid, emaid);
        return { status: 204 };
      },
    }),

    route('DELETE', '/admin/v1/contracts/:emaid', {
      operation: 'adminWithdrawContract',
      summary: 'Withdraws a contract; its certificate is revoked where it is of ours',
      params: ContractPath,
      query: Type.Object({ skipRevocation: Type.Optional(Type.Enum(['true', 'false'])) }),
      answers: { 204: null },
      refusals: ['contract-not-found'],
      handle: async ({ params, query }) => {
        await ccp.withdraw(emaidField(params.emaid, 'opnc'), { skipRevocation: query.skipRevocation === 'true' });
        return { status: 204 };
      },
    }),
  ];
}

interface ContractFile {
  readonly ending: string;
  readonly operation: string;
  readonly summary: string;
  readonly type: string;
  readonly content: (entry: ContractEntry) => Buffer | string | Promise<string>;
}

const files: readonly ContractFile[] = [
  {
    ending: 'data.exi',
    operation: 'adminDownloadContractExi',
    summary: 'Gets the signed contract data as EXI',
    type: 'application/octet-stream',
    content: ({ installationRes }) => Buffer.from(installationRes),
  },
  {
    ending: 'data.xml',
    operation: 'adminDownloadContractXml',
    summary: 'Gets the signed contract data as an XML document',
    type: 'application/xml',
    content: async ({ edition, installationRes }) => {
      const { xmlOf } = await import('../../dialects/opcp/signed-data-xml.ts');
      return xmlOf(edition, installationRes);
    },
  },
  {
    ending: 'data.json',
    operation: 'adminDownloadContractJson',
    summary: 'Gets the signed contract data in the JSON form of plugpool exi decode',
    type: 'application/json',
    content: async ({ edition, installationRes }) => {
      const { decode, toJson } = await import('@plugpool/exi');
      const { exiSchemas } = await import('@plugpool/iso15118');
      const schema = edition === 'ISO15118-2' ? exiSchemas['iso15118-2'] : exiSchemas['iso15118-20-common'];
      return `${JSON.stringify(toJson(schema, decode(schema, installationRes)), undefined, 2)}\n`;
    },
  },
  {
    ending: 'chain.pem',
    operation: 'adminDownloadContractChain',
    summary: 'Gets the chain of the contract certificate as PEM, leaf first',
    type: 'application/x-pem-file',
    content: ({ contractChain }) => contractChain.map(({ der }) => toPem('CERTIFICATE', der)).join(''),
  },
];

/** Of the first entry that fits, where the query leaves a choice. */
function fileRoute({ contractEntries }: Ecosystem, file: ContractFile): Route {
  const { ending, operation, summary, type, content } = file;
  return route('GET', `/admin/v1/contracts/:emaid/${ending}`, {
    operation,
    summary,
    params: ContractPath,
    query: EntryQuery,
    answers: { 200: Type.Unknown({ contentMediaType: type }) },
    refusals: ['contract-not-found'],
    handle: async ({ params, query: { edition, cpsRoot } }) => {
      const entries = await contractEntries(emaidField(params.emaid, 'opnc'));
      const entry = entries.find(
        (each) =>
          (edition === undefined || each.edition === edition) &&
          (cpsRoot === undefined || each.cpsRootFingerprint === cpsRoot),
      );
      if (entry === undefined) throw refuse('contract-not-found');
      const name = `${entry.shownEmaid}.${ending.replace(/^data\./, '')}`;
      return { status: 200, headers: fileHeaders(name, type), body: await content(entry) };
    },
  });
}

async function detailOf({ contractEntries, issued }: Ecosystem, emaid: Emaid) {
  const entries = await contractEntries(emaid);
  const [first] = entries;
  if (first === undefined) throw refuse('contract-not-found');
  const { shownEmaid, pcid, shownPcid } = first;
  return {
    ...{ emaid, shownEmaid, pcid, shownPcid },
    entries: await Promise.all(
      entries.map(async (entry) => ({
        edition: entry.edition,
        isDefault: entry.isDefault,
        cpsRootFingerprint: entry.cpsRootFingerprint,
        cpsRootName: entry.cpsRootName,
        storedAt: instant(entry.storedAt),
        ...(entry.metaData !== undefined && { metaData: entry.metaData }),
        contractChain: await chainAnswer(entry.contractChain, issued),
        cpsChain: await chainAnswer(entry.cpsChain, issued),
        installationRes: Buffer.from(entry.installationRes).toString('base64'),
      })),
    ),
  };
}

/** The contract itself, and the certificates that bear its name: with check digit and without. */
async function objectsOf({ contracts, issued }: Ecosystem, emaid: Emaid): Promise<string[]> {
  const { items } = await contracts.page({ by: { beginning: emaid }, limit: 100 });
  const own = items.filter((item) => item.emaid === emaid);
  const withCheckDigit = emaid.length === 14 ? [emaid + emaidCheckDigit(emaid)] : [];
  return [
    emaid,
    ...own.map(({ fingerprint }) => fingerprint),
    ...(await issued.named([emaid, ...withCheckDigit, ...own.map(({ shownEmaid }) => shownEmaid)])),
  ];
}
