/** The life of a contract over OPNC. */
import type { Step } from './collection.ts';

const chain = {
  certificate: '{{vehicleCertificate}}',
  subCa2Certificate: '{{vehicleSubCa2Certificate}}',
  subCa1Certificate: '{{vehicleSubCa1Certificate}}',
};
const edition = { xsdMsgDefNamespace: '{{xsdMsgDefNamespace}}' };
const pcid = { pcid: '{{pcid}}' };
const emaid = { emaid: '{{emaid}}' };
const est = { iso15118Version: 'ISO15118-2' };
const install = { certificateInstallationReq: '{{certificateInstallationReq}}', ...edition };

export const opncLife: readonly Step[] = [
  {
    name: 'OEM: enrol the car',
    operation: 'simpleEnrollCertV1',
    query: { caDomain: 'oem', ...est },
    body: '{{vehicleCertificationRequest}}',
    status: 200,
    keepCertificates: { enrolledCertificate: 0 },
  },
  {
    name: 'Anyone: the roots',
    operation: 'getRootCertificatesV1',
    query: { pkiType: 'v2g', limit: '1' },
    status: 200,
    keep: { rootCertificateId: 'rootCertificateCollection[0].rootCertificateId' },
  },
  { name: 'Anyone: one root', operation: 'getRootCertificateV1', status: 200 },
  {
    name: 'OEM: publish the car',
    operation: 'addProvisioningCertificateV1',
    body: { provisioningCertificateChain: chain, ...edition },
    status: 200,
  },
  {
    name: 'eMSP: fetch the car',
    operation: 'getProvisioningCertificateV1',
    params: pcid,
    status: 200,
    expect: { 'provisioningCertificate.provisioningCertificateChain.certificate': '{{vehicleCertificate}}' },
  },
  { name: 'eMSP: is the car known?', operation: 'lookupVehicleV1', params: pcid, status: 200 },
  { name: 'eMSP: the signers of contract data', operation: 'getCpsCertificatesV1', status: 200 },
  {
    name: 'eMSP: enrol a contract certificate',
    operation: 'simpleEnrollCertV1',
    query: { caDomain: 'emsp', ...est },
    body: '{{contractCertificationRequest}}',
    status: 200,
    keepCertificates: { contractCertificate: 0 },
  },
  {
    name: 'eMSP: its CA certificates',
    operation: 'getCaCertsV1',
    query: { caDomain: 'emsp', ...est },
    status: 200,
    keepCertificates: { contractSubCa2Certificate: 0, contractSubCa1Certificate: 1 },
  },
  {
    name: 'eMSP: have the contract data signed and stored',
    operation: 'signContractDataV1',
    body: {
      contractCertificateBundle: {
        ...pcid,
        ...emaid,
        contractCertificateChain: {
          certificate: '{{contractCertificate}}',
          subCa2Certificate: '{{contractSubCa2Certificate}}',
          subCa1Certificate: '{{contractSubCa1Certificate}}',
        },
        contractSignatureEncryptedPrivateKey: '{{encryptedPrivateKey}}',
        dHpublickey: '{{dhPublicKey}}',
      },
      ...edition,
    },
    status: 201,
    expect: { 'signedContractData.emaid': '{{emaid}}' },
  },
  {
    name: 'eMSP: the contract in the pool',
    operation: 'getContractDataByEmaidV1',
    params: emaid,
    status: 200,
    expect: { 'contractDataCollection[0].defaultContract': true },
  },
  {
    name: 'CPO: the car asks for its contract',
    operation: 'getSignedContractDataByCertificateInstallationReqV1',
    headers: { alwaysReturnEXI: 'true' },
    body: install,
    status: 200,
    expect: { 'signedContractDataCollection[0].emaid': '{{emaid}}' },
  },
  {
    name: 'eMSP: have another contract made and signed',
    operation: 'generateAndSignContractDataV1',
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
    operation: 'getContractDataByPcidV1',
    params: pcid,
    status: 200,
    expect: { 'contractDataCollection.length': 2 },
  },
  {
    name: 'OEM: fetch the signed contract data',
    operation: 'getSignedContractDataByEmaidAndPcidV1',
    params: { ...emaid, ...pcid },
    query: { sessionID: '0102030405060708' },
    status: 200,
    expect: { 'signedContractDataCollection[0].pcid': '{{pcid}}' },
  },
  {
    name: 'OEM: make the other contract the default',
    operation: 'setSignedContractDataAsDefaultV1',
    params: { emaid: '{{secondEmaid}}', ...pcid },
    status: 200,
  },
  {
    name: 'CPO: the car gets the other one',
    operation: 'getSignedContractDataByCertificateInstallationReqV1',
    body: install,
    status: 200,
    expect: { 'signedContractDataCollection[0].emaid': '{{secondEmaid}}' },
  },
  {
    name: 'eMSP: withdraw the other contract',
    operation: 'deleteSignedContractDataByEmaidV1',
    params: { emaid: '{{secondEmaid}}' },
    status: 200,
  },
  {
    name: 'eMSP: withdraw the first, without revoking it',
    operation: 'deleteSignedContractDataByEmaidV1',
    headers: { 'X-Skip-Revocation': 'true' },
    params: emaid,
    status: 200,
  },
  {
    name: 'eMSP: revoke its certificate',
    operation: 'revokeCertV1',
    body: { certificate: '{{contractCertificate}}', revocationReason: 'superseded' },
    status: 200,
  },
  {
    name: 'eMSP: the contract is gone',
    operation: 'getContractDataByEmaidV1',
    params: emaid,
    status: 404,
    refusal: 'The contract for the given EMAID not found.',
  },
  {
    name: 'CPO: the car is told that there is no contract',
    operation: 'getSignedContractDataByCertificateInstallationReqV1',
    headers: { alwaysReturnEXI: 'false' },
    body: install,
    status: 404,
    refusal: 'Contract or Vehicle not found.',
  },
  { name: 'OEM: depublish the car', operation: 'deleteProvisioningCertificateV1', params: pcid, status: 200 },
  {
    name: 'OEM: the car is gone',
    operation: 'lookupVehicleV1',
    params: pcid,
    status: 404,
    refusal: 'The OEM provisioning certificate with given PCID is not found.',
  },
];
