/** Certificate chains and the installation data that the provisioning service signs. */

import { xsId } from '../../schema/built-in-types.ts';
import { complexType } from '../../schema/complex-type.ts';
import { choice, optional, repeat } from '../../schema/particles.ts';
import { messages } from './namespaces.ts';
import {
  certificateType,
  dhPublicKeyType,
  ecdhCurveType,
  identifierType,
  secp521_EncryptedPrivateKeyType,
  tpm_EncryptedPrivateKeyType,
  x448_EncryptedPrivateKeyType,
} from './simple-types.ts';

export const SubCertificatesType = complexType(repeat(messages.element('Certificate', certificateType), 1, 3));

export const CertificateChainType = complexType(
  messages.element('Certificate', certificateType),
  optional(messages.element('SubCertificates', SubCertificatesType)),
);

export const SignedCertificateChainType = complexType(
  messages.attribute('Id', xsId),
  messages.element('Certificate', certificateType),
  optional(messages.element('SubCertificates', SubCertificatesType)),
);

export const ContractCertificateChainType = complexType(
  messages.element('Certificate', certificateType),
  messages.element('SubCertificates', SubCertificatesType),
);

export const SignedInstallationDataType = complexType(
  messages.attribute('Id', xsId),
  messages.element('ContractCertificateChain', ContractCertificateChainType),
  messages.element('ECDHCurve', ecdhCurveType),
  messages.element('DHPublicKey', dhPublicKeyType),
  choice(
    messages.element('SECP521_EncryptedPrivateKey', secp521_EncryptedPrivateKeyType),
    messages.element('X448_EncryptedPrivateKey', x448_EncryptedPrivateKeyType),
    messages.element('TPM_EncryptedPrivateKey', tpm_EncryptedPrivateKeyType),
  ),
);

export const SignedInstallationData = messages.element('SignedInstallationData', SignedInstallationDataType);

export const EMAIDListType = complexType(repeat(messages.element('EMAID', identifierType), 1, 8));
