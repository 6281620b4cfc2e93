/** OPCP: the provisioning service and the contract pool. */
import { pathOf } from '../http/http-caller.ts';
import type { JsonAnswer } from '../http/json-answer.ts';
import { jsonBody } from '../http/json-body.ts';
import { toBase64 } from '../http/octets.ts';
import type { SentCertificate } from '../roles/certificate-chain.ts';
import type { ContractEntry, SignedContractData } from '../roles/contracts.ts';
import { type Dialect, nothing, type Received } from '../roles/dialect.ts';
import {
  certificateText,
  contractQuery,
  editionIn,
  installation,
  namespaceText,
  orderBody,
  provideQuery,
  textIn,
} from '../roles/wire-values.ts';
import { exiInXml, xmlOfExi } from './signed-data-xml.ts';

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

export function opcpContracts<C extends SentCertificate>(): Pick<Dialect<C>, Contracts> {
  return {
    signContractData: {
      call: (data) => ({
        method: 'PUT',
        path: '/v1/cps/contractData/signed',
        body: jsonBody({
          contractData: {
            contractCertificate: certificateText(data.contractChain.certificate),
            contractSubCa2Certificate: certificateText(data.contractChain.subCa2),
            contractSubCa1Certificate: certificateText(data.contractChain.subCa1),
            contractSignatureEncryptedPrivateKey: toBase64(data.encryptedPrivateKey),
            dHpublickey: toBase64(data.dhPublicKey),
            emaid: data.emaid,
          },
          pcid: data.pcid,
          emaid: data.emaid,
          xsdMsgDefNamespace: namespaceText(data.edition),
          cpsV2GRootCertificateFingerprint: data.cpsRootFingerprint,
        }),
      }),
      read: signedData,
    },

    generateAndSign: {
      call: (order) => ({ method: 'PUT', path: '/v1/cps/generate/signedContractData', body: orderBody(order) }),
      read: nothing,
    },

    cpsCertificates: {
      call: () => ({ method: 'GET', path: '/v1/cps/signer' }),
      read: ({ json }) =>
        json()
          .at('cpsCertificates')
          .list((signer) => ({
            certificate: signer.at('cpsCertificate').certificate(),
            subCa2: signer.optional('cpsSubCa2Certificate', (field) => field.certificate()),
            subCa1: signer.at('cpsSubCa1Certificate').certificate(),
            edition: editionIn(signer),
            v2gRootFingerprint: signer.at('cpsV2GRootCertificateFingerprint').text(),
            v2gRootName: signer.at('cpsRootDistinguishedName').text(),
          })),
    },

    contractsByEmaid: {
      call: ({ id, ...filter }) => ({
        method: 'GET',
        path: pathOf`/v1/ccp/lookupContract/${id}`,
        query: contractQuery(filter),
      }),
      read: ({ json }) => json().at('XMLContracts').list(contractEntry),
    },

    contractsByPcid: {
      call: ({ id, ...filter }) => ({
        method: 'GET',
        path: pathOf`/v1/ccp/signedContractData/${id}`,
        query: contractQuery(filter),
      }),
      read: ({ json }) => json().at('XMLContracts').list(contractEntry),
    },

    installByRequest: {
      call: (request) => ({ method: 'POST', path: '/v1/ccp/signedContractData', ...installation(request) }),
      read: ({ json }) =>
        json()
          .at('CCPResponse')
          .at('emaidContent')
          .list((content) => installationRes(content.at('messageDef'))),
    },

    addSignedContractData: {
      call: (data) => ({
        method: 'PUT',
        path: '/v1/ccp/signedContractData',
        body: jsonBody({
          signedContractDataXML: toBase64(xmlOfExi(data.edition, data.installationRes)),
          emaid: data.emaid,
          pcid: data.pcid,
          xsdMsgDefNamespace: namespaceText(data.edition),
          cpsV2GRootCertificateFingerprint: data.cpsRootFingerprint,
          metadata: data.metaData,
        }),
      }),
      read: nothing,
    },

    withdraw: {
      call: ({ emaid, skipRevocation }) => ({
        method: 'DELETE',
        path: pathOf`/v1/ccp/signedContractData/${emaid}`,
        headers: { 'X-Skip-Revocation': String(skipRevocation) },
      }),
      read: nothing,
    },

    provide: {
      call: (wanted) => ({
        method: 'GET',
        path: pathOf`/v1/ccp/provideSignedContractData/${wanted.emaid}/${wanted.pcid}`,
        query: provideQuery(wanted),
      }),
      read: ({ json }) => [installationRes(json())],
    },

    setDefault: {
      call: ({ emaid, pcid }) => ({
        method: 'POST',
        path: pathOf`/v1/ccp/signedContractData/${pcid}/${emaid}/default`,
      }),
      read: nothing,
    },
  };
}

/** The service answers with a document in XML: the same message in another form. */
function signedData<C>({ json, bad }: Received<C>): SignedContractData {
  const data = json();
  const edition = editionIn(data);
  if (edition === undefined) throw bad('xsdMsgDefNamespace in the answer names no known edition');
  const xml = data.at('signedData').octets();
  try {
    return { ...factsIn(data), edition, installationRes: exiInXml(edition, xml) };
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw bad(`signedData in the answer is no message of ${edition}: ${cause.message}`, cause);
  }
}

function installationRes<C>(data: JsonAnswer<C>): SignedContractData {
  return {
    ...factsIn(data),
    edition: editionIn(data),
    installationRes: data.at('certificateInstallationRes').octets(),
  };
}

function factsIn<C>(data: JsonAnswer<C>) {
  return {
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
    cpsRootName: textIn(data, 'cpsRootCertificateDN'),
  };
}
