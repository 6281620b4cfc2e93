/** OPNC: the provisioning service and the contract pool. */
import { pathOf } from '../http/http-caller.ts';
import type { JsonAnswer } from '../http/json-answer.ts';
import { jsonBody } from '../http/json-body.ts';
import { toBase64 } from '../http/octets.ts';
import type { SentCertificate } from '../roles/certificate-chain.ts';
import type { ContractEntry, SignedContractData } from '../roles/contracts.ts';
import { type Dialect, nothing } from '../roles/dialect.ts';
import {
  contractQuery,
  editionIn,
  installation,
  namespaceText,
  orderBody,
  provideQuery,
  textIn,
} from '../roles/wire-values.ts';
import { chainFields, chainIn, prefix } from './pools.ts';

type Contracts =
  | 'signContractData'
  | 'generateAndSign'
  | 'cpsCertificates'
  | 'contractsByEmaid'
  | 'contractsByPcid'
  | 'installByRequest'
  | 'addSignedContractData'
  | 'withdraw'
  | 'provide'
  | 'setDefault';

export function opncContracts<C extends SentCertificate>(): Pick<Dialect<C>, Contracts> {
  return {
    signContractData: {
      call: (data) => ({
        method: 'PUT',
        path: `${prefix}/cps/contractData/sign`,
        body: jsonBody({
          contractCertificateBundle: {
            pcid: data.pcid,
            emaid: data.emaid,
            contractCertificateChain: chainFields(data.contractChain),
            contractSignatureEncryptedPrivateKey: toBase64(data.encryptedPrivateKey),
            dHpublickey: toBase64(data.dhPublicKey),
          },
          xsdMsgDefNamespace: namespaceText(data.edition),
          cpsV2GRootCertificateFingerprint: data.cpsRootFingerprint,
        }),
      }),
      read: ({ json }) => signedContractData(json().at('signedContractData')),
    },

    generateAndSign: {
      call: (order) => ({
        method: 'PUT',
        path: `${prefix}/cps/contractData/generateandsign`,
        body: orderBody(order),
      }),
      read: nothing,
    },

    cpsCertificates: {
      call: () => ({ method: 'GET', path: `${prefix}/cps/cpsCertificates` }),
      read: ({ json }) =>
        json()
          .at('cpsCertificateDataCollection')
          .list((data) => ({
            ...chainIn(data.at('cpsCertificateChain')),
            edition: editionIn(data),
            v2gRootFingerprint: data.at('cpsV2GRootCertificateFingerprint').text(),
            v2gRootName: data.at('cpsV2GRootDistinguishedName').text(),
          })),
    },

    contractsByEmaid: {
      call: ({ id, ...filter }) => ({
        method: 'GET',
        path: prefix + pathOf`/ccp/contractData/emaid/${id}`,
        query: contractQuery(filter),
      }),
      read: ({ json }) => json().at('contractDataCollection').list(contractEntry),
    },

    contractsByPcid: {
      call: ({ id, ...filter }) => ({
        method: 'GET',
        path: prefix + pathOf`/ccp/contractData/pcid/${id}`,
        query: contractQuery(filter),
      }),
      read: ({ json }) => json().at('contractDataCollection').list(contractEntry),
    },

    installByRequest: {
      call: (request) => ({ method: 'POST', path: `${prefix}/ccp/signedcontractdata`, ...installation(request) }),
      read: ({ json }) => json().at('signedContractDataCollection').list(signedContractData),
    },

    addSignedContractData: {
      call: (data) => ({
        method: 'PUT',
        path: `${prefix}/ccp/signedcontractdata`,
        body: jsonBody({
          certificateInstallationRes: toBase64(data.installationRes),
          emaid: data.emaid,
          pcid: data.pcid,
          xsdMsgDefNamespace: namespaceText(data.edition),
          cpsV2GRootCertificateFingerprint: data.cpsRootFingerprint,
          metaData: data.metaData,
        }),
      }),
      read: nothing,
    },

    withdraw: {
      call: ({ emaid, skipRevocation }) => ({
        method: 'DELETE',
        path: prefix + pathOf`/ccp/signedcontractdata/${emaid}`,
        headers: { 'X-Skip-Revocation': String(skipRevocation) },
      }),
      read: nothing,
    },

    provide: {
      call: (wanted) => ({
        method: 'GET',
        path: prefix + pathOf`/ccp/signedcontractdata/${wanted.emaid}/${wanted.pcid}`,
        query: provideQuery(wanted),
      }),
      read: ({ json }) => json().at('signedContractDataCollection').list(signedContractData),
    },

    setDefault: {
      call: ({ emaid, pcid }) => ({
        method: 'POST',
        path: prefix + pathOf`/ccp/signedcontractdata/${emaid}/${pcid}/setdefault`,
      }),
      read: nothing,
    },
  };
}

function signedContractData<C>(data: JsonAnswer<C>): SignedContractData {
  return {
    installationRes: data.at('certificateInstallationRes').octets(),
    edition: editionIn(data),
    emaid: textIn(data, 'emaid'),
    pcid: textIn(data, 'pcid'),
    cpsRootFingerprint: textIn(data, 'cpsV2GRootCertificateFingerprint'),
    cpsRootName: textIn(data, 'cpsRootDistinguishedName'),
    metaData: textIn(data, 'metaData'),
  };
}

function contractEntry<C extends SentCertificate>(data: JsonAnswer<C>): ContractEntry<C> {
  return {
    emaid: data.at('emaid').text(),
    pcid: data.at('pcid').text(),
    edition: editionIn(data),
    contractCertificate: data.at('contractCertificate').certificate(),
    isDefault: data.optional('defaultContract', (field) => field.flag()) ?? false,
    cpsRootFingerprint: textIn(data, 'cpsV2GRootCertificateFingerprint'),
    cpsRootName: textIn(data, 'cpsV2GRootDistinguishedName'),
  };
}
