/** OPCP 1.0: Root Certificate Pool and Provisioning Certificate Pool. */

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
import { base64, instant } from '../response-fields.ts';
import { trustAnchorOf } from '../trust-anchor.ts';
import {
  OneProvisioningCertificate,
  OneRootCert,
  ProvisioningCertificateData,
  RootCertList,
  TrustList,
} from './answer-shapes.ts';
import { provisioningCertificateData, rootCert, rootCertCollection } from './answers.ts';
import { ProvisioningCertificateBody, RootCertificateBody, RootsQuery } from './schemas.ts';

const rootTypes = { mo: 'MO', v2g: 'V2G', oem: 'OEM', pe: 'PE' } as const;

function rootTypeOf(name: string) {
  const key = name.toLowerCase();
  return key === 'mo' || key === 'v2g' || key === 'oem' ? rootTypes[key] : rootTypes.pe;
}

export function poolRoutes(ecosystem: Ecosystem): Route[] {
  const { rcp, trustList, pcp, approvals } = ecosystem;
  return [
    ...inheritedRoutes(ecosystem, '/v1'),

    route('GET', '/v1/root/rootCerts', {
      operation: 'getAllRootCerts',
      summary: 'Lists the roots of the pool',
      query: RootsQuery,
      answers: { 200: RootCertList },
      handle: async ({ query: { rootType } }) => {
        if (rootType === undefined) return { status: 200, body: rootCertCollection(await rcp.list()) };
        const type = rootTypeOf(rootType);
        // A root of several types is shown as the one that was asked for.
        const roots = (await rcp.list(type)).map((root) => ({ ...root, types: [type] }));
        return { status: 200, body: rootCertCollection(roots) };
      },
    }),

    route('PUT', '/v1/root/rootCerts', {
      operation: 'put-v1-root-rootCerts',
      summary: 'Adds a root, or a further type to one that is there',
      body: RootCertificateBody,
      answers: { 200: OneRootCert, 202: ProposedShape },
      refusals: ['field-missing', 'certificate-format', 'certificate-refused'],
      handle: async ({ body }) => {
        const certificate = certificateField(body.caCertificate, 'caCertificate');
        const order = { certificate: base64(certificate.der), types: [rootTypeOf(body.rootType)], ctlList: [] };
        const added = await approvals.perform('root.add', order);
        if ('proposed' in added) return proposedAnswer(added.proposed);
        return { status: 200, body: { RootResponse: rootCert(added.done) } };
      },
    }),

    route('DELETE', '/v1/root/rootCerts/:rootCertificateId', {
      operation: 'delete-v1-root-rootCerts-rootCertificateId',
      summary: 'Removes a root',
      params: RootPath,
      answers: { 200: null, 202: ProposedShape },
      refusals: ['root-not-found'],
      handle: async ({ params }) => {
        const removed = await approvals.perform('root.remove', { rootId: params.rootCertificateId });
        return 'proposed' in removed ? proposedAnswer(removed.proposed) : { status: 200 };
      },
    }),

    route('GET', '/v1/root/ctl', {
      operation: 'get-v1-root-ctl',
      summary: 'Gets the roots of the pool as a signed list',
      answers: { 200: TrustList },
      refusals: ['trust-list-unsigned'],
      handle: async () => {
        const { signerCertificate, signedAt, signature } = await trustList.sign();
        const body = { signerCertificate: base64(signerCertificate.der), timeStamp: instant(signedAt), CTL: signature };
        return { status: 200, body };
      },
    }),

    route('PUT', '/v1/oem/provCerts', {
      operation: 'addOEMProvCert',
      summary: 'Publishes a vehicle, in place of the one with that PCID',
      body: ProvisioningCertificateBody,
      answers: { 200: ProvisioningCertificateData },
      refusals: publishingRefusals,
      handle: async ({ body }) => {
        const vehicle = await pcp.publish(vehicleOf(body));
        return { status: 200, body: provisioningCertificateData(vehicle, await trustAnchorOf(vehicle, rcp)) };
      },
    }),

    route('GET', '/v1/oem/provCerts/lookupVehicle/:pcid', {
      operation: 'lookupVehicle',
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

/** What OPCP has from the quick start without a change: one root, one vehicle, a vehicle depublished. */
export function inheritedRoutes({ rcp, pcp }: Ecosystem, prefix: string): Route[] {
  return [
    route('GET', `${prefix}/root/rootCerts/:rootCertificateId`, {
      operation: 'getRootCert',
      summary: 'Gets one root',
      params: RootPath,
      answers: { 200: OneRootCert },
      refusals: ['root-not-found'],
      handle: async ({ params }) => {
        return { status: 200, body: { RootResponse: rootCert(await rcp.get(params.rootCertificateId)) } };
      },
    }),

    route('GET', `${prefix}/oem/provCerts/:pcid`, {
      operation: 'getOEMProvCert',
      summary: 'Gets a vehicle',
      params: PcidPath,
      headers: VehicleHeaders,
      query: VehicleQuery,
      answers: { 200: OneProvisioningCertificate },
      refusals: ['vehicle-not-found'],
      handle: async ({ params, query: { xsdMsgDefNamespace } }) => {
        const edition = xsdMsgDefNamespace === undefined ? undefined : editionField(xsdMsgDefNamespace);
        const vehicle = await pcp.get(pcidField(params.pcid), edition);
        const data = provisioningCertificateData(vehicle, await trustAnchorOf(vehicle, rcp));
        return { status: 200, body: { OEMMessage: data } };
      },
    }),

    route('DELETE', `${prefix}/oem/provCerts/:pcid`, {
      operation: 'deleteOEMProvCert',
      summary: 'Removes a vehicle and its contracts',
      params: PcidPath,
      answers: { 200: null },
      refusals: ['vehicle-not-found'],
      handle: async ({ params }) => {
        await pcp.depublish(pcidField(params.pcid));
        return { status: 200 };
      },
    }),
  ];
}

/** A vehicle in the fields of OPCP and of the quick start. Empty fields are as good as missing ones. */
export function vehicleOf(body: Static<typeof ProvisioningCertificateBody>): VehicleToPublish {
  const certificate = body.vehicleCertificate || body.provisioningCertificate;
  const subCa1 = body.subCA1Certificate || body.subCa1Certificate;
  const subCa2 = body.subCA2Certificate || body.subCa2Certificate;
  if (!certificate) throw refuse('field-missing', 'vehicleCertificate');
  if (!subCa1) throw refuse('field-missing', 'subCA1Certificate');
  const { v2gRootAuthorityKeyIdentifier: one, v2gRootAuthorityKeyIdentifiers: several = [], previousPcid } = body;
  const keyIdentifiers = one ? [one, ...several] : several;
  return {
    edition: editionField(body.xsdMsgDefNamespace),
    certificate: certificateField(certificate, 'vehicleCertificate'),
    ...(subCa2 && { subCa2: caCertificateField(subCa2, 'subCa2Certificate') }),
    subCa1: caCertificateField(subCa1, 'subCa1Certificate'),
    v2gRootKeyIdentifiers: [...new Set(keyIdentifiersField(keyIdentifiers, 'v2gRootAuthorityKeyIdentifiers'))],
    ...(previousPcid && { previousPcid: pcidField(previousPcid) }),
    claimedRoot: { serialNumber: body.rootIssuerSerialNumber, keyIdentifier: body.rootAuthorityKeyIdentifier },
  };
}
