/** Installing and updating a contract certificate (ISO 15118-2 §8.4.3). */

import { xsId, xsShort } from '../../schema/built-in-types.ts';
import { complexType, inUnits } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import {
  CertificateChainType,
  ContractSignatureEncryptedPrivateKeyType,
  DiffieHellmanPublickeyType,
  EMAIDType,
  ListOfRootCertificateIDsType,
} from './certificates.ts';
import { body } from './namespaces.ts';
import { certificateType, eMAIDType, responseCodeType } from './simple-types.ts';

export const CertificateInstallationReqType = complexType(
  body.attribute('Id', xsId),
  body.element('OEMProvisioningCert', certificateType),
  body.element('ListOfRootCertificateIDs', ListOfRootCertificateIDsType),
);

export const CertificateInstallationReq = body.element('CertificateInstallationReq', CertificateInstallationReqType);

export const CertificateInstallationResType = complexType(
  body.element('ResponseCode', responseCodeType),
  body.element('SAProvisioningCertificateChain', CertificateChainType),
  body.element('ContractSignatureCertChain', CertificateChainType),
  body.element('ContractSignatureEncryptedPrivateKey', ContractSignatureEncryptedPrivateKeyType),
  body.element('DHpublickey', DiffieHellmanPublickeyType),
  body.element('eMAID', EMAIDType),
);

export const CertificateInstallationRes = body.element('CertificateInstallationRes', CertificateInstallationResType);

export const CertificateUpdateReqType = complexType(
  body.attribute('Id', xsId),
  body.element('ContractSignatureCertChain', CertificateChainType),
  body.element('eMAID', eMAIDType),
  body.element('ListOfRootCertificateIDs', ListOfRootCertificateIDsType),
);

export const CertificateUpdateReq = body.element('CertificateUpdateReq', CertificateUpdateReqType);

export interface CertificateUpdateResUnits {
  /** In days until the next try; -1 for never. */
  readonly RetryCounter?: unknown;
}

export const CertificateUpdateResType = inUnits<CertificateUpdateResUnits>()(
  complexType(
    body.element('ResponseCode', responseCodeType),
    body.element('SAProvisioningCertificateChain', CertificateChainType),
    body.element('ContractSignatureCertChain', CertificateChainType),
    body.element('ContractSignatureEncryptedPrivateKey', ContractSignatureEncryptedPrivateKeyType),
    body.element('DHpublickey', DiffieHellmanPublickeyType),
    body.element('eMAID', EMAIDType),
    optional(body.element('RetryCounter', xsShort)),
  ),
);

export const CertificateUpdateRes = body.element('CertificateUpdateRes', CertificateUpdateResType);
