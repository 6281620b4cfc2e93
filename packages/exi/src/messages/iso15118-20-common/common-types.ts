/** What messages of all energy transfer modes share. */

import {
  xsBoolean,
  xsByte,
  xsShort,
  xsUnsignedInt,
  xsUnsignedLong,
  xsUnsignedShort,
} from '../../schema/built-in-types.ts';
import { complexType, inUnits, made } from '../../schema/complex-type.ts';
import { optional, repeat } from '../../schema/particles.ts';
import { X509IssuerSerialType } from '../xmldsig/key-info.ts';
import { types } from './namespaces.ts';
import {
  evseNotificationType,
  meterIDType,
  meterSignatureType,
  numericIDType,
  percentValueType,
} from './simple-types.ts';

export interface RationalNumberUnits {
  /** Decimal: the quantity is `Value` · 10^`Exponent`. */
  readonly Exponent?: unknown;
  /** In the unit of the field that has the number, times 10^`Exponent`. */
  readonly Value?: unknown;
}

export const RationalNumberType = inUnits<RationalNumberUnits>()(
  made(
    (Exponent, Value) => ({ Exponent, Value }),
    complexType(types.element('Exponent', xsByte), types.element('Value', xsShort)),
  ),
);

export interface EVSEStatusUnits {
  /** In s, within which the vehicle has to react. */
  readonly NotificationMaxDelay?: unknown;
}

export const EVSEStatusType = inUnits<EVSEStatusUnits>()(
  complexType(
    types.element('NotificationMaxDelay', xsUnsignedShort),
    types.element('EVSENotification', evseNotificationType),
  ),
);

export interface MeterInfoUnits {
  /** In Wh. */
  readonly ChargedEnergyReadingWh?: unknown;
  /** In Wh. */
  readonly BPT_DischargedEnergyReadingWh?: unknown;
  /** In VARh. */
  readonly CapacitiveEnergyReadingVARh?: unknown;
  /** In VARh. */
  readonly BPT_InductiveEnergyReadingVARh?: unknown;
  /** In s since 1970, UTC. */
  readonly MeterTimestamp?: unknown;
}

export const MeterInfoType = inUnits<MeterInfoUnits>()(
  complexType(
    types.element('MeterID', meterIDType),
    types.element('ChargedEnergyReadingWh', xsUnsignedLong),
    optional(types.element('BPT_DischargedEnergyReadingWh', xsUnsignedLong)),
    optional(types.element('CapacitiveEnergyReadingVARh', xsUnsignedLong)),
    optional(types.element('BPT_InductiveEnergyReadingVARh', xsUnsignedLong)),
    optional(types.element('MeterSignature', meterSignatureType)),
    optional(types.element('MeterStatus', xsShort)),
    optional(types.element('MeterTimestamp', xsUnsignedLong)),
  ),
);

export const DetailedCostType = complexType(
  types.element('Amount', RationalNumberType),
  types.element('CostPerUnit', RationalNumberType),
);

export const DetailedTaxType = complexType(
  types.element('TaxRuleID', numericIDType),
  types.element('Amount', RationalNumberType),
);

export interface ReceiptUnits {
  /** In s since 1970, UTC. */
  readonly TimeAnchor?: unknown;
}

export const ReceiptType = inUnits<ReceiptUnits>()(
  complexType(
    types.element('TimeAnchor', xsUnsignedLong),
    optional(types.element('EnergyCosts', DetailedCostType)),
    optional(types.element('OccupancyCosts', DetailedCostType)),
    optional(types.element('AdditionalServicesCosts', DetailedCostType)),
    optional(types.element('OverstayCosts', DetailedCostType)),
    repeat(types.element('TaxCosts', DetailedTaxType), 0, 10),
  ),
);

export interface DisplayParametersUnits {
  /** In %. */
  readonly PresentSOC?: unknown;
  /** In %. */
  readonly MinimumSOC?: unknown;
  /** In %. */
  readonly TargetSOC?: unknown;
  /** In %. */
  readonly MaximumSOC?: unknown;
  /** In s. */
  readonly RemainingTimeToMinimumSOC?: unknown;
  /** In s. */
  readonly RemainingTimeToTargetSOC?: unknown;
  /** In s. */
  readonly RemainingTimeToMaximumSOC?: unknown;
  /** In Wh. */
  readonly BatteryEnergyCapacity?: unknown;
}

export const DisplayParametersType = inUnits<DisplayParametersUnits>()(
  complexType(
    optional(types.element('PresentSOC', percentValueType)),
    optional(types.element('MinimumSOC', percentValueType)),
    optional(types.element('TargetSOC', percentValueType)),
    optional(types.element('MaximumSOC', percentValueType)),
    optional(types.element('RemainingTimeToMinimumSOC', xsUnsignedInt)),
    optional(types.element('RemainingTimeToTargetSOC', xsUnsignedInt)),
    optional(types.element('RemainingTimeToMaximumSOC', xsUnsignedInt)),
    optional(types.element('ChargingComplete', xsBoolean)),
    optional(types.element('BatteryEnergyCapacity', RationalNumberType)),
    optional(types.element('InletHot', xsBoolean)),
  ),
);

export const ListOfRootCertificateIDsType = complexType(
  repeat(types.element('RootCertificateID', X509IssuerSerialType), 1, 20),
);
