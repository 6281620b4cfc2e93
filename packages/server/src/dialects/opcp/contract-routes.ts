/** OPCP 1.0: Certificate Provisioning Service and Contract Certificate Pool. */

import { namespaceOfEdition } from '@plugpool/iso15118/pki';
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import { onFirstUse } from '../../kernel/first-use.ts';
import {
  contractFilter,
  contractOrder,
  contractToProvide,
  cpsRootOf,
  installRequest,
  metaDataOf,
} from '../contract-requests.ts';
import { generationRefusals, signingRefusals } from '../refusals.ts';
import { booleanHeader, editionField, emaidField, pcidField } from '../request-fields.ts';
import {
  ContractQuery,
  InstallBody,
  InstallHeaders,
  PcidPath,
  ProvideQuery,
  WithdrawHeaders,
} from '../request-shapes.ts';
import { base64 } from '../response-fields.ts';
import {
  CpsSignerList,
  Installation,
  NoFields,
  ProvidedContractData,
  SignedData,
  XmlContractList,
} from './answer-shapes.ts';
import { cpsSigner, installationAnswer, signedData, xmlContract } from './answers.ts';
import { fromFlatContractData, fromNestedContractData } from './contract-data.ts';
import {
  AddSignedContractDataBody,
  CreateSignedContractDataBody,
  EmaidAndPcidPath,
  EmaidPath,
  GenerateBody,
  SignedContractDataBody,
} from './schemas.ts';

const signedDataXml = onFirstUse(() => import('./signed-data-xml.ts'));

export function provisioningServiceRoutes({ cps }: Ecosystem): Route[] {
  const signerRoutes = ['/cps/signer', '/v1/cps/signer'].map((path) =>
    route('GET', path, {
      operation: 'get-cps-signer',
      summary: 'Lists the signers of contract data',
      answers: { 200: CpsSignerList },
      handle: async () => ({ status: 200, body: { cpsCertificates: (await cps.signers()).map(cpsSigner) } }),
    }),
  );
  return [
    ...signerRoutes,

    route('PUT', '/v1/cps/contractData/signed', {
      operation: 'put-v1-cps-signContractData',
      summary: 'Signs contract data, and stores it where a PCID is given',
      body: SignedContractDataBody,
      answers: { 201: SignedData },
      refusals: signingRefusals,
      handle: async ({ body }) => {
        const { pcid } = body;
        const signed = await cps.sign({ ...fromFlatContractData(body), ...(pcid && { pcid: pcidField(pcid) }) });
        return { status: 201, body: await signedData(signed) };
      },
    }),

    route('PUT', '/v1/cps/signedContractData', {
      operation: 'createSignedContractData',
      summary: 'Signs contract data and stores nothing',
      deprecated: true,
      body: CreateSignedContractDataBody,
      answers: { 200: SignedData },
      refusals: signingRefusals,
      handle: async ({ body }) => {
        const signed = await cps.sign(fromNestedContractData(body));
        // This call never stores, so the PCID is no more than what the caller said.
        return { status: 200, body: { ...(await signedData(signed)), pcid: body.pcid } };
      },
    }),

    route('PUT', '/v1/cps/forward/signedContractData', {
      operation: 'createAndForwardSignedContractData',
      summary: 'Signs contract data and stores it',
      deprecated: true,
      body: CreateSignedContractDataBody,
      answers: { 201: NoFields },
      refusals: signingRefusals,
      handle: async ({ body }) => {
        await cps.sign({ ...fromNestedContractData(body), pcid: pcidField(body.pcid) });
        return { status: 201, body: {} };
      },
    }),

    route('PUT', '/v1/cps/generate/signedContractData', {
      operation: 'generateSignedContractData',
      summary: 'Makes a contract with our MO CA, signs and stores it',
      flatBody: true,
      body: GenerateBody,
      answers: { 201: null },
      refusals: generationRefusals,
      handle: async ({ body }) => {
        await cps.generate(contractOrder(body, 'opcp'));
        return { status: 201 };
      },
    }),
  ];
}

export function contractPoolRoutes({ ccp }: Ecosystem): Route[] {
  return [
    route('GET', '/v1/ccp/lookupContract/:emaid', {
      operation: 'lookupContract',
      summary: 'Lists what is stored of a contract, once for each CPS root',
      params: EmaidPath,
      query: ContractQuery,
      answers: { 200: XmlContractList },
      refusals: ['contract-not-found'],
      handle: async ({ params, query }) => {
        const contracts = await ccp.byEmaid(emaidField(params.emaid, 'opcp'), contractFilter(query));
        return { status: 200, body: { XMLContracts: contracts.map(xmlContract) } };
      },
    }),

    route('GET', '/v1/ccp/signedContractData/:pcid', {
      operation: 'getContracts',
      summary: 'Lists the contracts of a vehicle',
      params: PcidPath,
      query: ContractQuery,
      answers: { 200: XmlContractList },
      refusals: ['vehicle-not-found'],
      handle: async ({ params, query }) => {
        const contracts = await ccp.byPcid(pcidField(params.pcid), contractFilter(query));
        return { status: 200, body: { XMLContracts: contracts.map(xmlContract) } };
      },
    }),

    route('POST', '/v1/ccp/signedContractData', {
      operation: 'getSignedContractData',
      summary: 'Answers the installation request of a car',
      headers: InstallHeaders,
      body: InstallBody,
      answers: { 200: Installation, 400: Installation, 404: Installation },
      refusals: ['exi-invalid', 'edition-unknown', 'signature-invalid', 'contract-or-vehicle-not-found'],
      handle: async ({ headers, body }) => {
        const outcome = await ccp.install(installRequest(body, 'default'));
        return installationAnswer(outcome, headers.alwaysreturnexi);
      },
    }),

    route('PUT', '/v1/ccp/signedContractData', {
      operation: 'addSignedContractData',
      summary: 'Stores contract data that was signed elsewhere',
      body: AddSignedContractDataBody,
      answers: { 201: null },
      refusals: ['exi-invalid', 'signature-invalid', 'chain-refused', 'vehicle-not-available', 'emaid-taken'],
      handle: async ({ body }) => {
        const metaData = metaDataOf(body);
        const edition = editionField(body.xsdMsgDefNamespace);
        const { exiOfXmlField } = await signedDataXml();
        await ccp.add({
          edition,
          emaid: emaidField(body.emaid, 'opcp'),
          pcid: pcidField(body.pcid),
          installationRes: exiOfXmlField(edition, body.signedContractDataXML, 'signedContractDataXML'),
          field: 'signedContractDataXML',
          ...cpsRootOf(body),
          ...(metaData !== undefined && { metaData }),
        });
        return { status: 201 };
      },
    }),

    route('DELETE', '/v1/ccp/signedContractData/:emaid', {
      operation: 'deleteSignedContractData',
      summary: 'Withdraws a contract',
      params: EmaidPath,
      headers: WithdrawHeaders,
      answers: { 200: null },
      refusals: ['contract-not-found'],
      handle: async ({ params, headers }) => {
        const skipRevocation = booleanHeader(headers['x-skip-revocation'], false);
        await ccp.withdraw(emaidField(params.emaid, 'opcp'), { skipRevocation });
        return { status: 200 };
      },
    }),

    route('GET', '/v1/ccp/provideSignedContractData/:emaid/:pcid', {
      operation: 'provideSignedContractData',
      summary: 'Provides the signed contract data to the backend of the OEM',
      params: EmaidAndPcidPath,
      query: ProvideQuery,
      answers: { 200: ProvidedContractData },
      refusals: ['session-id-form', 'contract-not-found'],
      handle: async ({ params, query }) => {
        const { contract, installationRes } = await ccp.provide(contractToProvide(params, query, 'opcp'));
        const body = {
          certificateInstallationRes: base64(installationRes),
          xsdMsgDefNamespace: namespaceOfEdition(contract.edition),
          cpsV2GRootCertificateFingerprint: contract.cpsRootFingerprint,
        };
        return { status: 200, body };
      },
    }),

    route('POST', '/v1/ccp/signedContractData/:pcid/:emaid/default', {
      operation: 'setDefaultContract',
      summary: 'Makes a contract the default of its vehicle',
      params: EmaidAndPcidPath,
      answers: { 200: null },
      refusals: ['contract-not-found'],
      handle: async ({ params }) => {
        await ccp.setDefault(pcidField(params.pcid), emaidField(params.emaid, 'opcp'));
        return { status: 200 };
      },
    }),
  ];
}
