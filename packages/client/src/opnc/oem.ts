import { type Certificate, type Edition, namespaceOfEdition } from '@plugpool/iso15118';
import { CallError } from '../http/call-error.ts';
import { pathOf } from '../http/http-caller.ts';
import { type CertificateChain, toOpncChain } from './certificate-chain.ts';
import { type ContractEntry, fromOpncContract } from './contract-entry.ts';
import { type CallOptions, type EnrolOptions, jsonBody, type OpncCalls } from './opnc-calls.ts';
import { fromOpncSignedContractData, type SignedContractData } from './signed-contract-data.ts';

/** The backend of a vehicle manufacturer. */
export interface Oem {
  /** @param request PKCS #10 in DER, its common name the PCID */
  enrol(edition: Edition, request: Uint8Array, options?: EnrolOptions): Promise<Certificate>;
  /** The certificate with which a car of ISO 15118-20 opens TLS connections (`veh`). */
  enrolForTls(request: Uint8Array, options?: EnrolOptions): Promise<Certificate>;
  publishVehicle(vehicle: PublishedVehicle, options?: CallOptions): Promise<void>;
  depublishVehicle(pcid: string, options?: CallOptions): Promise<void>;
  /** Whether the ecosystem knows the vehicle. */
  lookupVehicle(pcid: string, options?: CallOptions): Promise<boolean>;
  contractsOf(pcid: string, options?: CallOptions & { readonly edition?: Edition }): Promise<ContractEntry[]>;
  /** The signed contract data of one contract, for delivery through the manufacturer's own channel. */
  provide(wanted: ProvideWanted, options?: CallOptions): Promise<SignedContractData[]>;
  setDefault(emaid: string, pcid: string, options?: CallOptions): Promise<void>;
}

export interface PublishedVehicle extends CertificateChain {
  readonly edition: Edition;
  /** Key identifiers of the V2G roots in the car. */
  readonly v2gRootKeyIdentifiers?: readonly Uint8Array[];
  readonly previousPcid?: string;
}

export interface ProvideWanted {
  readonly emaid: string;
  readonly pcid: string;
  readonly edition?: Edition;
  /** Up to 8 octets that shall stand in the header of the message. */
  readonly sessionId?: Uint8Array;
  readonly cpsRootFingerprint?: string;
}

export function oem({ send, json, enrol }: OpncCalls): Oem {
  return {
    enrol: (edition, request, { algorithm, ...options } = {}) =>
      enrol({ caDomain: 'oem', edition, algorithm }, request, options),

    enrolForTls: (request, { algorithm, ...options } = {}) =>
      enrol({ caDomain: 'veh', edition: 'ISO15118-20', algorithm }, request, options),

    async publishVehicle(vehicle, { signal } = {}) {
      const body = jsonBody({
        provisioningCertificateChain: toOpncChain(vehicle),
        xsdMsgDefNamespace: namespaceOfEdition(vehicle.edition),
        v2gRootAuthorityKeyIdentifiers: vehicle.v2gRootKeyIdentifiers?.map(colonHex),
        previousPcid: vehicle.previousPcid,
      });
      await send({ method: 'PUT', path: '/pcp/provisioningcertificates', body, signal });
    },

    async depublishVehicle(pcid, { signal } = {}) {
      await send({ method: 'DELETE', path: pathOf`/pcp/provisioningcertificates/${pcid}`, signal });
    },

    async lookupVehicle(pcid, { signal } = {}) {
      try {
        await send({ method: 'GET', path: pathOf`/pcp/lookupvehicle/${pcid}`, signal });
        return true;
      } catch (error) {
        if (error instanceof CallError && error.status === 404) return false;
        throw error;
      }
    },

    async contractsOf(pcid, { edition, signal } = {}) {
      const query = { xsdMsgDefNamespace: edition && namespaceOfEdition(edition) };
      const answer = await json({ method: 'GET', path: pathOf`/ccp/contractData/pcid/${pcid}`, query, signal });
      return answer.at('contractDataCollection').list(fromOpncContract);
    },

    async provide({ emaid, pcid, edition, sessionId, cpsRootFingerprint }, { signal } = {}) {
      const query = {
        sessionID: sessionId && Buffer.from(sessionId).toString('hex'),
        xsdMsgDefNamespace: edition && namespaceOfEdition(edition),
        cpsV2GRootCertificateFingerprint: cpsRootFingerprint,
      };
      const answer = await json({
        method: 'GET',
        path: pathOf`/ccp/signedcontractdata/${emaid}/${pcid}`,
        query,
        signal,
      });
      return answer.at('signedContractDataCollection').list(fromOpncSignedContractData);
    },

    async setDefault(emaid, pcid, { signal } = {}) {
      await send({ method: 'POST', path: pathOf`/ccp/signedcontractdata/${emaid}/${pcid}/setdefault`, signal });
    },
  };
}

function colonHex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(':');
}
