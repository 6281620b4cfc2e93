/**
 * The quick start dialect of 2018. OPCP grew out of it and keeps its shapes, so those are taken from there; what
 * differs is the prefix, some status codes, and that a car gets all of its contracts.
 */

import type { Emaid, Pcid } from '@plugpool/iso15118/pki';
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import { refuse } from '../../kernel/domain-error.ts';
import { installRequest } from '../contract-requests.ts';
import { Installation, RootCertList } from '../opcp/answer-shapes.ts';
import { installationAnswer, rootCertCollection } from '../opcp/answers.ts';
import { fromNestedContractData } from '../opcp/contract-data.ts';
import { inheritedRoutes, vehicleOf } from '../opcp/pool-routes.ts';
import { EmaidPath, ForwardSignedContractDataBody, ProvisioningCertificateBody } from '../opcp/schemas.ts';
import { publishingRefusals, signingRefusals } from '../refusals.ts';
import { emaidField, pcidField } from '../request-fields.ts';
import { InstallBody, InstallHeaders } from '../request-shapes.ts';

export const QUICK_START_PREFIX = '/HubjectWS/webresources/v1';

export function quickStartRoutes(ecosystem: Ecosystem): Route[] {
  const { rcp, pcp, cps, ccp } = ecosystem;
  return [
    ...inheritedRoutes(ecosystem, ''),

    route('GET', '/root/rootCerts', {
      operation: 'getAllRootCerts',
      summary: 'Lists the roots of the pool',
      answers: { 200: RootCertList },
      handle: async () => ({ status: 200, body: rootCertCollection(await rcp.list()) }),
    }),

    route('PUT', '/oem/provCerts', {
      operation: 'addOEMProvCert',
      summary: 'Publishes a vehicle, in place of the one with that PCID',
      body: ProvisioningCertificateBody,
      answers: { 201: null },
      refusals: publishingRefusals,
      handle: async ({ body }) => {
        await pcp.publish(vehicleOf(body));
        return { status: 201 };
      },
    }),

    route('PUT', '/cps/forward/signedContractData', {
      operation: 'createAndForwardSignedContractData',
      summary: 'Signs contract data and stores it',
      body: ForwardSignedContractDataBody,
      answers: { 201: null },
      refusals: signingRefusals,
      handle: async ({ body }) => {
        const data = fromNestedContractData(body);
        const pcid = body.pcid === undefined ? await pcidOfContract(data.emaid) : pcidField(body.pcid);
        await cps.sign({ ...data, pcid });
        return { status: 201 };
      },
    }),

    route('POST', '/ccp/signedContractData', {
      operation: 'getSignedContractData',
      summary: 'Answers the installation request of a car with all of its contracts',
      headers: InstallHeaders,
      body: InstallBody,
      answers: { 200: Installation, 400: Installation, 404: Installation },
      refusals: ['exi-invalid', 'edition-unknown', 'signature-invalid', 'contract-or-vehicle-not-found'],
      handle: async ({ headers, body }) => {
        const outcome = await ccp.install(installRequest(body, 'all'));
        return installationAnswer(outcome, headers.alwaysreturnexi);
      },
    }),

    route('DELETE', '/ccp/signedContractData/:emaid', {
      operation: 'deleteSignedContractData',
      summary: 'Withdraws a contract',
      params: EmaidPath,
      answers: { 200: null },
      refusals: ['contract-not-found'],
      handle: async ({ params }) => {
        await ccp.withdraw(emaidField(params.emaid, 'opcp'), { skipRevocation: false });
        return { status: 200 };
      },
    }),
  ];

  /** A contract that is renewed may leave the PCID out, as the quick start's document does; a new one cannot. */
  async function pcidOfContract(emaid: Emaid): Promise<Pcid> {
    const pcid = await ccp.pcidOf(emaid);
    if (pcid === undefined) throw refuse('field-missing', 'pcid');
    return pcid;
  }
}
