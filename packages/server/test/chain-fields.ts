/** Where each operation has the certificates of a chain, and what its errors call them. */
import type { JsonObject, Place } from './json-places.ts';
import { withValue } from './json-places.ts';
import { base64 } from './roles.ts';

export interface ChainOctets {
  readonly leaf: Uint8Array;
  readonly subCa2: Uint8Array;
  readonly subCa1: Uint8Array;
}

export interface ChainPlaces {
  /** The operation. */
  readonly name: string;
  readonly places: Readonly<Record<keyof ChainOctets, Place>>;
  /** In errors about the form of a certificate; those about the chain have one set of names for all dialects. */
  readonly called: Readonly<Record<keyof ChainOctets, string>>;
}

const QUICK_START = '/HubjectWS/webresources/v1';

const vehicle = { leaf: 'vehicleCertificate', subCa2: 'subCa2Certificate', subCa1: 'subCa1Certificate' };
const provCert = {
  leaf: ['vehicleCertificate'],
  subCa2: ['subCA2Certificate'],
  subCa1: ['subCA1Certificate'],
};

export const vehicleChains: readonly ChainPlaces[] = [
  {
    name: 'PUT /opnc/v1/pcp/provisioningcertificates',
    places: {
      leaf: ['provisioningCertificateChain', 'certificate'],
      subCa2: ['provisioningCertificateChain', 'subCa2Certificate'],
      subCa1: ['provisioningCertificateChain', 'subCa1Certificate'],
    },
    called: vehicle,
  },
  { name: 'PUT /v1/oem/provCerts', places: provCert, called: vehicle },
  { name: `PUT ${QUICK_START}/oem/provCerts`, places: provCert, called: vehicle },
];

const nestedChain = ['contractData', 'contractSignatureCertChain'];
const nestedPlaces = {
  leaf: [...nestedChain, 'contractSignatureCertChainCertificate'],
  subCa2: [...nestedChain, 'contractSignatureCertChainSubCertificates', 0],
  subCa1: [...nestedChain, 'contractSignatureCertChainSubCertificates', 1],
};
const nestedCalled = {
  leaf: 'contractData.contractSignatureCertChain.contractSignatureCertChainCertificate',
  subCa2: 'contractSignatureCertChainSubCertificates list',
  subCa1: 'contractSignatureCertChainSubCertificates list',
};
const opncChain = ['contractCertificateBundle', 'contractCertificateChain'];

export const contractChains: readonly ChainPlaces[] = [
  {
    name: 'PUT /opnc/v1/cps/contractData/sign',
    places: {
      leaf: [...opncChain, 'certificate'],
      subCa2: [...opncChain, 'subCa2Certificate'],
      subCa1: [...opncChain, 'subCa1Certificate'],
    },
    called: {
      leaf: 'contractCertificateBundle.contractCertificateChain.certificate',
      subCa2: 'contractCertificateBundle.contractCertificateChain.subCa2Certificate',
      subCa1: 'contractCertificateBundle.contractCertificateChain.subCa1Certificate',
    },
  },
  {
    name: 'PUT /v1/cps/contractData/signed',
    places: {
      leaf: ['contractData', 'contractCertificate'],
      subCa2: ['contractData', 'contractSubCa2Certificate'],
      subCa1: ['contractData', 'contractSubCa1Certificate'],
    },
    called: {
      leaf: 'contractData.contractCertificate',
      subCa2: 'contractData.contractSubCa2Certificate',
      subCa1: 'contractData.contractSubCa1Certificate',
    },
  },
  { name: 'PUT /v1/cps/signedContractData', places: nestedPlaces, called: nestedCalled },
  { name: 'PUT /v1/cps/forward/signedContractData', places: nestedPlaces, called: nestedCalled },
  { name: `PUT ${QUICK_START}/cps/forward/signedContractData`, places: nestedPlaces, called: nestedCalled },
];

/** The body with another chain in it. */
export function withChain(body: JsonObject, { places }: ChainPlaces, chain: ChainOctets): JsonObject {
  const leaf = withValue(body, places.leaf, base64(chain.leaf));
  return withValue(withValue(leaf, places.subCa2, base64(chain.subCa2)), places.subCa1, base64(chain.subCa1));
}
