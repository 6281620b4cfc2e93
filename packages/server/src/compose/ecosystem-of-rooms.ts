/** The rooms, each given what it needs of the others and nothing more. */
import { parseFingerprint } from '@plugpool/iso15118/pki';
import type { PartyRegister } from '../access/party-register.ts';
import { approvals } from '../approvals/approvals.ts';
import { type ContractCertificatePool, contractCertificatePool } from '../ccp/contract-certificate-pool.ts';
import { contractEntries } from '../ccp/contract-entries.ts';
import { contractListing } from '../ccp/contract-listing.ts';
import { cleanse, type Removal } from '../cleansing/cleansing.ts';
import { certificateProvisioningService } from '../cps/certificate-provisioning-service.ts';
import type { Ecosystem } from '../ecosystem.ts';
import { webhookDeliveries } from '../events/delivery/webhook-deliveries.ts';
import { eventLog, isHeard } from '../events/event-log.ts';
import type { EventOrigins } from '../events/event-origins.ts';
import { webhookEndpoints } from '../events/webhook-endpoints.ts';
import { contractsOfAll, vehicleForContract, vehiclesOfAll } from '../federation/federated-pools.ts';
import type { WatchPeers } from '../federation/peer-watch.ts';
import { history } from '../history/history.ts';
import type { Secrets } from '../keys/key-store.ts';
import { outgoingHttp } from '../outgoing/outgoing-http.ts';
import { provisioningCertificatePool } from '../pcp/provisioning-certificate-pool.ts';
import { vehicleListing } from '../pcp/vehicle-listing.ts';
import { issuedInserts } from '../pki/issued.ts';
import { issuedCertificates } from '../pki/issued-certificates.ts';
import type { PublicKeyInfrastructure } from '../pki/public-key-infrastructure.ts';
import { revocationService } from '../pki/revocation.ts';
import { certificateTrustList } from '../rcp/certificate-trust-list.ts';
import { rootCertificatePool } from '../rcp/root-certificate-pool.ts';
import { defaultTimes, inquiry } from '../revocation/inquiry.ts';
import { type RevocationChecks, revocationChecks } from '../revocation/revocation-checks.ts';
import type { Standing } from '../revocation/standing.ts';
import type { Settings } from '../settings.ts';
import type { Store } from '../store/store.ts';
import { peersOfRooms } from './peers-of-rooms.ts';
import type { Surroundings } from './surroundings.ts';

const DAY_MS = 86_400_000;

export interface Parts extends Surroundings {
  readonly store: Store;
  readonly pki: PublicKeyInfrastructure;
  readonly secrets: Secrets;
  readonly parties: PartyRegister;
  readonly settings: Pick<
    Settings,
    'revocation' | 'allowPrivateTargets' | 'approvals' | 'peers' | 'peerDeadlineMs' | 'publicUrl' | 'eventRetentionDays'
  >;
  /** Hears that there is something to deliver. */
  readonly recorded?: () => void;
  /** Hears of each object that cleansing removed. */
  readonly cleansed?: (removal: Removal) => void;
  /** Hears what came of asking for the status of a certificate of others. */
  readonly peerAsked?: WatchPeers;
  readonly inquired?: (standing: Standing['standing']) => void;
  /** Remembers what events come from. */
  readonly origins?: EventOrigins;
}

export function buildEcosystem(parts: Parts): Ecosystem {
  const { store, clock, logger, pki, secrets, parties, settings, recorded = () => undefined, inquired } = parts;
  const record = eventLog({ store, clock, recorded, ...(parts.origins && { noted: parts.origins.note }) });
  const rcp = rootCertificatePool({ store, clock, record });
  const note = (message: string, details: Readonly<Record<string, string>>) => logger.warn(details, message);
  const { check: checkRevocation, refusals, unfitAmong } = revocationOfOthers({ clock, pki, settings, inquired, note });
  const pcp = provisioningCertificatePool({
    store,
    clock,
    anchors: () => rcp.anchors(['OEM', 'V2G']),
    refusedForRevocation: refusals,
    removeContracts: (tx, pcid, why, edition) => ccp.removeOf(tx, pcid, why, edition),
    note,
  });
  const ccp: ContractCertificatePool = contractCertificatePool({
    store,
    clock,
    anchors: (types) => rcp.anchors(types),
    certificateOfVehicle: (pcid, edition) => pcp.certificateOf(pcid, edition),
    isKnownVehicle: pcp.holds,
    vehicleForContract: (pcid, edition) => vehicleForContract(pcid, edition, { pcp, federation: peers.federation }),
    admitGuest: pcp.admit,
    vehicles: pcp.holding,
    issuedInserts,
    isHeard: isHeard(store),
    linksOfVehicle: pcp.linksOf,
    checkRevocation,
    unfitAmong,
    record,
    async revoke(tx, fingerprints) {
      for (const fingerprint of fingerprints) {
        await pki.revoke(tx, parseFingerprint(fingerprint), 'cessationOfOperation', clock.now());
      }
    },
  });
  const cps = certificateProvisioningService({
    clock,
    signers: () => pki.cpsSigners(),
    anchors: () => rcp.anchors(['MO', 'V2G']),
    checkRevocation,
    vehicleForContract: (pcid, edition) => vehicleForContract(pcid, edition, { pcp, federation: peers.federation }),
    issueContract: pki.issueContract,
    storeContract: ccp.store,
  });
  const peers = peersOfRooms({ store, clock, secrets, settings, rcp, pcp, ccp, note, watch: parts.peerAsked });
  const revocation = revocationService({ store, clock, authorities: () => pki.authorities() });
  const webhooks = webhookEndpoints({ store, clock, secrets, targets: settings, recorded });
  const deliveries = webhookDeliveries({ store, clock, recorded });
  const issued = issuedCertificates({ store, authorities: () => pki.authorities() });
  const vehicles = vehicleListing({ store, clock, revocations: issued.revocationsBy(['oem', 'veh']) });
  const contracts = contractListing({ store, clock, revocations: issued.revocationsBy(['mo']) });
  const trustList = certificateTrustList({ clock, roots: () => rcp.list(), signers: () => pki.cpsSigners() });
  const removed = (removal: Removal) => {
    logger.info(removal, 'removed by cleansing');
    parts.cleansed?.(removal);
  };
  return {
    ...{ rcp, trustList, cps, revocation, webhooks, deliveries },
    ...{
      vehicles,
      contracts,
      contractEntries: contractEntries({ store, anchors: rcp.anchors }),
      issued,
      history: history({ store }),
    },
    approvals: approvals({
      ...{ store, clock, rcp, parties, settings: settings.approvals },
      pki: async () => pki,
      secrets: async () => secrets,
    }),
    pcp: vehiclesOfAll(pcp, peers.federation),
    ccp: contractsOfAll(ccp, peers.federation),
    peers: peers.register,
    federation: peers.federation,
    peerEvents: peers.events,
    rootsOfPeer: peers.rootsOf,
    cleanse: (options) => {
      const eventsKeptMs = settings.eventRetentionDays * DAY_MS;
      return cleanse({ clock, unfitAmong, rcp, pcp, ccp, deliveries, eventsKeptMs, removed }, options);
    },
  };
}

type RevocationParts = Pick<Parts, 'clock' | 'pki' | 'settings'> & {
  readonly inquired: Parts['inquired'] | undefined;
  readonly note: (message: string, details: Readonly<Record<string, string>>) => void;
};

/** Our own certificates are looked up in the database, and nobody is asked about them over HTTP. */
function revocationOfOthers(parts: RevocationParts): RevocationChecks {
  const { clock, pki, settings, inquired, note } = parts;
  const now = () => clock.now();
  const send = outgoingHttp(settings);
  return revocationChecks({
    get policy() {
      return settings.revocation;
    },
    async ownStatusOf(fingerprints) {
      const statuses = await pki.statusOf(fingerprints);
      return new Map([...statuses].flatMap(([key, status]) => (status === 'unknown' ? [] : [[key, status] as const])));
    },
    async isOwnAuthority({ fingerprint }) {
      return (await pki.authorities()).some(({ certificate }) => certificate.fingerprint === fingerprint);
    },
    inquire: inquiry({ send, now, times: defaultTimes, note, learnt: inquired }),
    note,
  });
}
