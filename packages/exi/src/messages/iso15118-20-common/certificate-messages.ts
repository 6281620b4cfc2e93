/** Installing contract certificates. */

import { xsUnsignedByte } from '../../schema/built-in-types.ts';
import { extension } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import {
  CertificateChainType,
  EMAIDListType,
  SignedCertificateChainType,
  SignedInstallationDataType,
} from './certificates.ts';
import { ListOfRootCertificateIDsType } from './common-types.ts';
import { V2GRequestType, V2GResponseType } from './header.ts';
import { messages } from './namespaces.ts';
import { processingType } from './simple-types.ts';

export const CertificateInstallationReqType = extension(
  V2GRequestType,
  messages.element('OEMProvisioningCertificateChain', SignedCertificateChainType),
  messages.element('ListOfRootCertificateIDs', ListOfRootCertificateIDsType),
  messages.element('MaximumContractCertificateChains', xsUnsignedByte),
  optional(messages.element('PrioritizedEMAIDs', EMAIDListType)),
);

export const CertificateInstallationReq = messages.element(
  'CertificateInstallationReq',
  CertificateInstallationReqType,
);

export const CertificateInstallationResType = extension(
  V2GResponseType,
  messages.element('EVSEProcessing', processingType),
  messages.element('CPSCertificateChain', CertificateChainType),
  messages.element('SignedInstallationData', SignedInstallationDataType),
  messages.element('RemainingContractCertificateChains', xsUnsignedByte),
);

export const CertificateInstallationRes = messages.element(
  'CertificateInstallationRes',
  CertificateInstallationResType,
);
