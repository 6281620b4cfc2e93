/** Contract Certificate Pool: signed contract data for the vehicles of the ecosystem. */

import type { Certificate, Edition, Emaid, Pcid } from '@plugpool/iso15118/pki';
import { audit } from '../access/audit-log.ts';
import type { StoreContract } from '../cps/contract-data.ts';
import { checkCurveOfVehicle } from '../cps/contract-data-checks.ts';
import { type ContractEventType, contractEvent } from '../events/event.ts';
import type { IsHeard } from '../events/event-log.ts';
import type { CertificateLink } from '../kernel/certificate-chain.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { VehicleForContract } from '../pcp/vehicle.ts';
import type { Tx } from '../store/store.ts';
import { contractLookups } from './contract-lookups.ts';
import {
  countData,
  countEnding,
  deleteContract,
  deleteContractsOf,
  deleteData,
  lockContract,
  selectContractFingerprints,
  selectContracts,
  selectContractsBehind,
  selectDefaults,
  selectPage,
  selectPcidOf,
  selectToldContracts,
  updateDefault,
} from './contract-queries.ts';
import { type ContractStoringNeeds, contractStoring } from './contract-storing.ts';
import { deliveryRecord } from './delivery-record.ts';
import {
  type DeliveredContract,
  type InstallationOutcome,
  type InstallByRequest,
  type InstallByRequestNeeds,
  installByRequest,
} from './install-by-request.ts';
import { type AskingCar, carThatAsks, judgeForeignAnswer } from './installed-elsewhere.ts';
import { messagesOf } from './messages/messages-of-edition.ts';
import { checkForeignData, contractLinksIn, type ForeignContractData } from './signed-elsewhere.ts';
import type { ContractFilter, ListedContract, StoredCertificate, StoredContract } from './stored-contract.ts';

export interface ContractCertificatePool {
  /** Entries for the EMAID. Throws `contract-not-found` when there is none. */
  byEmaid(emaid: Emaid, filter: ContractFilter): Promise<readonly ListedContract[]>;
  /** Entries for the vehicle, the default contract first. Throws `vehicle-not-found` for an unknown vehicle. */
  byPcid(pcid: Pcid, filter: ContractFilter): Promise<readonly ListedContract[]>;
  install(request: InstallByRequest): Promise<InstallationOutcome>;
  /** The car that signed a request; undefined when nobody did. */
  carThatAsks(request: InstallByRequest): Promise<AskingCar | undefined>;
  /**
   * What of another ecosystem's answer to a request a car may be given. Throws the domain errors of the checks, which are
   * those of `add`, and `field-invalid` for an answer to another session.
   */
  judgeForeign(request: InstallByRequest, responses: readonly Uint8Array[]): Promise<readonly DeliveredContract[]>;
  /** Before an answer of another ecosystem is handed out. */
  auditForeign(delivered: readonly DeliveredContract[]): Promise<void>;
  /** The response for the OEM's backend, with its session id if it gave one. Throws `contract-not-found`. */
  provide(wanted: ProvideContract): Promise<{ contract: StoredContract; installationRes: Uint8Array }>;
  /** Stores data that a CPS signed elsewhere. Throws the domain errors of the checks. */
  add(data: ForeignContractData): Promise<void>;
  /** Stores data that was signed here. */
  readonly store: StoreContract;
  /** Removes the contract; a certificate of our own is revoked first, unless told not to. Throws `contract-not-found`. */
  withdraw(emaid: Emaid, options: { readonly skipRevocation: boolean }): Promise<void>;
  /** Removes the contracts of a vehicle, inside the caller's transaction; `why` is told once for each EMAID. How many. */
  removeOf(tx: Tx, pcid: Pcid, why: ContractEventType, edition?: Edition): Promise<number>;
  count(): Promise<number>;
  /** How many contract certificates end from `since` on and before `until`; no more than `most` are counted. */
  countEnding(since: number, until: number, most: number): Promise<number>;
  /** All that is stored of each entry, in the same order. */
  contractsBehind(
    after: { readonly id: string } | undefined,
    limit: number,
  ): Promise<(StoredContract & { readonly id: string })[]>;
  /** Entries by their ids, behind the given one. */
  page(after: { readonly id: string } | undefined, limit: number): Promise<StoredCertificate[]>;
  /** The chain in the data that is stored with a certificate; empty when data or root have gone. */
  linksOf(stored: StoredCertificate): Promise<readonly CertificateLink[]>;
  /** Removes data that is of no use any more; false when it has gone or has another certificate now. */
  cleanse(stored: StoredCertificate): Promise<boolean>;
  /** Throws `contract-not-found`. */
  setDefault(pcid: Pcid, emaid: Emaid): Promise<void>;
  /** The vehicle that an EMAID belongs to. */
  pcidOf(emaid: Emaid): Promise<Pcid | undefined>;
}

export interface ProvideContract extends ContractFilter {
  readonly emaid: Emaid;
  readonly pcid: Pcid;
  readonly sessionId?: Uint8Array;
}

export interface ContractCertificatePoolNeeds extends ContractStoringNeeds {
  readonly anchors: (types: readonly ('V2G' | 'MO')[]) => Promise<Certificate[]>;
  readonly certificateOfVehicle: InstallByRequestNeeds['certificateOfVehicle'];
  readonly isKnownVehicle: (pcid: Pcid) => Promise<boolean>;
  /** Throws `vehicle-not-available`. */
  readonly vehicleForContract: (pcid: Pcid, edition: Edition) => Promise<VehicleForContract>;
  readonly linksOfVehicle: InstallByRequestNeeds['linksOfVehicle'];
  /** Throws `certificate-revoked`, `revocation-unknown`. */
  readonly checkRevocation: (links: readonly CertificateLink[]) => Promise<void>;
  readonly isHeard: IsHeard;
  readonly unfitAmong: InstallByRequestNeeds['unfitAmong'];
  /** Revokes those of the certificates that our own CAs issued. */
  readonly revoke: (tx: Tx, fingerprints: readonly string[]) => Promise<void>;
}

export function contractCertificatePool(needs: ContractCertificatePoolNeeds): ContractCertificatePool {
  const { store, clock, record } = needs;

  const storeContract = contractStoring(needs);
  const deliveries = deliveryRecord(needs);
  const lookups = contractLookups(store.lookups);

  return {
    async byEmaid(emaid, filter) {
      const contracts = await lookups.listedOfEmaid(emaid, filter);
      if (contracts.length === 0) throw refuse('contract-not-found');
      return contracts;
    },

    async byPcid(pcid, filter) {
      const contracts = await lookups.listedOfVehicle(pcid, filter);
      if (contracts.length === 0 && !(await needs.isKnownVehicle(pcid))) throw refuse('vehicle-not-found');
      return contracts;
    },

    async install(request) {
      let isHeard = true;
      const outcome = await installByRequest(request, {
        now: () => clock.now(),
        certificateOfVehicle: needs.certificateOfVehicle,
        async contractsOf(pcid, wanted) {
          // Both at once, so that they are one message to the database.
          const [contracts, heard] = await Promise.all([lookups.ofVehicle(pcid, wanted), deliveries.areHeard()]);
          isHeard = heard;
          return contracts;
        },
        linksOfVehicle: needs.linksOfVehicle,
        linksOfContract: async (stored) => contractLinksIn(stored, await needs.anchors(['MO', 'V2G'])),
        unfitAmong: needs.unfitAmong,
      });
      if (outcome.ok) {
        await deliveries.record(
          outcome.contracts.map(({ contract }) => contract),
          isHeard,
        );
      }
      return outcome;
    },

    carThatAsks,

    judgeForeign(request, responses) {
      const { anchors, checkRevocation } = needs;
      return judgeForeignAnswer(request, responses, { now: () => clock.now(), anchors, checkRevocation });
    },

    // Without an event: the pool that has the contract tells its parties of the delivery.
    async auditForeign(delivered) {
      const rows = delivered.map(({ contract, installationRes }) => {
        return { operation: 'contract.deliver', object: contract.emaid, after: installationRes } as const;
      });
      await audit(store.db, clock.now(), rows);
    },

    async provide({ emaid, pcid, sessionId, ...filter }) {
      const contracts = await selectContracts(store.db, { emaids: [emaid] }, filter);
      const contract = contracts.find((entry) => entry.pcid === pcid);
      if (contract === undefined) throw refuse('contract-not-found');
      const { installationRes, edition } = contract;
      if (sessionId !== undefined) checkSessionId(sessionId, edition);
      await deliveries.record([contract], await deliveries.areHeard());
      return {
        contract,
        installationRes:
          sessionId === undefined
            ? installationRes
            : (await messagesOf(edition)).deliver(installationRes, { sessionId, now: clock.now(), remaining: 0 }),
      };
    },

    async add(foreign) {
      const { storable, links } = await checkForeignData(foreign, {
        now: clock.now(),
        contractRoots: await needs.anchors(['MO', 'V2G']),
        cpsRoots: await needs.anchors(['V2G']),
      });
      const vehicle = await needs.vehicleForContract(storable.pcid, storable.edition);
      checkCurveOfVehicle(storable.contractCertificate, vehicle.certificate);
      await needs.checkRevocation(links);
      await storeContract({ data: storable, guest: vehicle.guest });
    },

    store: storeContract,

    async withdraw(emaid, { skipRevocation }) {
      await store.transaction(async (tx) => {
        if ((await selectPcidOf(tx, emaid)) === undefined) throw refuse('contract-not-found');
        if (!skipRevocation) await needs.revoke(tx, await selectContractFingerprints(tx, { emaid }));
        const told = await selectToldContracts(tx, { emaid });
        await deleteContract(tx, emaid);
        await audit(
          tx,
          clock.now(),
          told.map(({ contractFingerprint: before }) => ({ operation: 'contract.withdraw', object: emaid, before })),
        );
        await record(
          tx,
          told.map((contract) => contractEvent('oem.contract.deleted', contract)),
        );
      });
    },

    async removeOf(tx, pcid, why, edition) {
      await needs.revoke(tx, await selectContractFingerprints(tx, { pcid, edition }));
      const told = await selectToldContracts(tx, { pcid, edition });
      await deleteContractsOf(tx, pcid, edition);
      await audit(
        tx,
        clock.now(),
        told.map(({ emaid, contractFingerprint: before }) => ({ operation: 'contract.remove', object: emaid, before })),
      );
      const once = told.filter(({ emaid }, index) => told.findIndex((other) => other.emaid === emaid) === index);
      await record(
        tx,
        once.map((contract) => contractEvent(why, contract)),
      );
      return once.length;
    },

    count: () => countData(store.db),

    countEnding: (since, until, most) => countEnding(store.db, since, until, most),

    contractsBehind: (after, limit) => selectContractsBehind(store.db, after, limit),

    page: (after, limit) => selectPage(store.db, after, limit),

    async linksOf({ emaid, edition, fingerprint }) {
      const contracts = await selectContracts(store.db, { emaids: [emaid] }, { edition });
      const stored = contracts.find(({ contractFingerprint }) => contractFingerprint === fingerprint);
      return stored === undefined ? [] : contractLinksIn(stored, await needs.anchors(['MO', 'V2G']));
    },

    async cleanse({ emaid, edition, fingerprint }) {
      return await store.transaction(async (tx) => {
        await lockContract(store, tx, emaid);
        const contracts = await selectContracts(tx, { emaids: [emaid] }, { edition });
        const told = contracts.find(({ contractFingerprint }) => contractFingerprint === fingerprint);
        if (told === undefined) return false;
        // All data of an EMAID and an edition has the same contract certificate.
        await deleteData(tx, emaid, edition);
        await audit(tx, clock.now(), [{ operation: 'contract.remove', object: emaid, before: fingerprint }]);
        await record(tx, [contractEvent('oem.contract.deleted', told)]);
        return true;
      });
    },

    async setDefault(pcid, emaid) {
      await store.transaction(async (tx) => {
        if ((await selectPcidOf(tx, emaid)) !== pcid) throw refuse('contract-not-found');
        await tx.executeQuery(needs.vehicles.lock(tx, [pcid]));
        const before = JSON.stringify(await selectDefaults(tx, pcid));
        await updateDefault(tx, pcid, emaid);
        const after = JSON.stringify(await selectDefaults(tx, pcid));
        await audit(tx, clock.now(), [{ operation: 'contract.set-default', object: emaid, before, after }]);
      });
    },

    pcidOf: (emaid) => selectPcidOf(store.db, emaid),
  };
}

/** Up to eight octets in ISO 15118-2, eight in ISO 15118-20. Throws `field-invalid`. */
function checkSessionId(sessionId: Uint8Array, edition: Edition): void {
  if (edition === 'ISO15118-2' || sessionId.length === 8) return;
  throw refuse('field-invalid', 'sessionID', `has ${sessionId.length} octets, one of ${edition} has 8`);
}
