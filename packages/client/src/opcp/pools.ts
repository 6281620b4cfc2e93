/** OPCP: roots, vehicles, and the CAs of the ecosystem. */
import { pathOf } from '../http/http-caller.ts';
import type { JsonAnswer } from '../http/json-answer.ts';
import { jsonBody } from '../http/json-body.ts';
import { toBase64 } from '../http/octets.ts';
import type { RootCertificate, RootType } from '../roles/anyone.ts';
import type { SentCertificate } from '../roles/certificate-chain.ts';
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

type Pools =
  | 'roots'
  | 'root'
  | 'addRoot'
  | 'removeRoot'
  | 'trustList'
  | 'publishVehicle'
  | 'vehicle'
  | 'depublishVehicle'
  | 'lookupVehicle'
  | 'enrol'
  | 'caCertificates';

export function opcpPools<C extends SentCertificate>(): Pick<Dialect<C>, Pools> {
  const root = rootCertificate<C>;
  return {
    roots: {
      call: (type) => ({ method: 'GET', path: '/v1/root/rootCerts', query: { rootType: type && typeName(type) } }),
      read: ({ json }) => json().at('RootCertificateCollection').at('rootCertificates').list(root),
    },

    root: {
      call: (id) => ({ method: 'GET', path: pathOf`/v1/root/rootCerts/${id}` }),
      read: ({ json }) => root(json().at('RootResponse')),
    },

    addRoot: {
      call: ({ certificate, types }) => ({
        method: 'PUT',
        path: '/v1/root/rootCerts',
        body: jsonBody({ caCertificate: certificateText(certificate), rootType: typeName(types[0]) }),
      }),
      read: unlessProposed(({ json }) => ({ outcome: 'added', root: root(json().at('RootResponse')) }) as const),
    },

    removeRoot: {
      call: (id) => ({ method: 'DELETE', path: pathOf`/v1/root/rootCerts/${id}` }),
      read: unlessProposed(removedRoot),
    },

    trustList: {
      call: () => ({ method: 'GET', path: '/v1/root/ctl' }),
      read({ json }) {
        const answer = json();
        return {
          signer: answer.at('signerCertificate').certificate(),
          signedAt: answer.at('timeStamp').instant(),
          list: answer.at('CTL').record(),
        };
      },
    },

    publishVehicle: {
      call: (vehicle) => ({
        method: 'PUT',
        path: '/v1/oem/provCerts',
        body: jsonBody({
          vehicleCertificate: certificateText(vehicle.certificate),
          subCA2Certificate: certificateText(vehicle.subCa2),
          subCA1Certificate: certificateText(vehicle.subCa1),
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
        path: pathOf`/v1/oem/provCerts/${pcid}`,
        query: { xsdMsgDefNamespace: namespaceText(edition) },
      }),
      read({ json }) {
        const vehicle = json().at('OEMMessage');
        return {
          certificate: vehicle.at('vehicleCertificate').certificate(),
          subCa2: vehicle.optional('subCA2Certificate', (field) => field.certificate()),
          subCa1: vehicle.at('subCA1Certificate').certificate(),
          edition: editionIn(vehicle),
          fingerprint: textIn(vehicle, 'fingerprint'),
          v2gRootKeyIdentifiers: textsIn(vehicle, 'v2gRootAuthorityKeyIdentifiers') ?? [],
        };
      },
    },

    depublishVehicle: {
      call: (pcid) => ({ method: 'DELETE', path: pathOf`/v1/oem/provCerts/${pcid}` }),
      read: nothing,
    },

    lookupVehicle: {
      call: (pcid) => ({ method: 'GET', path: pathOf`/v1/oem/provCerts/lookupVehicle/${pcid}` }),
      read: nothing,
    },

    enrol: {
      call: ({ target, request }) => ({
        method: 'POST',
        path: estPath('simpleenroll', target),
        headers: { 'content-transfer-encoding': 'base64' },
        body: { type: 'application/pkcs10', content: toBase64(request) },
      }),
      read: firstCertificate,
    },

    caCertificates: {
      call: (target) => ({
        method: 'GET',
        path: estPath('cacerts', target),
        headers: { 'content-transfer-encoding': 'base64' },
      }),
      read: ({ certificates }) => certificates(),
    },
  };
}

function typeName(type: RootType): string {
  return type === 'eMSP' ? 'MO' : type;
}

function rootCertificate<C extends SentCertificate>(root: JsonAnswer<C>): RootCertificate<C> {
  const type = textIn(root, 'rootType');
  return {
    id: root.at('rootCertificateId').text(),
    certificate: root.at('caCertificate').certificate(),
    types: type === undefined ? [] : [type === 'MO' ? 'eMSP' : type],
    ctlList: [],
  };
}

/** What the query says in the OPNC is in the path here, and the branch of the eMSPs has the standard's name. */
function estPath(operation: 'simpleenroll' | 'cacerts', { caDomain, edition, algorithm }: EstTarget): string {
  const ca = caDomain === 'emsp' ? 'mo' : caDomain;
  const path = `/.well-known/est/${ca}/${operation}/${edition}`;
  return algorithm === undefined ? path : `${path}/${algorithm}`;
}
