/** From the values of the domain to the answers of the OPNC. */
import { attributeOf, commonNameOf, formatName, namespaceOfEdition } from '@plugpool/iso15118/pki';
import type { Static } from 'typebox';
import type { HandedOutContract, ListedContract } from '../../ccp/stored-contract.ts';
import type { SignedContractData } from '../../cps/contract-data.ts';
import type { Vehicle } from '../../pcp/vehicle.ts';
import type { CpsSigner } from '../../pki/public-key-infrastructure.ts';
import type { RootCertificate, RootType } from '../../rcp/root-certificate.ts';
import { base64, instant, withColons } from '../response-fields.ts';
import type { TrustAnchor } from '../trust-anchor.ts';
import type {
  ContractData,
  CpsCertificate,
  DeliveredContract,
  NewSignedContractData,
  ProvisioningCertificate,
  RootCertificate as RootCertificateAnswer,
} from './answer-shapes.ts';

/** `MO` of the other dialects is called eMSP here. */
export function fromOpncRootType(name: string): RootType {
  const upper = name.toUpperCase();
  return upper === 'V2G' || upper === 'OEM' || upper === 'PE' ? upper : 'MO';
}

function toOpncRootType(type: RootType): Static<typeof RootCertificateAnswer>['rootType'] {
  return type === 'MO' ? 'eMSP' : type;
}

export function rootCertificate(root: RootCertificate): Static<typeof RootCertificateAnswer> {
  const { id, certificate, types, ctlList } = root;
  const { subject } = certificate;
  const commonName = commonNameOf(subject);
  const organizationName = attributeOf(subject, 'O');
  return {
    rootCertificateId: id,
    distinguishedName: formatName(subject),
    rootCtlList: [...ctlList],
    rootTypeList: types.map(toOpncRootType),
    rootType: toOpncRootType(types[0] ?? 'V2G'),
    caCertificate: base64(certificate.der),
    ...(commonName !== undefined && { commonName }),
    ...(certificate.subjectKeyIdentifier && { rootAuthorityKeyIdentifier: base64(certificate.subjectKeyIdentifier) }),
    rootIssuerSerialNumber: certificate.serialHex,
    validFrom: instant(certificate.notBefore),
    validTo: instant(certificate.notAfter),
    ...(organizationName !== undefined && { organizationName }),
    fingerprint: certificate.fingerprint,
  };
}

export function provisioningCertificate(vehicle: Vehicle, anchor: TrustAnchor): Static<typeof ProvisioningCertificate> {
  const { certificate, subCa1, subCa2, v2gRootKeyIdentifiers } = vehicle;
  return {
    provisioningCertificateChain: {
      certificate: base64(certificate.der),
      ...(subCa2 && { subCa2Certificate: base64(subCa2.der) }),
      subCa1Certificate: base64(subCa1.der),
    },
    xsdMsgDefNamespace: namespaceOfEdition(vehicle.edition),
    rootIssuerSerialNumber: anchor.serialNumber,
    rootAuthorityKeyIdentifier: anchor.keyIdentifier,
    ...(v2gRootKeyIdentifiers.length > 0 && {
      v2gRootAuthorityKeyIdentifiers: v2gRootKeyIdentifiers.map(withColons),
    }),
    fingerprint: certificate.fingerprint,
    ...(vehicle.previousPcid && { previousPcid: vehicle.previousPcid }),
  };
}

export function cpsCertificate(signer: CpsSigner): Static<typeof CpsCertificate> {
  const { edition, certificate, subCa2, subCa1, root } = signer;
  return {
    cpsDistinguishedName: formatName(certificate.subject),
    cpsCertificateChain: {
      certificate: base64(certificate.der),
      subCa2Certificate: base64(subCa2.der),
      subCa1Certificate: base64(subCa1.der),
    },
    validFrom: instant(certificate.notBefore),
    validTo: instant(certificate.notAfter),
    organizationName: attributeOf(certificate.subject, 'O') ?? '',
    cpsV2GRootCertificateFingerprint: root.fingerprint,
    cpsV2GRootDistinguishedName: formatName(root.subject),
    xsdMsgDefNamespace: namespaceOfEdition(edition),
  };
}

export function signedContractData(signed: SignedContractData): Static<typeof NewSignedContractData> {
  return {
    certificateInstallationRes: base64(signed.installationRes),
    emaid: signed.shownEmaid,
    ...(signed.shownPcid !== undefined && { pcid: signed.shownPcid }),
    xsdMsgDefNamespace: namespaceOfEdition(signed.edition),
    ...(signed.metaData !== undefined && { metaData: signed.metaData }),
    cpsV2GRootCertificateFingerprint: signed.cpsRoot.fingerprint,
    cpsRootDistinguishedName: formatName(signed.cpsRoot.subject),
  };
}

export function deliveredContract(
  contract: HandedOutContract,
  installationRes: Uint8Array,
): Static<typeof DeliveredContract> {
  return {
    certificateInstallationRes: base64(installationRes),
    emaid: contract.shownEmaid,
    pcid: contract.shownPcid,
    xsdMsgDefNamespace: namespaceOfEdition(contract.edition),
    ...(contract.metaData !== undefined && { metaData: contract.metaData }),
    cpsV2GRootCertificateFingerprint: contract.cpsRootFingerprint,
    cpsRootDistinguishedName: contract.cpsRootName,
  };
}

export function contractData(contract: ListedContract): Static<typeof ContractData> {
  return {
    pcid: contract.shownPcid,
    emaid: contract.shownEmaid,
    xsdMsgDefNamespace: namespaceOfEdition(contract.edition),
    contractCertificate: base64(contract.contractCertificate),
    defaultContract: contract.isDefault,
    certValidFrom: instant(contract.validFrom),
    certValidTo: instant(contract.validTo),
    cpsV2GRootDistinguishedName: contract.cpsRootName,
    cpsV2GRootCertificateFingerprint: contract.cpsRootFingerprint,
  };
}
