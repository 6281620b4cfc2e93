/** Services and their parameters. */

import { xsBoolean, xsByte, xsInt, xsShort, xsString } from '../../schema/built-in-types.ts';
import { complexType, extension } from '../../schema/complex-type.ts';
import { choice, optional, repeat } from '../../schema/particles.ts';
import { data } from './namespaces.ts';
import { PhysicalValueType } from './physical-value.ts';
import {
  EnergyTransferModeType,
  paymentOptionType,
  serviceCategoryType,
  serviceIDType,
  serviceNameType,
  serviceScopeType,
} from './simple-types.ts';

export const ServiceType = complexType(
  data.element('ServiceID', serviceIDType),
  optional(data.element('ServiceName', serviceNameType)),
  data.element('ServiceCategory', serviceCategoryType),
  optional(data.element('ServiceScope', serviceScopeType)),
  data.element('FreeService', xsBoolean),
);

export const SupportedEnergyTransferModeType = complexType(
  repeat(data.element('EnergyTransferMode', EnergyTransferModeType), 1, 6),
);

export const ChargeServiceType = extension(
  ServiceType,
  data.element('SupportedEnergyTransferMode', SupportedEnergyTransferModeType),
);

export const ServiceListType = complexType(repeat(data.element('Service', ServiceType), 1, 8));

export const PaymentOptionListType = complexType(repeat(data.element('PaymentOption', paymentOptionType), 1, 2));

export const ParameterType = complexType(
  data.attribute('Name', xsString),
  choice(
    data.element('boolValue', xsBoolean),
    data.element('byteValue', xsByte),
    data.element('shortValue', xsShort),
    data.element('intValue', xsInt),
    data.element('physicalValue', PhysicalValueType),
    data.element('stringValue', xsString),
  ),
);

export const ParameterSetType = complexType(
  data.element('ParameterSetID', xsShort),
  repeat(data.element('Parameter', ParameterType), 1, 16),
);

export const ServiceParameterListType = complexType(repeat(data.element('ParameterSet', ParameterSetType), 1, 255));

export const SelectedServiceType = complexType(
  data.element('ServiceID', serviceIDType),
  optional(data.element('ParameterSetID', xsShort)),
);

export const SelectedServiceListType = complexType(repeat(data.element('SelectedService', SelectedServiceType), 1, 16));
