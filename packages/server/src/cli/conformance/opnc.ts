import type { ConformanceDialect, EstTarget } from './dialect.ts';
import type { Chain } from './own-keys.ts';
import { listOf, memberOf } from './probe.ts';
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

function opncChain({ certificate, subCa2, subCa1 }: Chain) {
  return {
    certificate: base64(certificate.der),
    ...(subCa2 && { subCa2Certificate: base64(subCa2.der) }),
    subCa1Certificate: base64(subCa1.der),
  };
}

export const opnc: ConformanceDialect = {
  name: 'opnc',
  roots: get('/opnc/v1/rcp/rootcertificates'),
  rootsIn: (json) =>
    listOf(memberOf(json, 'rootCertificateCollection')).map((root) => ({
      id: String(memberOf(root, 'rootCertificateId')),
      certificate: String(memberOf(root, 'caCertificate')),
    })),
  root: (id) => get(`/opnc/v1/rcp/rootcertificates/${id}`),
  signers: get('/opnc/v1/cps/cpsCertificates'),
  signersIn: (json) =>
    listOf(memberOf(json, 'cpsCertificateDataCollection')).map((signer) =>
      ['certificate', 'subCa2Certificate', 'subCa1Certificate'].map((part) =>
        String(memberOf(signer, 'cpsCertificateChain', part)),
      ),
    ),
  publish: (vehicle, edition) => ({
    method: 'PUT',
    path: '/opnc/v1/pcp/provisioningcertificates',
    body: { provisioningCertificateChain: opncChain(vehicle), ...inEdition(edition) },
  }),
  published: 200,
  vehicle: (pcid) => get(`/opnc/v1/pcp/provisioningcertificates/${pcid}`),
  vehicleCertificateIn: (json) =>
    String(memberOf(json, 'provisioningCertificate', 'provisioningCertificateChain', 'certificate')),
  lookUp: (pcid) => get(`/opnc/v1/pcp/lookupvehicle/${pcid}`),
  depublish: (pcid) => remove(`/opnc/v1/pcp/provisioningcertificates/${pcid}`),
  sign: ({ emaid, pcid, chain, encryptedPrivateKey, dhPublicKey }, edition) => ({
    method: 'PUT',
    path: '/opnc/v1/cps/contractData/sign',
    body: {
      contractCertificateBundle: {
        pcid,
        emaid,
        contractCertificateChain: opncChain(chain),
        contractSignatureEncryptedPrivateKey: base64(encryptedPrivateKey),
        dHpublickey: base64(dhPublicKey),
      },
      ...inEdition(edition),
    },
  }),
  signed: 201,
  generate: (order, edition) => ({
    method: 'PUT',
    path: '/opnc/v1/cps/contractData/generateandsign',
    body: generation(order, edition),
  }),
  byEmaid: (emaid, edition) => narrowed(`/opnc/v1/ccp/contractData/emaid/${emaid}`, edition),
  byPcid: (pcid, edition) => narrowed(`/opnc/v1/ccp/contractData/pcid/${pcid}`, edition),
  contractsIn: (json) => entriesIn(memberOf(json, 'contractDataCollection')),
  install: (request, edition) => ({
    method: 'POST',
    path: '/opnc/v1/ccp/signedcontractdata',
    body: installation(request, edition),
  }),
  deliveredIn: (json) =>
    listOf(memberOf(json, 'signedContractDataCollection')).map((entry) =>
      String(memberOf(entry, 'certificateInstallationRes')),
    ),
  provide: (emaid, pcid, edition, sessionId) =>
    narrowed(`/opnc/v1/ccp/signedcontractdata/${emaid}/${pcid}`, edition, `&sessionID=${sessionId}`),
  providedIn: (json) => String(memberOf(json, 'signedContractDataCollection', 0, 'certificateInstallationRes')),
  setDefault: (emaid, pcid) => ({
    method: 'POST',
    path: `/opnc/v1/ccp/signedcontractdata/${emaid}/${pcid}/setdefault`,
  }),
  withdraw: (emaid) => remove(`/opnc/v1/ccp/signedcontractdata/${emaid}`),
  enrol: (target, request) => ({
    ...signingRequest(request),
    path: `/opnc/v1/pki/est/simpleenroll?${opncEst(target)}`,
  }),
  caCertificates: (target) => get(`/opnc/v1/pki/est/cacerts?${opncEst(target)}`),
};

function opncEst({ ca, edition, curve }: EstTarget): string {
  const caDomain = ca === 'mo' ? 'emsp' : ca;
  return new URLSearchParams({ caDomain, iso15118Version: edition, algorithm: curve }).toString();
}
