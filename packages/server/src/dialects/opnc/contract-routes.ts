/** OPNC: Certificate Provisioning Service and Contract Certificate Pool. */
import { namespaceOfEdition } from '@plugpool/iso15118';
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import { contractFilter, contractOrder, contractToProvide, cpsRootOf, installRequest } from '../contract-requests.ts';
import {
  booleanHeader,
  certificateField,
  editionField,
  emaidField,
  exiField,
  octetsField,
  pcidField,
} from '../request-fields.ts';
import {
  ContractQuery,
  InstallBody,
  InstallHeaders,
  PcidPath,
  ProvideQuery,
  WithdrawHeaders,
} from '../request-shapes.ts';
import { base64 } from '../response-fields.ts';
import { contractData, cpsCertificate, deliveredContract, signedContractData } from './answers.ts';
import {
  AddSignedContractDataBody,
  EmaidAndPcidPath,
  EmaidPath,
  GenerateBody,
  SignContractDataBody,
} from './schemas.ts';

export function provisioningServiceRoutes({ cps }: Ecosystem): Route[] {
  return [
    route('PUT', '/cps/contractData/sign', {
      operation: 'signContractDataV1',
      body: SignContractDataBody,
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
      flatBody: true,
      body: GenerateBody,
      handle: async ({ body }) => {
        await cps.generate(contractOrder(body, 'opnc'));
        return { status: 201 };
      },
    }),

    route('GET', '/cps/cpsCertificates', {
      operation: 'getCpsCertificatesV1',
      handle: async () => {
        const signers = await cps.signers();
        return { status: 200, body: { cpsCertificateDataCollection: signers.map(cpsCertificate) } };
      },
    }),
  ];
}

export function contractPoolRoutes({ ccp }: Ecosystem): Route[] {
  return [
    route('GET', '/ccp/contractData/emaid/:emaid', {
      operation: 'getContractDataByEmaidV1',
      params: EmaidPath,
      query: ContractQuery,
      handle: async ({ params, query }) => {
        const contracts = await ccp.byEmaid(emaidField(params.emaid, 'opnc'), contractFilter(query));
        return { status: 200, body: { contractDataCollection: contracts.map(contractData) } };
      },
    }),

    route('GET', '/ccp/contractData/pcid/:pcid', {
      operation: 'getContractDataByPcidV1',
      params: PcidPath,
      query: ContractQuery,
      handle: async ({ params, query }) => {
        const contracts = await ccp.byPcid(pcidField(params.pcid), contractFilter(query));
        return { status: 200, body: { contractDataCollection: contracts.map(contractData) } };
      },
    }),

    route('POST', '/ccp/signedcontractdata', {
      operation: 'getSignedContractDataByCertificateInstallationReqV1',
      headers: InstallHeaders,
      body: InstallBody,
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
      body: AddSignedContractDataBody,
      handle: async ({ body }) => {
        const { metaData } = body;
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
      params: EmaidPath,
      headers: WithdrawHeaders,
      handle: async ({ params, headers }) => {
        const skipRevocation = booleanHeader(headers['x-skip-revocation'], false);
        await ccp.withdraw(emaidField(params.emaid, 'opnc'), { skipRevocation });
        return { status: 200 };
      },
    }),

    route('GET', '/ccp/signedcontractdata/:emaid/:pcid', {
      operation: 'getSignedContractDataByEmaidAndPcidV1',
      params: EmaidAndPcidPath,
      query: ProvideQuery,
      handle: async ({ params, query }) => {
        const { contract, installationRes } = await ccp.provide(contractToProvide(params, query, 'opnc'));
        return { status: 200, body: { signedContractDataCollection: [deliveredContract(contract, installationRes)] } };
      },
    }),

    route('POST', '/ccp/signedcontractdata/:emaid/:pcid/setdefault', {
      operation: 'setSignedContractDataAsDefaultV1',
      params: EmaidAndPcidPath,
      handle: async ({ params }) => {
        await ccp.setDefault(pcidField(params.pcid), emaidField(params.emaid, 'opnc'));
        return { status: 200 };
      },
    }),
  ];
}
