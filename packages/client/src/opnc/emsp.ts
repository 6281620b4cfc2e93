import { type Certificate, type Edition, editionOfNamespace, namespaceOfEdition } from '@plugpool/iso15118';
import { pathOf } from '../http/http-caller.ts';
import { base64, type CertificateChain, fromOpncChain, toOpncChain } from './certificate-chain.ts';
import { type ContractEntry, fromOpncContract } from './contract-entry.ts';
import { type CallOptions, type EnrolOptions, jsonBody, type OpncCalls } from './opnc-calls.ts';
import { fromOpncSignedContractData, type SignedContractData } from './signed-contract-data.ts';

/** The backend of an e-mobility service provider. */
export interface Emsp {
  /** @param request PKCS #10 in DER, its common name the EMAID */
  enrol(edition: Edition, request: Uint8Array, options?: EnrolOptions): Promise<Certificate>;
  /** In one edition; a vehicle of both, in the ecosystem's choice when none is asked for. */
  fetchVehicle(pcid: string, options?: CallOptions & { readonly edition?: Edition }): Promise<FetchedVehicle>;
  /** Has the CPS sign contract data that the eMSP made itself; with a PCID it is stored as well. */
  signContractData(data: ContractData, options?: CallOptions): Promise<SignedContractData>;
  /** Has the ecosystem make key pair, contract certificate and envelope, sign and store them. */
  generateAndSign(order: ContractOrder, options?: CallOptions): Promise<void>;
  contractsByEmaid(emaid: string, options?: CallOptions & { readonly edition?: Edition }): Promise<ContractEntry[]>;
  withdraw(emaid: string, options?: CallOptions & { readonly skipRevocation?: boolean }): Promise<void>;
}

export interface FetchedVehicle extends CertificateChain {
  readonly edition: Edition | undefined;
  /** SHA-256 of the vehicle's certificate, as the pool says. */
  readonly fingerprint: string | undefined;
  /** As the manufacturer wrote them, hexadecimal with colons. */
  readonly v2gRootKeyIdentifiers: readonly string[];
}

export interface ContractData {
  readonly edition: Edition;
  readonly emaid: string;
  readonly pcid?: string;
  readonly contractChain: CertificateChain;
  /** IV ‖ ciphertext, for this one vehicle. */
  readonly encryptedPrivateKey: Uint8Array;
  readonly dhPublicKey: Uint8Array;
  readonly cpsRootFingerprint?: string;
}

export interface ContractOrder {
  readonly edition: Edition;
  readonly emaid: string;
  readonly pcid: string;
  /** Epoch milliseconds. */
  readonly begins: number;
  readonly ends: number;
  readonly cpsRootFingerprint?: string;
  readonly moRootFingerprint?: string;
  readonly metaData?: string;
}

export function emsp({ send, json, enrol }: OpncCalls): Emsp {
  return {
    enrol: (edition, request, { algorithm, ...options } = {}) =>
      enrol({ caDomain: 'emsp', edition, algorithm }, request, options),

    async fetchVehicle(pcid, { edition, signal } = {}) {
      const query = { xsdMsgDefNamespace: edition && namespaceOfEdition(edition) };
      const path = pathOf`/pcp/provisioningcertificates/${pcid}`;
      const answer = await json({ method: 'GET', path, query, signal });
      const vehicle = answer.at('provisioningCertificate');
      return {
        ...fromOpncChain(vehicle.at('provisioningCertificateChain')),
        edition: vehicle.optional('xsdMsgDefNamespace', (field) => editionOfNamespace(field.text())),
        fingerprint: vehicle.optional('fingerprint', (field) => field.text()),
        v2gRootKeyIdentifiers:
          vehicle.optional('v2gRootAuthorityKeyIdentifiers', (field) => field.list((entry) => entry.text())) ?? [],
      };
    },

    async signContractData(data, { signal } = {}) {
      const body = jsonBody({
        contractCertificateBundle: {
          pcid: data.pcid,
          emaid: data.emaid,
          contractCertificateChain: toOpncChain(data.contractChain),
          contractSignatureEncryptedPrivateKey: base64(data.encryptedPrivateKey),
          dHpublickey: base64(data.dhPublicKey),
        },
        xsdMsgDefNamespace: namespaceOfEdition(data.edition),
        cpsV2GRootCertificateFingerprint: data.cpsRootFingerprint,
      });
      const answer = await json({ method: 'PUT', path: '/cps/contractData/sign', body, signal });
      return fromOpncSignedContractData(answer.at('signedContractData'));
    },

    async generateAndSign(order, { signal } = {}) {
      const body = jsonBody({
        contractBegins: instant(order.begins),
        contractEnds: instant(order.ends),
        emaid: order.emaid,
        pcid: order.pcid,
        xsdMsgDefNamespace: namespaceOfEdition(order.edition),
        cpsV2GRootCertificateFingerprint: order.cpsRootFingerprint,
        moRootCertificateFingerprint: order.moRootFingerprint,
        metaData: order.metaData,
      });
      await send({ method: 'PUT', path: '/cps/contractData/generateandsign', body, signal });
    },

    async contractsByEmaid(emaid, { edition, signal } = {}) {
      const query = { xsdMsgDefNamespace: edition && namespaceOfEdition(edition) };
      const answer = await json({ method: 'GET', path: pathOf`/ccp/contractData/emaid/${emaid}`, query, signal });
      return answer.at('contractDataCollection').list(fromOpncContract);
    },

    async withdraw(emaid, { skipRevocation = false, signal } = {}) {
      const headers = { 'X-Skip-Revocation': String(skipRevocation) };
      await send({ method: 'DELETE', path: pathOf`/ccp/signedcontractdata/${emaid}`, headers, signal });
    },
  };
}

/** Seconds are as fine as certificates have it. */
function instant(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
