/** Finding and choosing services (ISO 15118-2 §8.4.3). */

import { complexType } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import { body } from './namespaces.ts';
import {
  ChargeServiceType,
  PaymentOptionListType,
  SelectedServiceListType,
  ServiceListType,
  ServiceParameterListType,
} from './services.ts';
import {
  paymentOptionType,
  responseCodeType,
  serviceCategoryType,
  serviceIDType,
  serviceScopeType,
} from './simple-types.ts';

export const ServiceDiscoveryReqType = complexType(
  optional(body.element('ServiceScope', serviceScopeType)),
  optional(body.element('ServiceCategory', serviceCategoryType)),
);

export const ServiceDiscoveryReq = body.element('ServiceDiscoveryReq', ServiceDiscoveryReqType);

export const ServiceDiscoveryResType = complexType(
  body.element('ResponseCode', responseCodeType),
  body.element('PaymentOptionList', PaymentOptionListType),
  body.element('ChargeService', ChargeServiceType),
  optional(body.element('ServiceList', ServiceListType)),
);

export const ServiceDiscoveryRes = body.element('ServiceDiscoveryRes', ServiceDiscoveryResType);

export const ServiceDetailReqType = complexType(body.element('ServiceID', serviceIDType));

export const ServiceDetailReq = body.element('ServiceDetailReq', ServiceDetailReqType);

export const ServiceDetailResType = complexType(
  body.element('ResponseCode', responseCodeType),
  body.element('ServiceID', serviceIDType),
  optional(body.element('ServiceParameterList', ServiceParameterListType)),
);

export const ServiceDetailRes = body.element('ServiceDetailRes', ServiceDetailResType);

export const PaymentServiceSelectionReqType = complexType(
  body.element('SelectedPaymentOption', paymentOptionType),
  body.element('SelectedServiceList', SelectedServiceListType),
);

export const PaymentServiceSelectionReq = body.element('PaymentServiceSelectionReq', PaymentServiceSelectionReqType);

export const PaymentServiceSelectionResType = complexType(body.element('ResponseCode', responseCodeType));

export const PaymentServiceSelectionRes = body.element('PaymentServiceSelectionRes', PaymentServiceSelectionResType);
