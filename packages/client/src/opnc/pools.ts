/** OPNC: roots, vehicles, and the CAs of the ecosystem. */
import { pathOf } from '../http/http-caller.ts';
import type { JsonAnswer } from '../http/json-answer.ts';
import { jsonBody } from '../http/json-body.ts';
import { toBase64 } from '../http/octets.ts';
import type { RootCertificate } from '../roles/anyone.ts';
import type { CertificateChain, SentCertificate } from '../roles/certificate-chain.ts';
import { type Dialect, nothing } from '../roles/dialect.ts';
import type { EstTarget } from '../roles/enrolment.ts';
import { removedRoot, unlessProposed } from '../roles/proposed.ts';
import {
  certificateText,
  editionIn,
  firstCertificate,
  keyIdentifierTexts,
  namespaceText,
  textIn,
  textsIn,
} from '../roles/wire-values.ts';

export const prefix = '/opnc/v1';

type Pools =
  | 'roots'
  | 'root'
  | 'addRoot'
  | 'removeRoot'
  | 'publishVehicle'
  | 'vehicle'
  | 'depublishVehicle'
  | 'lookupVehicle'
  | 'enrol'
  | 'caCertificates'
  | 'revoke';

export function opncPools<C extends SentCertificate>(): Pick<Dialect<C>, Pools> {
  const root = rootCertificate<C>;
  return {
    roots: {
      call: (type) => ({
        method: 'GET',
        path: `${prefix}/rcp/rootcertificates`,
        query: { pkiType: type?.toLowerCase() },
      }),
      read: ({ json }) => json().at('rootCertificateCollection').list(root),
    },

    root: {
      call: (id) => ({ method: 'GET', path: prefix + pathOf`/rcp/rootcertificates/${id}` }),
      // The reference spells the field with three o; servers answer with either.
      read: ({ json }) => json().optional('rootCertificate', root) ?? root(json().at('roootCertificate')),
    },

    addRoot: {
      call: ({ certificate, types, ctlList }) => ({
        method: 'PUT',
        path: `${prefix}/rcp/rootcertificates`,
        body: jsonBody({
          caCertificate: certificateText(certificate),
          rootType: types[0],
          rootTypeList: types,
          rootCtlList: ctlList,
        }),
      }),
      read: unlessProposed(({ json }) => ({ outcome: 'added', root: root(json().at('rootCertificate')) }) as const),
    },

    removeRoot: {
      call: (id) => ({ method: 'DELETE', path: prefix + pathOf`/rcp/rootcertificates/${id}` }),
      read: unlessProposed(removedRoot),
    },

    publishVehicle: {
      call: (vehicle) => ({
        method: 'PUT',
        path: `${prefix}/pcp/provisioningcertificates`,
        body: jsonBody({
          provisioningCertificateChain: chainFields(vehicle),
          xsdMsgDefNamespace: namespaceText(vehicle.edition),
          v2gRootAuthorityKeyIdentifiers: keyIdentifierTexts(vehicle.v2gRootKeyIdentifiers),
          previousPcid: vehicle.previousPcid,
        }),
      }),
      read: nothing,
    },

    vehicle: {
      call: ({ pcid, edition }) => ({
        method: 'GET',
        path: prefix + pathOf`/pcp/provisioningcertificates/${pcid}`,
        query: { xsdMsgDefNamespace: namespaceText(edition) },
      }),
      read({ json }) {
        const vehicle = json().at('provisioningCertificate');
        return {
          ...chainIn(vehicle.at('provisioningCertificateChain')),
          edition: editionIn(vehicle),
          fingerprint: textIn(vehicle, 'fingerprint'),
          v2gRootKeyIdentifiers: textsIn(vehicle, 'v2gRootAuthorityKeyIdentifiers') ?? [],
        };
      },
    },

    depublishVehicle: {
      call: (pcid) => ({ method: 'DELETE', path: prefix + pathOf`/pcp/provisioningcertificates/${pcid}` }),
      read: nothing,
    },

    lookupVehicle: {
      call: (pcid) => ({ method: 'GET', path: prefix + pathOf`/pcp/lookupvehicle/${pcid}` }),
      read: nothing,
    },

    enrol: {
      call: ({ target, request }) => ({
        method: 'POST',
        path: `${prefix}/pki/est/simpleenroll`,
        query: estQuery(target),
        headers: { 'content-transfer-encoding': 'base64' },
        body: { type: 'application/pkcs10', content: toBase64(request) },
      }),
      read: firstCertificate,
    },

    caCertificates: {
      call: (target) => ({ method: 'GET', path: `${prefix}/pki/est/cacerts`, query: estQuery(target) }),
      read: ({ certificates }) => certificates(),
    },

    revoke: {
      call: ({ certificate, reason }) => ({
        method: 'POST',
        path: `${prefix}/pki/revokeCertificate`,
        body: jsonBody({ certificate: certificateText(certificate), revocationReason: reason }),
      }),
      read: nothing,
    },
  };
}

export function chainFields({ certificate, subCa2, subCa1 }: CertificateChain<SentCertificate>) {
  return {
    certificate: certificateText(certificate),
    subCa2Certificate: certificateText(subCa2),
    subCa1Certificate: certificateText(subCa1),
  };
}

export function chainIn<C extends SentCertificate>(chain: JsonAnswer<C>): CertificateChain<C> {
  return {
    certificate: chain.at('certificate').certificate(),
    subCa2: chain.optional('subCa2Certificate', (field) => field.certificate()),
    subCa1: chain.at('subCa1Certificate').certificate(),
  };
}

function rootCertificate<C extends SentCertificate>(root: JsonAnswer<C>): RootCertificate<C> {
  const type = textIn(root, 'rootType');
  return {
    id: root.at('rootCertificateId').text(),
    certificate: root.at('caCertificate').certificate(),
    types: textsIn(root, 'rootTypeList') ?? (type === undefined ? [] : [type]),
    ctlList: textsIn(root, 'rootCtlList') ?? [],
  };
}

function estQuery({ caDomain, edition, algorithm }: EstTarget) {
  return { caDomain, iso15118Version: edition, algorithm };
}
