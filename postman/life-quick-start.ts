/** The life of a contract over the quick start of 2018, behind OPCP's enrolment. */
import type { Step } from './collection.ts';

const edition = { xsdMsgDefNamespace: '{{xsdMsgDefNamespace}}' };
const pcid = { pcid: '{{pcid}}' };
const emaid = { emaid: '{{emaid}}' };
const install = { certificateInstallationReq: '{{certificateInstallationReq}}', ...edition };

export const quickStartLife: readonly Step[] = [
  {
    name: 'Anyone: the roots',
    operation: 'getAllRootCerts',
    status: 200,
    keep: { rootCertificateId: 'RootCertificateCollection.rootCertificates[0].rootCertificateId' },
  },
  { name: 'Anyone: one root', operation: 'getRootCert', status: 200 },
  {
    name: 'OEM: publish the car',
    operation: 'addOEMProvCert',
    body: {
      rootAuthorityKeyIdentifier: '',
      rootIssuerDistinguishedName: '',
      rootIssuerSerialNumber: '',
      subCA1Certificate: '{{vehicleSubCa1Certificate}}',
      subCA2Certificate: '{{vehicleSubCa2Certificate}}',
      vehicleCertificate: '{{vehicleCertificate}}',
    },
    status: 201,
  },
  {
    name: 'eMSP: fetch the car',
    operation: 'getOEMProvCert',
    params: pcid,
    status: 200,
    expect: { 'OEMMessage.vehicleCertificate': '{{vehicleCertificate}}' },
  },
  {
    name: 'eMSP: have the contract data signed and stored',
    operation: 'createAndForwardSignedContractData',
    body: {
      ...edition,
      ...pcid,
      ...emaid,
      contractData: {
        ...emaid,
        contractSignatureCertChain: {
          contractSignatureCertChainSubCertificates: ['{{contractSubCa2Certificate}}', '{{contractSubCa1Certificate}}'],
          contractSignatureCertChainCertificate: '{{contractCertificate}}',
        },
        contractSignatureEncryptedPrivateKey: '{{encryptedPrivateKey}}',
        dHpublickey: '{{dhPublicKey}}',
      },
    },
    status: 201,
  },
  {
    name: 'CPO: the car asks for its contracts',
    operation: 'getSignedContractData',
    body: install,
    status: 200,
    expect: { 'CCPResponse.emaidContent[0].messageDef.emaid': '{{emaid}}' },
  },
  { name: 'eMSP: withdraw the contract', operation: 'deleteSignedContractData', params: emaid, status: 200 },
  {
    name: 'CPO: the car is told that there is no contract',
    operation: 'getSignedContractData',
    headers: { alwaysReturnEXI: 'false' },
    body: install,
    status: 404,
    refusal: 'Contract or Vehicle not found.',
  },
  { name: 'OEM: depublish the car', operation: 'deleteOEMProvCert', params: pcid, status: 200 },
  {
    name: 'OEM: the car is gone',
    operation: 'getOEMProvCert',
    params: pcid,
    status: 404,
    refusal: 'The OEM provisioning certificate with given PCID is not found.',
  },
];
