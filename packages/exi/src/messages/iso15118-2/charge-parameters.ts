/** What vehicle and station can do, AC or DC (ISO 15118-2 §8.5.3, §8.5.4). */

import { xsBoolean, xsUnsignedInt } from '../../schema/built-in-types.ts';
import { complexType, extension, inUnits } from '../../schema/complex-type.ts';
import { optional, substitutionGroup } from '../../schema/particles.ts';
import { data } from './namespaces.ts';
import { PhysicalValueType } from './physical-value.ts';
import { percentValueType } from './simple-types.ts';
import { AC_EVSEStatusType, DC_EVSEStatusType, DC_EVStatusType } from './status.ts';

export interface EVChargeParameterUnits {
  /** In s from now. */
  readonly DepartureTime?: unknown;
}

export const EVChargeParameterType = inUnits<EVChargeParameterUnits>()(
  complexType(optional(data.element('DepartureTime', xsUnsignedInt))),
);

export interface AC_EVChargeParameterUnits extends EVChargeParameterUnits {
  /** In Wh. */
  readonly EAmount?: unknown;
  /** In V. */
  readonly EVMaxVoltage?: unknown;
  /** In A. */
  readonly EVMaxCurrent?: unknown;
  /** In A. */
  readonly EVMinCurrent?: unknown;
}

export const AC_EVChargeParameterType = inUnits<AC_EVChargeParameterUnits>()(
  extension(
    EVChargeParameterType,
    data.element('EAmount', PhysicalValueType),
    data.element('EVMaxVoltage', PhysicalValueType),
    data.element('EVMaxCurrent', PhysicalValueType),
    data.element('EVMinCurrent', PhysicalValueType),
  ),
);

export const AC_EVChargeParameter = data.element('AC_EVChargeParameter', AC_EVChargeParameterType);

export interface DC_EVChargeParameterUnits extends EVChargeParameterUnits {
  /** In A. */
  readonly EVMaximumCurrentLimit?: unknown;
  /** In W. */
  readonly EVMaximumPowerLimit?: unknown;
  /** In V. */
  readonly EVMaximumVoltageLimit?: unknown;
  /** In Wh. */
  readonly EVEnergyCapacity?: unknown;
  /** In Wh. */
  readonly EVEnergyRequest?: unknown;
  /** In %. */
  readonly FullSOC?: unknown;
  /** In %. */
  readonly BulkSOC?: unknown;
}

export const DC_EVChargeParameterType = inUnits<DC_EVChargeParameterUnits>()(
  extension(
    EVChargeParameterType,
    data.element('DC_EVStatus', DC_EVStatusType),
    data.element('EVMaximumCurrentLimit', PhysicalValueType),
    optional(data.element('EVMaximumPowerLimit', PhysicalValueType)),
    data.element('EVMaximumVoltageLimit', PhysicalValueType),
    optional(data.element('EVEnergyCapacity', PhysicalValueType)),
    optional(data.element('EVEnergyRequest', PhysicalValueType)),
    optional(data.element('FullSOC', percentValueType)),
    optional(data.element('BulkSOC', percentValueType)),
  ),
);

export const DC_EVChargeParameter = data.element('DC_EVChargeParameter', DC_EVChargeParameterType);

export const EVChargeParameter = substitutionGroup(
  data.abstractElement('EVChargeParameter', EVChargeParameterType),
  AC_EVChargeParameter,
  DC_EVChargeParameter,
);

export const EVSEChargeParameterType = complexType();

export interface AC_EVSEChargeParameterUnits {
  /** In V. */
  readonly EVSENominalVoltage?: unknown;
  /** In A. */
  readonly EVSEMaxCurrent?: unknown;
}

export const AC_EVSEChargeParameterType = inUnits<AC_EVSEChargeParameterUnits>()(
  complexType(
    data.element('AC_EVSEStatus', AC_EVSEStatusType),
    data.element('EVSENominalVoltage', PhysicalValueType),
    data.element('EVSEMaxCurrent', PhysicalValueType),
  ),
);

export const AC_EVSEChargeParameter = data.element('AC_EVSEChargeParameter', AC_EVSEChargeParameterType);

export interface DC_EVSEChargeParameterUnits {
  /** In A. */
  readonly EVSEMaximumCurrentLimit?: unknown;
  /** In W. */
  readonly EVSEMaximumPowerLimit?: unknown;
  /** In V. */
  readonly EVSEMaximumVoltageLimit?: unknown;
  /** In A. */
  readonly EVSEMinimumCurrentLimit?: unknown;
  /** In V. */
  readonly EVSEMinimumVoltageLimit?: unknown;
  /** In A. */
  readonly EVSECurrentRegulationTolerance?: unknown;
  /** In A. */
  readonly EVSEPeakCurrentRipple?: unknown;
  /** In Wh. */
  readonly EVSEEnergyToBeDelivered?: unknown;
}

export const DC_EVSEChargeParameterType = inUnits<DC_EVSEChargeParameterUnits>()(
  complexType(
    data.element('DC_EVSEStatus', DC_EVSEStatusType),
    data.element('EVSEMaximumCurrentLimit', PhysicalValueType),
    data.element('EVSEMaximumPowerLimit', PhysicalValueType),
    data.element('EVSEMaximumVoltageLimit', PhysicalValueType),
    data.element('EVSEMinimumCurrentLimit', PhysicalValueType),
    data.element('EVSEMinimumVoltageLimit', PhysicalValueType),
    optional(data.element('EVSECurrentRegulationTolerance', PhysicalValueType)),
    data.element('EVSEPeakCurrentRipple', PhysicalValueType),
    optional(data.element('EVSEEnergyToBeDelivered', PhysicalValueType)),
  ),
);

export const DC_EVSEChargeParameter = data.element('DC_EVSEChargeParameter', DC_EVSEChargeParameterType);

export const EVSEChargeParameter = substitutionGroup(
  data.abstractElement('EVSEChargeParameter', EVSEChargeParameterType),
  AC_EVSEChargeParameter,
  DC_EVSEChargeParameter,
);

export const EVPowerDeliveryParameterType = complexType();

export const DC_EVPowerDeliveryParameterType = complexType(
  data.element('DC_EVStatus', DC_EVStatusType),
  optional(data.element('BulkChargingComplete', xsBoolean)),
  data.element('ChargingComplete', xsBoolean),
);

export const DC_EVPowerDeliveryParameter = data.element('DC_EVPowerDeliveryParameter', DC_EVPowerDeliveryParameterType);

export const EVPowerDeliveryParameter = substitutionGroup(
  data.abstractElement('EVPowerDeliveryParameter', EVPowerDeliveryParameterType),
  DC_EVPowerDeliveryParameter,
);
