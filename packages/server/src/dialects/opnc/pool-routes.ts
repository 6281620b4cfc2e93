/** OPNC: Root Certificate Pool and Provisioning Certificate Pool. */

import type { Static } from 'typebox';
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import { refuse } from '../../kernel/domain-error.ts';
import type { VehicleToPublish } from '../../pcp/provisioning-certificate-pool.ts';
import { ProposedShape, proposedAnswer } from '../proposal.ts';
import { publishingRefusals } from '../refusals.ts';
import {
  caCertificateField,
  certificateField,
  editionField,
  keyIdentifiersField,
  pcidField,
} from '../request-fields.ts';
import { PcidPath, RootPath, VehicleHeaders, VehicleQuery } from '../request-shapes.ts';
import { base64 } from '../response-fields.ts';
import { trustAnchorOf } from '../trust-anchor.ts';
import {
  AddedRootCertificate,
  OneProvisioningCertificate,
  OneRootCertificate,
  RootCertificateList,
} from './answer-shapes.ts';
import { fromOpncRootType, provisioningCertificate, rootCertificate } from './answers.ts';
import { pageHeaders, pageOf } from './paging.ts';
import { ProvisioningCertificateBody, RootCertificateBody, RootsQuery } from './schemas.ts';

export function poolRoutes({ rcp, pcp, approvals }: Ecosystem): Route[] {
  return [
    route('GET', '/rcp/rootcertificates', {
      operation: 'getRootCertificatesV1',
      summary: 'Lists the roots of the pool',
      query: RootsQuery,
      answers: { 200: RootCertificateList },
      answerHeaders: pageHeaders,
      refusals: ['field-invalid'],
      handle: async ({ query, target }) => {
        const { pkiType } = query;
        const roots = await rcp.list(pkiType === undefined ? undefined : fromOpncRootType(pkiType));
        const { entries, headers } = pageOf(roots, query, target);
        return { status: 200, headers, body: { rootCertificateCollection: entries.map(rootCertificate) } };
      },
    }),

    route('GET', '/rcp/rootcertificates/:rootCertificateId', {
      operation: 'getRootCertificateV1',
      summary: 'Gets one root',
      params: RootPath,
      answers: { 200: OneRootCertificate },
      refusals: ['root-not-found'],
      handle: async ({ params }) => {
        const root = rootCertificate(await rcp.get(params.rootCertificateId));
        return { status: 200, body: { roootCertificate: root, rootCertificate: root } };
      },
    }),

    route('PUT', '/rcp/rootcertificates', {
      operation: 'putRootCertificateV1',
      summary: 'Adds a root, or further types to one that is there',
      body: RootCertificateBody,
      answers: { 200: AddedRootCertificate, 202: ProposedShape },
      refusals: ['field-missing', 'certificate-format', 'certificate-refused'],
      handle: async ({ body }) => {
        const names = body.rootTypeList ?? (body.rootType === undefined ? [] : [body.rootType]);
        if (names.length === 0) throw refuse('field-missing', 'rootType');
        const added = await approvals.perform('root.add', {
          certificate: base64(certificateField(body.caCertificate, 'caCertificate').der),
          types: names.map(fromOpncRootType),
          ctlList: body.rootCtlList ?? [],
        });
        if ('proposed' in added) return proposedAnswer(added.proposed);
        return { status: 200, body: { rootCertificate: rootCertificate(added.done) } };
      },
    }),

    route('DELETE', '/rcp/rootcertificates/:rootCertificateId', {
      operation: 'deleteRootCertificateV1',
      summary: 'Removes a root',
      params: RootPath,
      answers: { 200: null, 202: ProposedShape },
      refusals: ['root-not-found'],
      handle: async ({ params }) => {
        const removed = await approvals.perform('root.remove', { rootId: params.rootCertificateId });
        return 'proposed' in removed ? proposedAnswer(removed.proposed) : { status: 200 };
      },
    }),

    route('PUT', '/pcp/provisioningcertificates', {
      operation: 'addProvisioningCertificateV1',
      summary: 'Publishes a vehicle, in place of the one with that PCID',
      body: ProvisioningCertificateBody,
      answers: { 200: null },
      refusals: publishingRefusals,
      handle: async ({ body }) => {
        await pcp.publish(vehicleOf(body));
        return { status: 200 };
      },
    }),

    route('GET', '/pcp/provisioningcertificates/:pcid', {
      operation: 'getProvisioningCertificateV1',
      summary: 'Gets a vehicle',
      params: PcidPath,
      headers: VehicleHeaders,
      query: VehicleQuery,
      answers: { 200: OneProvisioningCertificate },
      refusals: ['vehicle-not-found'],
      handle: async ({ params, query: { xsdMsgDefNamespace } }) => {
        const edition = xsdMsgDefNamespace === undefined ? undefined : editionField(xsdMsgDefNamespace);
        const vehicle = await pcp.get(pcidField(params.pcid), edition);
        const body = { provisioningCertificate: provisioningCertificate(vehicle, await trustAnchorOf(vehicle, rcp)) };
        return { status: 200, body };
      },
    }),

    route('DELETE', '/pcp/provisioningcertificates/:pcid', {
      operation: 'deleteProvisioningCertificateV1',
      summary: 'Removes a vehicle and its contracts',
      params: PcidPath,
      answers: { 200: null },
      refusals: ['vehicle-not-found'],
      handle: async ({ params }) => {
        await pcp.depublish(pcidField(params.pcid));
        return { status: 200 };
      },
    }),

    route('GET', '/pcp/lookupvehicle/:pcid', {
      operation: 'lookupVehicleV1',
      summary: 'Says whether a vehicle is known',
      params: PcidPath,
      answers: { 200: null },
      refusals: ['vehicle-not-found'],
      handle: async ({ params }) => {
        if (!(await pcp.isKnown(pcidField(params.pcid)))) throw refuse('vehicle-not-found');
        return { status: 200 };
      },
    }),
  ];
}

/** A vehicle in the fields of the OPNC. */
export function vehicleOf(body: Static<typeof ProvisioningCertificateBody>): VehicleToPublish {
  const { provisioningCertificateChain: chain, v2gRootAuthorityKeyIdentifiers, previousPcid } = body;
  const subCa1 = chain.subCa1Certificate ?? chain.subCA1Certificate;
  const subCa2 = chain.subCa2Certificate ?? chain.subCA2Certificate;
  if (subCa1 === undefined) throw refuse('field-missing', 'provisioningCertificateChain.subCa1Certificate');
  return {
    edition: editionField(body.xsdMsgDefNamespace),
    certificate: certificateField(chain.certificate, 'vehicleCertificate'),
    ...(subCa2 && { subCa2: caCertificateField(subCa2, 'subCa2Certificate') }),
    subCa1: caCertificateField(subCa1, 'subCa1Certificate'),
    v2gRootKeyIdentifiers: keyIdentifiersField(v2gRootAuthorityKeyIdentifiers ?? [], 'v2gRootAuthorityKeyIdentifiers'),
    ...(previousPcid && { previousPcid: pcidField(previousPcid) }),
    claimedRoot: { serialNumber: body.rootIssuerSerialNumber, keyIdentifier: body.rootAuthorityKeyIdentifier },
  };
}
