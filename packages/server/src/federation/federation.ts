/** What the peers know that this ecosystem does not, verified before anybody here hears of it. */
import type { FetchedVehicle } from '@plugpool/client';
import { algorithms, type Edition, type Pcid } from '@plugpool/iso15118/pki';
import type { ContractCertificatePool } from '../ccp/contract-certificate-pool.ts';
import type { DeliveredContract, InstallByRequest } from '../ccp/install-by-request.ts';
import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { ProvisioningCertificatePool } from '../pcp/provisioning-certificate-pool.ts';
import type { GuestVehicle } from '../pcp/vehicle.ts';
import type { BreakerRules } from './circuit-breaker.ts';
import type { Peer } from './peer.ts';
import type { ClientsOf } from './peer-clients.ts';
import type { WatchPeers } from './peer-watch.ts';
import { asking } from './question.ts';

export interface Federation {
  /** A vehicle that a peer publishes, its chain checked as if it were published here. */
  vehicle(pcid: Pcid, edition: Edition | undefined): Promise<GuestVehicle | undefined>;
  /** Whether a peer says that it knows the vehicle: there is nothing in that to verify. */
  isKnown(pcid: Pcid): Promise<boolean>;
  /** What the car may be given, each response checked as if it were to be stored here. */
  install(request: InstallByRequest): Promise<readonly DeliveredContract[] | undefined>;
  /** One peer alone, checked in the same way; undefined when it does not publish the vehicle. Throws for no answer. */
  vehicleOf(peer: Peer, pcid: Pcid, edition: Edition | undefined): Promise<GuestVehicle | undefined>;
  /** Whether a peer that failed is left alone for now. */
  isResting(peerId: string): boolean;
  /** What nobody knew is asked again. */
  forget(): void;
}

export interface FederationNeeds {
  readonly clock: Clock;
  readonly peers: () => Promise<readonly Peer[]>;
  readonly clientsOf: ClientsOf;
  readonly deadlineMs: number;
  readonly pcp: Pick<ProvisioningCertificatePool, 'check'>;
  readonly ccp: Pick<ContractCertificatePool, 'carThatAsks' | 'judgeForeign'>;
  readonly watch: WatchPeers;
  readonly note: (message: string, details: Readonly<Record<string, string>>) => void;
  readonly breakerRules?: BreakerRules;
}

export function federation(needs: FederationNeeds): Federation {
  const { pcp, ccp, clientsOf, deadlineMs } = needs;
  const { ask, forget, breakerOf } = asking(needs);

  return {
    forget,

    isResting: (peerId) => breakerOf(peerId).state(needs.clock.now()) === 'open',

    async vehicle(pcid, edition) {
      const found = await ask({
        name: 'vehicle',
        role: 'pcp',
        about: [pcid, edition ?? ''],
        call: ({ emsp }, signal) => emsp.fetchVehicle(pcid, { signal, ...(edition && { edition }) }),
        judge: (fetched) => judgeVehicle(fetched, { pcid, edition }, pcp),
      });
      return found && { ...found.good, origin: found.peer.id };
    },

    async isKnown(pcid) {
      const found = await ask({
        name: 'lookup',
        role: 'pcp',
        about: [pcid],
        call: async ({ emsp }, signal) => ((await emsp.lookupVehicle(pcid, { signal })) ? true : undefined),
        judge: (known) => known,
      });
      return found !== undefined;
    },

    async install(request) {
      const car = await ccp.carThatAsks(request);
      if (car === undefined) return undefined;
      const { edition, exi: installationReq } = request;
      const found = await ask({
        name: 'installation',
        role: 'ccp',
        about: [car.pcid, car.certificate.fingerprint, request.contracts],
        call: ({ cpo }, signal) =>
          cpo.installByRequest({ edition, installationReq, alwaysReturnExi: false }, { signal }),
        judge: ({ responses }) =>
          ccp.judgeForeign(
            request,
            responses.map(({ installationRes }) => installationRes),
          ),
      });
      return found?.good;
    },

    async vehicleOf(peer, pcid, edition) {
      const { emsp } = await clientsOf(peer);
      const signal = AbortSignal.timeout(deadlineMs);
      if (!(await emsp.lookupVehicle(pcid, { signal }))) return undefined;
      const fetched = await emsp.fetchVehicle(pcid, { signal, ...(edition && { edition }) });
      return { ...(await judgeVehicle(fetched, { pcid, edition }, pcp)), origin: peer.id };
    },
  };
}

interface AskedVehicle {
  readonly pcid: Pcid;
  readonly edition: Edition | undefined;
}

/** Throws the domain errors of publishing, and `field-invalid` for another vehicle than the one that was asked for. */
async function judgeVehicle(fetched: FetchedVehicle, asked: AskedVehicle, pcp: FederationNeeds['pcp']) {
  const { certificate, subCa2, subCa1 } = fetched;
  const edition = fetched.edition ?? algorithms[certificate.publicKey.curve].edition;
  const vehicle = await pcp.check({
    edition,
    certificate,
    subCa1,
    ...(subCa2 && { subCa2 }),
    v2gRootKeyIdentifiers: keyIdentifiers(fetched.v2gRootKeyIdentifiers),
  });
  if (vehicle.pcid !== asked.pcid) throw refuse('field-invalid', 'pcid', 'is that of another vehicle');
  if (asked.edition !== undefined && asked.edition !== edition) {
    throw refuse('field-invalid', 'xsdMsgDefNamespace', 'is another edition than the one that was asked for');
  }
  return vehicle;
}

const MOST_KEY_IDENTIFIERS = 100;

function keyIdentifiers(texts: readonly string[]): string[] {
  const wrong = (why: string) => refuse('field-invalid', 'v2gRootAuthorityKeyIdentifiers', why);
  if (texts.length > MOST_KEY_IDENTIFIERS) throw wrong(`has ${texts.length} entries`);
  return texts.map((text) => {
    const hex = text.replaceAll(/[:\s]/g, '').toLowerCase();
    if (!/^(?:[0-9a-f]{2}){1,64}$/.test(hex)) throw wrong('must be hexadecimal octets');
    return hex;
  });
}
