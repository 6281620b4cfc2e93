/** Agreeing on parameters and switching power (ISO 15118-2 §8.4.3). */

import { xsUnsignedShort } from '../../schema/built-in-types.ts';
import { complexType } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import { EVChargeParameter, EVPowerDeliveryParameter, EVSEChargeParameter } from './charge-parameters.ts';
import { body } from './namespaces.ts';
import { ChargingProfileType, SASchedules } from './schedules.ts';
import {
  chargeProgressType,
  EnergyTransferModeType,
  EVSEProcessingType,
  responseCodeType,
  SAIDType,
} from './simple-types.ts';
import { EVSEStatus } from './status.ts';

export const ChargeParameterDiscoveryReqType = complexType(
  optional(body.element('MaxEntriesSAScheduleTuple', xsUnsignedShort)),
  body.element('RequestedEnergyTransferMode', EnergyTransferModeType),
  EVChargeParameter,
);

export const ChargeParameterDiscoveryReq = body.element('ChargeParameterDiscoveryReq', ChargeParameterDiscoveryReqType);

export const ChargeParameterDiscoveryResType = complexType(
  body.element('ResponseCode', responseCodeType),
  body.element('EVSEProcessing', EVSEProcessingType),
  optional(SASchedules),
  EVSEChargeParameter,
);

export const ChargeParameterDiscoveryRes = body.element('ChargeParameterDiscoveryRes', ChargeParameterDiscoveryResType);

export const PowerDeliveryReqType = complexType(
  body.element('ChargeProgress', chargeProgressType),
  body.element('SAScheduleTupleID', SAIDType),
  optional(body.element('ChargingProfile', ChargingProfileType)),
  optional(EVPowerDeliveryParameter),
);

export const PowerDeliveryReq = body.element('PowerDeliveryReq', PowerDeliveryReqType);

export const PowerDeliveryResType = complexType(body.element('ResponseCode', responseCodeType), EVSEStatus);

export const PowerDeliveryRes = body.element('PowerDeliveryRes', PowerDeliveryResType);
