/** The life of a contract over OPCP 1.0, enrolment apart. */
import type { Step } from './collection.ts';

const edition = { xsdMsgDefNamespace: '{{xsdMsgDefNamespace}}' };
const pcid = { pcid: '{{pcid}}' };
const emaid = { emaid: '{{emaid}}' };
const est = { 'iso-version': 'ISO15118-2' };
const install = { certificateInstallationReq: '{{certificateInstallationReq}}', ...edition };

/** Also for the quick start, which has no enrolment of its own. */
export const enrolment: readonly Step[] = [
  {
    name: 'OEM: enrol the car',
    operation: 'simpleenroll',
    params: { ca: 'oem', ...est },
    body: '{{vehicleCertificationRequest}}',
    status: 200,
    keepCertificates: { enrolledCertificate: 0 },
  },
  {
    name: 'eMSP: enrol a contract certificate',
    operation: 'simpleenroll',
    params: { ca: 'mo', ...est },
    body: '{{contractCertificationRequest}}',
    status: 200,
    keepCertificates: { contractCertificate: 0 },
  },
  {
    name: 'eMSP: its CA certificates',
    operation: 'cacerts',
    params: { ca: 'mo', algorithm: 'secp256r1', ...est },
    headers: { 'Content-Transfer-Encoding': 'base64' },
    status: 200,
    keepCertificates: { contractSubCa2Certificate: 0, contractSubCa1Certificate: 1 },
  },
];

export const opcpLife: readonly Step[] = [
  {
    name: 'Anyone: the roots',
    operation: 'getAllRootCerts',
    query: { rootType: 'v2g' },
    status: 200,
    keep: { rootCertificateId: 'RootCertificateCollection.rootCertificates[0].rootCertificateId' },
  },
  { name: 'Anyone: one root', operation: 'getRootCert', status: 200 },
  { name: 'Anyone: the certificate trust list', operation: 'get-v1-root-ctl', status: 200 },
  {
    name: 'OEM: publish the car',
    operation: 'addOEMProvCert',
    body: {
      vehicleCertificate: '{{vehicleCertificate}}',
      subCA2Certificate: '{{vehicleSubCa2Certificate}}',
      subCA1Certificate: '{{vehicleSubCa1Certificate}}',
      ...edition,
    },
    status: 200,
    expect: { vehicleCertificate: '{{vehicleCertificate}}' },
  },
  {
    name: 'eMSP: fetch the car',
    operation: 'getOEMProvCert',
    params: pcid,
    status: 200,
    expect: { 'OEMMessage.vehicleCertificate': '{{vehicleCertificate}}' },
  },
  { name: 'eMSP: is the car known?', operation: 'lookupVehicle', params: pcid, status: 200 },
  { name: 'eMSP: the same in the short form', operation: 'headOEMProvCert', params: pcid, status: 200 },
  { name: 'eMSP: the signers of contract data', operation: 'get-cps-signer', status: 200 },
  {
    name: 'eMSP: have the contract data signed and stored',
    operation: 'put-v1-cps-signContractData',
    body: {
      contractData: {
        contractCertificate: '{{contractCertificate}}',
        contractSubCa2Certificate: '{{contractSubCa2Certificate}}',
        contractSubCa1Certificate: '{{contractSubCa1Certificate}}',
        contractSignatureEncryptedPrivateKey: '{{encryptedPrivateKey}}',
        dHpublickey: '{{dhPublicKey}}',
      },
      ...pcid,
      ...edition,
    },
    status: 201,
    keep: { signedContractDataXML: 'signedData' },
    expect: { emaid: '{{emaid}}' },
  },
  {
    name: 'CPS: add the same data, as one that signs elsewhere does',
    operation: 'addSignedContractData',
    body: { ...edition, ...emaid, ...pcid, signedContractDataXML: '{{signedContractDataXML}}' },
    status: 201,
  },
  {
    name: 'eMSP: the contract in the pool',
    operation: 'lookupContract',
    params: emaid,
    status: 200,
    expect: { 'XMLContracts[0].defaultContract': true },
  },
  {
    name: 'CPO: the car asks for its contract',
    operation: 'getSignedContractData',
    headers: { alwaysReturnEXI: 'true' },
    body: install,
    status: 200,
    expect: { 'CCPResponse.emaidContent[0].messageDef.emaid': '{{emaid}}' },
  },
  {
    name: 'eMSP: have another contract made and signed',
    operation: 'generateSignedContractData',
    body: {
      contractBegins: '{{contractBegins}}',
      contractEnds: '{{contractEnds}}',
      emaid: '{{secondEmaid}}',
      ...pcid,
      ...edition,
    },
    status: 201,
  },
  {
    name: 'OEM: the contracts of the car',
    operation: 'getContracts',
    params: pcid,
    status: 200,
    expect: { 'XMLContracts.length': 2 },
  },
  {
    name: 'OEM: fetch the signed contract data',
    operation: 'provideSignedContractData',
    params: { ...emaid, ...pcid },
    query: { sessionID: '0102030405060708' },
    status: 200,
  },
  {
    name: 'OEM: make the other contract the default',
    operation: 'setDefaultContract',
    params: { emaid: '{{secondEmaid}}', ...pcid },
    status: 200,
  },
  {
    name: 'CPO: the car gets the other one',
    operation: 'getSignedContractData',
    body: install,
    status: 200,
    expect: { 'CCPResponse.emaidContent[0].messageDef.emaid': '{{secondEmaid}}' },
  },
  {
    name: 'eMSP: withdraw the other contract',
    operation: 'deleteSignedContractData',
    params: { emaid: '{{secondEmaid}}' },
    status: 200,
  },
  {
    name: 'eMSP: withdraw the first, without revoking it',
    operation: 'deleteSignedContractData',
    headers: { 'X-Skip-Revocation': 'true' },
    params: emaid,
    status: 200,
  },
  {
    name: 'eMSP: the contract is gone',
    operation: 'lookupContract',
    params: emaid,
    status: 404,
    refusal: 'The contract for the given EMAID not found.',
  },
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
    operation: 'lookupVehicle',
    params: pcid,
    status: 404,
    refusal: 'The OEM provisioning certificate with given PCID is not found.',
  },
];
