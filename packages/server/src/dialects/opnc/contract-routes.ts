/** OPNC: Certificate Provisioning Service and Contract Certificate Pool. */

import { namespaceOfEdition } from '@plugpool/iso15118/pki';
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import {
  contractFilter,
  contractOrder,
  contractToProvide,
  cpsRootOf,
  installRequest,
  metaDataOf,
} from '../contract-requests.ts';
import { generationRefusals, signingRefusals } from '../refusals.ts';
import {
  booleanHeader,
  certificateField,
  editionField,
  emaidField,
  exiField,
  octetsField,
  pcidField,
} from '../request-fields.ts';
import { InstallBody, InstallHeaders, PcidPath, ProvideQuery, WithdrawHeaders } from '../request-shapes.ts';
import { base64 } from '../response-fields.ts';
import {
  ContractDataList,
  CpsCertificateList,
  DeliveredContractList,
  FailedInstallationList,
  OneSignedContractData,
} from './answer-shapes.ts';
import { contractData, cpsCertificate, deliveredContract, signedContractData } from './answers.ts';
import { pageHeaders, pageOf } from './paging.ts';
import {
  AddSignedContractDataBody,
  ContractListQuery,
  CpsCertificatesQuery,
  EmaidAndPcidPath,
  EmaidPath,
  GenerateBody,
  SignContractDataBody,
} from './schemas.ts';

export function provisioningServiceRoutes({ cps }: Ecosystem): Route[] {
  return [
    route('PUT', '/cps/contractData/sign', {
      operation: 'signContractDataV1',
      summary: 'Signs contract data, and stores it where a PCID is given',
      body: SignContractDataBody,
      answers: { 201: OneSignedContractData },
      refusals: signingRefusals,
      handle: async ({ body }) => {
        const { contractCertificateBundle: bundle } = body;
        const { certificate, subCa1Certificate, subCa2Certificate } = bundle.contractCertificateChain;
        const signed = await cps.sign({
          edition: editionField(body.xsdMsgDefNamespace),
          emaid: emaidField(bundle.emaid, 'opnc'),
          ...(bundle.pcid && { pcid: pcidField(bundle.pcid) }),
          certificate: certificateField(certificate, 'contractCertificateBundle.contractCertificateChain.certificate'),
          ...(subCa2Certificate && {
            subCa2: certificateField(
              subCa2Certificate,
              'contractCertificateBundle.contractCertificateChain.subCa2Certificate',
            ),
          }),
          subCa1: certificateField(
            subCa1Certificate,
            'contractCertificateBundle.contractCertificateChain.subCa1Certificate',
          ),
          encryptedPrivateKey: octetsField(
            bundle.contractSignatureEncryptedPrivateKey,
            'contractCertificateBundle.contractSignatureEncryptedPrivateKey',
          ),
          dhPublicKey: octetsField(bundle.dHpublickey, 'contractCertificateBundle.dHpublickey'),
          ...cpsRootOf(body),
        });
        return { status: 201, body: { signedContractData: signedContractData(signed) } };
      },
    }),

    route('PUT', '/cps/contractData/generateandsign', {
      operation: 'generateAndSignContractDataV1',
      summary: 'Makes a contract with our MO CA, signs and stores it',
      flatBody: true,
      body: GenerateBody,
      answers: { 201: null },
      refusals: generationRefusals,
      handle: async ({ body }) => {
        await cps.generate(contractOrder(body, 'opnc'));
        return { status: 201 };
      },
    }),

    route('GET', '/cps/cpsCertificates', {
      operation: 'getCpsCertificatesV1',
      summary: 'Lists the signers of contract data',
      query: CpsCertificatesQuery,
      answers: { 200: CpsCertificateList },
      answerHeaders: pageHeaders,
      refusals: ['field-invalid'],
      handle: async ({ query, target }) => {
        const { entries, headers } = pageOf(await cps.signers(), query, target);
        return { status: 200, headers, body: { cpsCertificateDataCollection: entries.map(cpsCertificate) } };
      },
    }),
  ];
}

export function contractPoolRoutes({ ccp }: Ecosystem): Route[] {
  return [
    route('GET', '/ccp/contractData/emaid/:emaid', {
      operation: 'getContractDataByEmaidV1',
      summary: 'Lists what is stored of a contract, once for each CPS root',
      params: EmaidPath,
      query: ContractListQuery,
      answers: { 200: ContractDataList },
      answerHeaders: pageHeaders,
      refusals: ['contract-not-found'],
      handle: async ({ params, query, target }) => {
        const contracts = await ccp.byEmaid(emaidField(params.emaid, 'opnc'), contractFilter(query));
        const { entries, headers } = pageOf(contracts, query, target);
        return { status: 200, headers, body: { contractDataCollection: entries.map(contractData) } };
      },
    }),

    route('GET', '/ccp/contractData/pcid/:pcid', {
      operation: 'getContractDataByPcidV1',
      summary: 'Lists the contracts of a vehicle',
      params: PcidPath,
      query: ContractListQuery,
      answers: { 200: ContractDataList },
      answerHeaders: pageHeaders,
      refusals: ['vehicle-not-found'],
      handle: async ({ params, query, target }) => {
        const contracts = await ccp.byPcid(pcidField(params.pcid), contractFilter(query));
        const { entries, headers } = pageOf(contracts, query, target);
        return { status: 200, headers, body: { contractDataCollection: entries.map(contractData) } };
      },
    }),

    route('POST', '/ccp/signedcontractdata', {
      operation: 'getSignedContractDataByCertificateInstallationReqV1',
      summary: 'Answers the installation request of a car',
      headers: InstallHeaders,
      body: InstallBody,
      answers: { 200: DeliveredContractList, 400: FailedInstallationList, 404: FailedInstallationList },
      refusals: ['exi-invalid', 'edition-unknown', 'signature-invalid', 'contract-or-vehicle-not-found'],
      handle: async ({ headers, body }) => {
        const request = installRequest(body, 'default');
        const outcome = await ccp.install(request);
        if (outcome.ok) {
          const delivered = outcome.contracts.map(({ contract, installationRes }) =>
            deliveredContract(contract, installationRes),
          );
          return { status: 200, body: { signedContractDataCollection: delivered } };
        }
        const { error, failureRes } = outcome;
        if (failureRes === undefined || !booleanHeader(headers.alwaysreturnexi, true)) throw error;
        const failure = {
          certificateInstallationRes: base64(failureRes),
          xsdMsgDefNamespace: namespaceOfEdition(request.edition),
        };
        return { status: error.status, body: { signedContractDataCollection: [failure] } };
      },
    }),

    route('PUT', '/ccp/signedcontractdata', {
      operation: 'addSignedContractDataV1',
      summary: 'Stores contract data that was signed elsewhere',
      body: AddSignedContractDataBody,
      answers: { 201: null },
      refusals: ['exi-invalid', 'signature-invalid', 'chain-refused', 'vehicle-not-available', 'emaid-taken'],
      handle: async ({ body }) => {
        const metaData = metaDataOf(body);
        await ccp.add({
          edition: editionField(body.xsdMsgDefNamespace),
          emaid: emaidField(body.emaid, 'opnc'),
          pcid: pcidField(body.pcid),
          installationRes: exiField(body.certificateInstallationRes, 'certificateInstallationRes'),
          field: 'certificateInstallationRes',
          ...cpsRootOf(body),
          ...(metaData !== undefined && { metaData }),
        });
        return { status: 201 };
      },
    }),

    route('DELETE', '/ccp/signedcontractdata/:emaid', {
      operation: 'deleteSignedContractDataByEmaidV1',
      summary: 'Withdraws a contract',
      params: EmaidPath,
      headers: WithdrawHeaders,
      answers: { 200: null },
      refusals: ['contract-not-found'],
      handle: async ({ params, headers }) => {
        const skipRevocation = booleanHeader(headers['x-skip-revocation'], false);
        await ccp.withdraw(emaidField(params.emaid, 'opnc'), { skipRevocation });
        return { status: 200 };
      },
    }),

    route('GET', '/ccp/signedcontractdata/:emaid/:pcid', {
      operation: 'getSignedContractDataByEmaidAndPcidV1',
      summary: 'Provides the signed contract data to the backend of the OEM',
      params: EmaidAndPcidPath,
      query: ProvideQuery,
      answers: { 200: DeliveredContractList },
      refusals: ['session-id-form', 'contract-not-found'],
      handle: async ({ params, query }) => {
        const { contract, installationRes } = await ccp.provide(contractToProvide(params, query, 'opnc'));
        return { status: 200, body: { signedContractDataCollection: [deliveredContract(contract, installationRes)] } };
      },
    }),

    route('POST', '/ccp/signedcontractdata/:emaid/:pcid/setdefault', {
      operation: 'setSignedContractDataAsDefaultV1',
      summary: 'Makes a contract the default of its vehicle',
      params: EmaidAndPcidPath,
      answers: { 200: null },
      refusals: ['contract-not-found'],
      handle: async ({ params }) => {
        await ccp.setDefault(pcidField(params.pcid), emaidField(params.emaid, 'opnc'));
        return { status: 200 };
      },
    }),
  ];
}
