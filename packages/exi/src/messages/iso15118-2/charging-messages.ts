/** The charging loops and the DC steps before and after (ISO 15118-2 §8.4.4, §8.4.5). */

import { xsBoolean } from '../../schema/built-in-types.ts';
import { complexType, inUnits } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import { MeterInfoType } from './metering.ts';
import { body } from './namespaces.ts';
import { PhysicalValueType } from './physical-value.ts';
import { EVSEProcessingType, evseIDType, responseCodeType, SAIDType } from './simple-types.ts';
import { AC_EVSEStatusType, DC_EVSEStatusType, DC_EVStatusType } from './status.ts';

export const ChargingStatusReqType = complexType();

export const ChargingStatusReq = body.element('ChargingStatusReq', ChargingStatusReqType);

export interface ChargingStatusResUnits {
  /** In A. */
  readonly EVSEMaxCurrent?: unknown;
}

export const ChargingStatusResType = inUnits<ChargingStatusResUnits>()(
  complexType(
    body.element('ResponseCode', responseCodeType),
    body.element('EVSEID', evseIDType),
    body.element('SAScheduleTupleID', SAIDType),
    optional(body.element('EVSEMaxCurrent', PhysicalValueType)),
    optional(body.element('MeterInfo', MeterInfoType)),
    optional(body.element('ReceiptRequired', xsBoolean)),
    body.element('AC_EVSEStatus', AC_EVSEStatusType),
  ),
);

export const ChargingStatusRes = body.element('ChargingStatusRes', ChargingStatusResType);

export const CableCheckReqType = complexType(body.element('DC_EVStatus', DC_EVStatusType));

export const CableCheckReq = body.element('CableCheckReq', CableCheckReqType);

export const CableCheckResType = complexType(
  body.element('ResponseCode', responseCodeType),
  body.element('DC_EVSEStatus', DC_EVSEStatusType),
  body.element('EVSEProcessing', EVSEProcessingType),
);

export const CableCheckRes = body.element('CableCheckRes', CableCheckResType);

export interface PreChargeReqUnits {
  /** In V. */
  readonly EVTargetVoltage?: unknown;
  /** In A. */
  readonly EVTargetCurrent?: unknown;
}

export const PreChargeReqType = inUnits<PreChargeReqUnits>()(
  complexType(
    body.element('DC_EVStatus', DC_EVStatusType),
    body.element('EVTargetVoltage', PhysicalValueType),
    body.element('EVTargetCurrent', PhysicalValueType),
  ),
);

export const PreChargeReq = body.element('PreChargeReq', PreChargeReqType);

export interface PreChargeResUnits {
  /** In V. */
  readonly EVSEPresentVoltage?: unknown;
}

export const PreChargeResType = inUnits<PreChargeResUnits>()(
  complexType(
    body.element('ResponseCode', responseCodeType),
    body.element('DC_EVSEStatus', DC_EVSEStatusType),
    body.element('EVSEPresentVoltage', PhysicalValueType),
  ),
);

export const PreChargeRes = body.element('PreChargeRes', PreChargeResType);

export interface CurrentDemandReqUnits {
  /** In A. */
  readonly EVTargetCurrent?: unknown;
  /** In V. */
  readonly EVMaximumVoltageLimit?: unknown;
  /** In A. */
  readonly EVMaximumCurrentLimit?: unknown;
  /** In W. */
  readonly EVMaximumPowerLimit?: unknown;
  /** In s. */
  readonly RemainingTimeToFullSoC?: unknown;
  /** In s. */
  readonly RemainingTimeToBulkSoC?: unknown;
  /** In V. */
  readonly EVTargetVoltage?: unknown;
}

export const CurrentDemandReqType = inUnits<CurrentDemandReqUnits>()(
  complexType(
    body.element('DC_EVStatus', DC_EVStatusType),
    body.element('EVTargetCurrent', PhysicalValueType),
    optional(body.element('EVMaximumVoltageLimit', PhysicalValueType)),
    optional(body.element('EVMaximumCurrentLimit', PhysicalValueType)),
    optional(body.element('EVMaximumPowerLimit', PhysicalValueType)),
    optional(body.element('BulkChargingComplete', xsBoolean)),
    body.element('ChargingComplete', xsBoolean),
    optional(body.element('RemainingTimeToFullSoC', PhysicalValueType)),
    optional(body.element('RemainingTimeToBulkSoC', PhysicalValueType)),
    body.element('EVTargetVoltage', PhysicalValueType),
  ),
);

export const CurrentDemandReq = body.element('CurrentDemandReq', CurrentDemandReqType);

export interface CurrentDemandResUnits {
  /** In V. */
  readonly EVSEPresentVoltage?: unknown;
  /** In A. */
  readonly EVSEPresentCurrent?: unknown;
  /** In V. */
  readonly EVSEMaximumVoltageLimit?: unknown;
  /** In A. */
  readonly EVSEMaximumCurrentLimit?: unknown;
  /** In W. */
  readonly EVSEMaximumPowerLimit?: unknown;
}

export const CurrentDemandResType = inUnits<CurrentDemandResUnits>()(
  complexType(
    body.element('ResponseCode', responseCodeType),
    body.element('DC_EVSEStatus', DC_EVSEStatusType),
    body.element('EVSEPresentVoltage', PhysicalValueType),
    body.element('EVSEPresentCurrent', PhysicalValueType),
    body.element('EVSECurrentLimitAchieved', xsBoolean),
    body.element('EVSEVoltageLimitAchieved', xsBoolean),
    body.element('EVSEPowerLimitAchieved', xsBoolean),
    optional(body.element('EVSEMaximumVoltageLimit', PhysicalValueType)),
    optional(body.element('EVSEMaximumCurrentLimit', PhysicalValueType)),
    optional(body.element('EVSEMaximumPowerLimit', PhysicalValueType)),
    body.element('EVSEID', evseIDType),
    body.element('SAScheduleTupleID', SAIDType),
    optional(body.element('MeterInfo', MeterInfoType)),
    optional(body.element('ReceiptRequired', xsBoolean)),
  ),
);

export const CurrentDemandRes = body.element('CurrentDemandRes', CurrentDemandResType);

export const WeldingDetectionReqType = complexType(body.element('DC_EVStatus', DC_EVStatusType));

export const WeldingDetectionReq = body.element('WeldingDetectionReq', WeldingDetectionReqType);

export interface WeldingDetectionResUnits {
  /** In V. */
  readonly EVSEPresentVoltage?: unknown;
}

export const WeldingDetectionResType = inUnits<WeldingDetectionResUnits>()(
  complexType(
    body.element('ResponseCode', responseCodeType),
    body.element('DC_EVSEStatus', DC_EVSEStatusType),
    body.element('EVSEPresentVoltage', PhysicalValueType),
  ),
);

export const WeldingDetectionRes = body.element('WeldingDetectionRes', WeldingDetectionResType);
