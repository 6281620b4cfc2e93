/** Choosing and proving an authorization: by contract (PnC) or outside the vehicle (EIM). */

import { xsBoolean, xsId } from '../../schema/built-in-types.ts';
import { complexType, extension } from '../../schema/complex-type.ts';
import { choice, optional, repeat } from '../../schema/particles.ts';
import { ContractCertificateChainType } from './certificates.ts';
import { V2GRequestType, V2GResponseType } from './header.ts';
import { messages } from './namespaces.ts';
import { authorizationType, genChallengeType, nameType, processingType } from './simple-types.ts';

export const SupportedProvidersListType = complexType(repeat(messages.element('ProviderID', nameType), 1, 128));

export const EIM_ASResAuthorizationModeType = complexType();

export const PnC_ASResAuthorizationModeType = complexType(
  messages.element('GenChallenge', genChallengeType),
  optional(messages.element('SupportedProviders', SupportedProvidersListType)),
);

export const AuthorizationSetupReqType = extension(V2GRequestType);

export const AuthorizationSetupReq = messages.element('AuthorizationSetupReq', AuthorizationSetupReqType);

export const AuthorizationSetupResType = extension(
  V2GResponseType,
  repeat(messages.element('AuthorizationServices', authorizationType), 1, 2),
  messages.element('CertificateInstallationService', xsBoolean),
  choice(
    messages.element('EIM_ASResAuthorizationMode', EIM_ASResAuthorizationModeType),
    messages.element('PnC_ASResAuthorizationMode', PnC_ASResAuthorizationModeType),
  ),
);

export const AuthorizationSetupRes = messages.element('AuthorizationSetupRes', AuthorizationSetupResType);

export const EIM_AReqAuthorizationModeType = complexType();

export const PnC_AReqAuthorizationModeType = complexType(
  messages.attribute('Id', xsId),
  messages.element('GenChallenge', genChallengeType),
  messages.element('ContractCertificateChain', ContractCertificateChainType),
);

export const AuthorizationReqType = extension(
  V2GRequestType,
  messages.element('SelectedAuthorizationService', authorizationType),
  choice(
    messages.element('EIM_AReqAuthorizationMode', EIM_AReqAuthorizationModeType),
    messages.element('PnC_AReqAuthorizationMode', PnC_AReqAuthorizationModeType),
  ),
);

export const AuthorizationReq = messages.element('AuthorizationReq', AuthorizationReqType);

export const AuthorizationResType = extension(V2GResponseType, messages.element('EVSEProcessing', processingType));

export const AuthorizationRes = messages.element('AuthorizationRes', AuthorizationResType);
