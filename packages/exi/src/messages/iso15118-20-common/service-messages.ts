/** Finding and choosing services. */

import { xsBoolean, xsByte, xsInt, xsShort } from '../../schema/built-in-types.ts';
import { complexType, extension } from '../../schema/complex-type.ts';
import { choice, optional, repeat } from '../../schema/particles.ts';
import { RationalNumberType } from './common-types.ts';
import { V2GRequestType, V2GResponseType } from './header.ts';
import { messages } from './namespaces.ts';
import { nameType, serviceIDType } from './simple-types.ts';

export const ServiceIDListType = complexType(repeat(messages.element('ServiceID', serviceIDType), 1, 16));

export const ServiceType = complexType(
  messages.element('ServiceID', serviceIDType),
  messages.element('FreeService', xsBoolean),
);

export const ServiceListType = complexType(repeat(messages.element('Service', ServiceType), 1, 8));

export const ParameterType = complexType(
  messages.attribute('Name', nameType),
  choice(
    messages.element('boolValue', xsBoolean),
    messages.element('byteValue', xsByte),
    messages.element('shortValue', xsShort),
    messages.element('intValue', xsInt),
    messages.element('rationalNumber', RationalNumberType),
    messages.element('finiteString', nameType),
  ),
);

export const ParameterSetType = complexType(
  messages.element('ParameterSetID', serviceIDType),
  repeat(messages.element('Parameter', ParameterType), 1, 32),
);

export const ServiceParameterListType = complexType(repeat(messages.element('ParameterSet', ParameterSetType), 1, 32));

export const SelectedServiceType = complexType(
  messages.element('ServiceID', serviceIDType),
  messages.element('ParameterSetID', serviceIDType),
);

export const SelectedServiceListType = complexType(
  repeat(messages.element('SelectedService', SelectedServiceType), 1, 16),
);

export const ServiceDiscoveryReqType = extension(
  V2GRequestType,
  optional(messages.element('SupportedServiceIDs', ServiceIDListType)),
);

export const ServiceDiscoveryReq = messages.element('ServiceDiscoveryReq', ServiceDiscoveryReqType);

export const ServiceDiscoveryResType = extension(
  V2GResponseType,
  messages.element('ServiceRenegotiationSupported', xsBoolean),
  messages.element('EnergyTransferServiceList', ServiceListType),
  optional(messages.element('VASList', ServiceListType)),
);

export const ServiceDiscoveryRes = messages.element('ServiceDiscoveryRes', ServiceDiscoveryResType);

export const ServiceDetailReqType = extension(V2GRequestType, messages.element('ServiceID', serviceIDType));

export const ServiceDetailReq = messages.element('ServiceDetailReq', ServiceDetailReqType);

export const ServiceDetailResType = extension(
  V2GResponseType,
  messages.element('ServiceID', serviceIDType),
  messages.element('ServiceParameterList', ServiceParameterListType),
);

export const ServiceDetailRes = messages.element('ServiceDetailRes', ServiceDetailResType);

export const ServiceSelectionReqType = extension(
  V2GRequestType,
  messages.element('SelectedEnergyTransferService', SelectedServiceType),
  optional(messages.element('SelectedVASList', SelectedServiceListType)),
);

export const ServiceSelectionReq = messages.element('ServiceSelectionReq', ServiceSelectionReqType);

export const ServiceSelectionResType = extension(V2GResponseType);

export const ServiceSelectionRes = messages.element('ServiceSelectionRes', ServiceSelectionResType);
