import type { ConformanceDialect } from './dialect.ts';
import { type Ask, listOf, memberOf } from './probe.ts';
import {
  base64,
  entriesIn,
  generation,
  get,
  inEdition,
  installation,
  narrowed,
  remove,
  signingRequest,
} from './requests.ts';

export const opcp: ConformanceDialect = {
  name: 'opcp',
  roots: get('/v1/root/rootCerts'),
  rootsIn: (json) =>
    listOf(memberOf(json, 'RootCertificateCollection', 'rootCertificates')).map((root) => ({
      id: String(memberOf(root, 'rootCertificateId')),
      certificate: String(memberOf(root, 'caCertificate')),
    })),
  root: (id) => get(`/v1/root/rootCerts/${id}`),
  signers: get('/v1/cps/signer'),
  signersIn: (json) =>
    listOf(memberOf(json, 'cpsCertificates')).map((signer) =>
      ['cpsCertificate', 'cpsSubCa2Certificate', 'cpsSubCa1Certificate'].map((part) => String(memberOf(signer, part))),
    ),
  publish: ({ certificate, subCa2, subCa1 }, edition) => ({
    method: 'PUT',
    path: '/v1/oem/provCerts',
    body: {
      vehicleCertificate: base64(certificate.der),
      ...(subCa2 && { subCA2Certificate: base64(subCa2.der) }),
      subCA1Certificate: base64(subCa1.der),
      ...inEdition(edition),
    },
  }),
  published: 200,
  vehicle: (pcid) => get(`/v1/oem/provCerts/${pcid}`),
  vehicleCertificateIn: (json) => String(memberOf(json, 'OEMMessage', 'vehicleCertificate')),
  lookUp: (pcid) => get(`/v1/oem/provCerts/lookupVehicle/${pcid}`),
  depublish: (pcid) => remove(`/v1/oem/provCerts/${pcid}`),
  sign: ({ pcid, chain, encryptedPrivateKey, dhPublicKey }, edition) => ({
    method: 'PUT',
    path: '/v1/cps/contractData/signed',
    body: {
      contractData: {
        contractCertificate: base64(chain.certificate.der),
        ...(chain.subCa2 && { contractSubCa2Certificate: base64(chain.subCa2.der) }),
        contractSubCa1Certificate: base64(chain.subCa1.der),
        contractSignatureEncryptedPrivateKey: base64(encryptedPrivateKey),
        dHpublickey: base64(dhPublicKey),
      },
      pcid,
      ...inEdition(edition),
    },
  }),
  signed: 201,
  generate: (order, edition) => ({
    method: 'PUT',
    path: '/v1/cps/generate/signedContractData',
    body: generation(order, edition),
  }),
  byEmaid: (emaid, edition) => narrowed(`/v1/ccp/lookupContract/${emaid}`, edition),
  byPcid: (pcid, edition) => narrowed(`/v1/ccp/signedContractData/${pcid}`, edition),
  contractsIn: (json) => entriesIn(memberOf(json, 'XMLContracts')),
  install: (request, edition) => ({
    method: 'POST',
    path: '/v1/ccp/signedContractData',
    body: installation(request, edition),
  }),
  deliveredIn: (json) =>
    listOf(memberOf(json, 'CCPResponse', 'emaidContent')).map((entry) =>
      String(memberOf(entry, 'messageDef', 'certificateInstallationRes')),
    ),
  provide: (emaid, pcid, edition, sessionId) =>
    narrowed(`/v1/ccp/provideSignedContractData/${emaid}/${pcid}`, edition, `&sessionID=${sessionId}`),
  providedIn: (json) => String(memberOf(json, 'certificateInstallationRes')),
  setDefault: (emaid, pcid) => ({ method: 'POST', path: `/v1/ccp/signedContractData/${pcid}/${emaid}/default` }),
  withdraw: (emaid) => remove(`/v1/ccp/signedContractData/${emaid}`),
  enrol: ({ ca, edition }, request) => ({
    ...signingRequest(request),
    path: `/.well-known/est/${ca}/simpleenroll/${edition}`,
  }),
  caCertificates: ({ ca, edition, curve }) => get(`/.well-known/est/${ca}/cacerts/${edition}/${curve}`),
};

/** OPCP grew out of the quick start of 2018, which has fewer operations, another prefix and nested contract data. */
export const quickstart: ConformanceDialect = {
  name: 'quickstart',
  roots: asOf2018(opcp.roots),
  rootsIn: opcp.rootsIn,
  root: (id) => asOf2018(opcp.root(id)),
  signersIn: opcp.signersIn,
  publish: (vehicle, edition) => asOf2018(opcp.publish(vehicle, edition)),
  published: 201,
  vehicle: (pcid) => asOf2018(opcp.vehicle(pcid)),
  vehicleCertificateIn: opcp.vehicleCertificateIn,
  depublish: (pcid) => asOf2018(opcp.depublish(pcid)),
  sign: ({ emaid, pcid, chain, encryptedPrivateKey, dhPublicKey }, edition) => ({
    method: 'PUT',
    path: '/HubjectWS/webresources/v1/cps/forward/signedContractData',
    body: {
      ...inEdition(edition),
      pcid,
      emaid,
      contractData: {
        emaid,
        contractSignatureCertChain: {
          contractSignatureCertChainCertificate: base64(chain.certificate.der),
          contractSignatureCertChainSubCertificates: [chain.subCa2, chain.subCa1].flatMap((subCa) =>
            subCa === undefined ? [] : [base64(subCa.der)],
          ),
        },
        contractSignatureEncryptedPrivateKey: base64(encryptedPrivateKey),
        dHpublickey: base64(dhPublicKey),
      },
    },
  }),
  signed: 201,
  contractsIn: opcp.contractsIn,
  install: (request, edition) => asOf2018(opcp.install(request, edition)),
  deliveredIn: opcp.deliveredIn,
  providedIn: opcp.providedIn,
  withdraw: (emaid) => asOf2018(opcp.withdraw(emaid)),
  enrol: opcp.enrol,
  caCertificates: opcp.caCertificates,
};

function asOf2018(ask: Ask): Ask {
  return { ...ask, path: ask.path.replace(/^\/v1\//, '/HubjectWS/webresources/v1/') };
}
