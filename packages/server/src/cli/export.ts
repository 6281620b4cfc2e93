import { buildEcosystem } from '../compose/ecosystem-of-rooms.ts';
import { contractData, deliveredContract, provisioningCertificate, rootCertificate } from '../dialects/opnc/answers.ts';
import { type TrustAnchor, trustAnchorOf } from '../dialects/trust-anchor.ts';
import type { Ecosystem } from '../ecosystem.ts';
import { systemClock } from '../kernel/clock.ts';
import { noteCounter } from '../observe/logger.ts';
import type { Vehicle } from '../pcp/vehicle.ts';
import { UsageError } from './command.ts';
import { databaseOptions, databaseUsage } from './database.ts';
import type { Io } from './io.ts';
import { oneOf, parseOptions } from './options.ts';
import { openPki } from './pki/open-pki.ts';
import { writeAll } from './written.ts';

const POOLS = ['rcp', 'pcp', 'ccp'] as const;

export const usage = `Usage: plugpool export --pool POOL [OPTIONS]

Writes a pool on standard output, one JSON object a line in the fields of the OPNC, in the order of its keys. Works on
the database itself, while a server runs or not; what changes meanwhile may or may not be in it. Private keys are in no
pool: for all that there is see \`plugpool help backup\`.

  --pool POOL          rcp: root certificates; pcp: vehicles, as \`plugpool import\` reads them;
                       ccp: signed contract data, with what is known of each contract
${databaseUsage}`;

const options = { ...databaseOptions, pool: { type: 'string' } } as const;

const PAGE = 500;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  if (positionals[0] !== undefined) throw new UsageError(`"${positionals[0]}" is one word too many`);
  if (values.pool === undefined) throw new UsageError(`--pool is missing, one of ${POOLS.join(', ')}`);
  const pool = oneOf(values.pool, '--pool', POOLS);
  const { store, keys, pki, parties, settings, close } = await openPki(values, io);
  try {
    const { logger } = noteCounter();
    const { secrets } = keys;
    const ecosystem = buildEcosystem({ store, clock: systemClock, logger, pki, secrets, parties, settings });
    for await (const objects of pages[pool](ecosystem)) {
      await writeAll(io.stdout, objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
    }
    return 0;
  } finally {
    await close();
  }
}

const pages: Readonly<Record<(typeof POOLS)[number], (ecosystem: Ecosystem) => AsyncGenerator<object[]>>> = {
  async *rcp({ rcp }) {
    yield (await rcp.list()).map(rootCertificate);
  },

  async *pcp({ pcp, rcp }) {
    const anchors = new Map<string, TrustAnchor>();
    const anchorOf = async (vehicle: Vehicle) => {
      const key = `${vehicle.rootFingerprint} ${vehicle.subCa1.fingerprint}`;
      const anchor = anchors.get(key) ?? (await trustAnchorOf(vehicle, rcp));
      anchors.set(key, anchor);
      return anchor;
    };
    for await (const vehicles of pagesOf((after: Vehicle | undefined) => pcp.vehiclesBehind(after, PAGE))) {
      const objects: object[] = [];
      for (const vehicle of vehicles) {
        const { shownPcid: pcid, publishedAt } = vehicle;
        const written = provisioningCertificate(vehicle, await anchorOf(vehicle));
        objects.push({ pcid, publishedAt: new Date(publishedAt).toISOString(), ...written });
      }
      yield objects;
    }
  },

  async *ccp({ ccp }) {
    for await (const contracts of pagesOf((after: { id: string } | undefined) => ccp.contractsBehind(after, PAGE))) {
      yield contracts.map((contract) => ({
        ...contractData(contract),
        ...deliveredContract(contract, contract.installationRes),
      }));
    }
  },
};

async function* pagesOf<K, E extends K>(
  page: (after: K | undefined) => Promise<readonly E[]>,
): AsyncGenerator<readonly E[]> {
  for (let entries = await page(undefined); entries.length > 0; entries = await page(entries.at(-1))) yield entries;
}
