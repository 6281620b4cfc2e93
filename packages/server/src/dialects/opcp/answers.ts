/** From the values of the domain to the answers of OPCP 1.0, which the quick start shares where it has them. */
import {
  algorithms,
  attributeOf,
  commonNameOf,
  formatName,
  namespaceOfEdition,
  sha1FingerprintOf,
} from '@plugpool/iso15118/pki';
import type { Static } from 'typebox';
import type { InstallationOutcome } from '../../ccp/install-by-request.ts';
import type { ListedContract } from '../../ccp/stored-contract.ts';
import type { SignedContractData } from '../../cps/contract-data.ts';
import type { Answer } from '../../http/route.ts';
import { onFirstUse } from '../../kernel/first-use.ts';
import type { Vehicle } from '../../pcp/vehicle.ts';
import type { CpsSigner } from '../../pki/public-key-infrastructure.ts';
import type { RootCertificate } from '../../rcp/root-certificate.ts';
import { booleanHeader } from '../request-fields.ts';
import { base64, colonHex, instant, withColons } from '../response-fields.ts';
import type { TrustAnchor } from '../trust-anchor.ts';
import type {
  CpsSignerData,
  Installation,
  ProvisioningCertificateData,
  RootCert,
  RootCertList,
  SignedData,
  XmlContract,
} from './answer-shapes.ts';

const signedDataXml = onFirstUse(() => import('./signed-data-xml.ts'));

export function rootCert({ id, certificate, types }: RootCertificate): Static<typeof RootCert> {
  const { subject, subjectKeyIdentifier, publicKey } = certificate;
  const commonName = commonNameOf(subject);
  const organizationName = attributeOf(subject, 'O');
  return {
    rootCertificateId: id,
    distinguishedName: formatName(subject),
    rootType: types[0] ?? 'V2G',
    caCertificate: base64(certificate.der),
    ...(commonName !== undefined && { commonName }),
    ...(subjectKeyIdentifier && {
      rootAuthorityKeyIdentifier: base64(subjectKeyIdentifier),
      rootAuthorityKeyIdentifierHex: colonHex(subjectKeyIdentifier),
    }),
    rootIssuerSerialNumber: certificate.serialHex,
    validFrom: instant(certificate.notBefore),
    validTo: instant(certificate.notAfter),
    ...(organizationName !== undefined && { organizationName }),
    fingerprint: certificate.fingerprint,
    fingerprintSha1: sha1FingerprintOf(certificate),
    xsdMsgDefNamespace: namespaceOfEdition(algorithms[publicKey.curve].edition),
    signatureAlgorithm: publicKey.curve,
  };
}

export function rootCertCollection(roots: readonly RootCertificate[]): Static<typeof RootCertList> {
  return { RootCertificateCollection: { rootCertificates: roots.map(rootCert) } };
}

export function provisioningCertificateData(
  vehicle: Vehicle,
  anchor: TrustAnchor,
): Static<typeof ProvisioningCertificateData> {
  const { certificate, subCa1, subCa2, v2gRootKeyIdentifiers } = vehicle;
  return {
    subCA1Certificate: base64(subCa1.der),
    ...(subCa2 && { subCA2Certificate: base64(subCa2.der) }),
    vehicleCertificate: base64(certificate.der),
    xsdMsgDefNamespace: namespaceOfEdition(vehicle.edition),
    rootIssuerDistinguishedName: anchor.distinguishedName,
    rootIssuerSerialNumber: anchor.serialNumber,
    rootAuthorityKeyIdentifier: anchor.keyIdentifier,
    ...(v2gRootKeyIdentifiers.length > 0 && {
      v2gRootAuthorityKeyIdentifiers: v2gRootKeyIdentifiers.map(withColons),
    }),
    fingerprint: certificate.fingerprint,
    ...(vehicle.previousPcid && { previousPcid: vehicle.previousPcid }),
  };
}

export function cpsSigner(signer: CpsSigner): Static<typeof CpsSignerData> {
  const { edition, certificate, subCa2, subCa1, root } = signer;
  return {
    cpsDistinguishedName: formatName(certificate.subject),
    cpsCertificate: base64(certificate.der),
    validFrom: instant(certificate.notBefore),
    validTo: instant(certificate.notAfter),
    organizationName: attributeOf(certificate.subject, 'O') ?? '',
    cpsV2GRootCertificateFingerprint: root.fingerprint,
    cpsRootDistinguishedName: formatName(root.subject),
    cpsSubCa1Certificate: base64(subCa1.der),
    cpsSubCa2Certificate: base64(subCa2.der),
    xsdMsgDefNamespace: namespaceOfEdition(edition),
  };
}

/** `pcid` is null when none was given. */
export async function signedData(signed: SignedContractData): Promise<Static<typeof SignedData>> {
  const { xmlOf } = await signedDataXml();
  return {
    pcid: signed.shownPcid ?? null,
    emaid: signed.shownEmaid,
    xsdMsgDefNamespace: namespaceOfEdition(signed.edition),
    signedData: base64(Buffer.from(xmlOf(signed.edition, signed.installationRes), 'utf8')),
    ...(signed.metaData !== undefined && { metaData: signed.metaData }),
    cpsV2GRootCertificateFingerprint: signed.cpsRoot.fingerprint,
    cpsRootDistinguishedName: formatName(signed.cpsRoot.subject),
  };
}

export function xmlContract(contract: ListedContract): Static<typeof XmlContract> {
  return {
    pcid: contract.shownPcid,
    emaid: contract.shownEmaid,
    xsdMsgDefNamespace: namespaceOfEdition(contract.edition),
    contractCertificate: base64(contract.contractCertificate),
    defaultContract: contract.isDefault,
    certValidFrom: instant(contract.validFrom),
    certValidTo: instant(contract.validTo),
    cpsRootCertificateDN: contract.cpsRootName,
    cpsV2GRootCertificateFingerprint: contract.cpsRootFingerprint,
  };
}

/** Delivered contracts, or the failure in the form that `alwaysReturnEXI` asks for. */
export function installationAnswer(
  outcome: InstallationOutcome,
  alwaysReturnExi: string | undefined,
): Answer<Static<typeof Installation>> {
  if (outcome.ok) {
    const emaidContent = outcome.contracts.map(({ contract, installationRes }) => ({
      messageDef: {
        certificateInstallationRes: base64(installationRes),
        emaid: contract.shownEmaid,
        ...(contract.metaData !== undefined && { metaData: contract.metaData }),
        cpsV2GRootCertificateFingerprint: contract.cpsRootFingerprint,
      },
    }));
    return { status: 200, body: { CCPResponse: { emaidContent } } };
  }
  const { error, failureRes } = outcome;
  if (failureRes === undefined || !booleanHeader(alwaysReturnExi, true)) throw error;
  const emaidContent = [{ messageDef: { certificateInstallationRes: base64(failureRes) } }];
  return { status: error.status, body: { CCPResponse: { emaidContent } } };
}
