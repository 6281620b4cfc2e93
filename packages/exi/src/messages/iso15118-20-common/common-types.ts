/** What messages of all energy transfer modes share. */

import {
  xsBoolean,
  xsByte,
  xsShort,
  xsUnsignedInt,
  xsUnsignedLong,
  xsUnsignedShort,
} from '../../schema/built-in-types.ts';
import { complexType, made } from '../../schema/complex-type.ts';
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

export const RationalNumberType = made(
  (Exponent, Value) => ({ Exponent, Value }),
  complexType(types.element('Exponent', xsByte), types.element('Value', xsShort)),
);

export const EVSEStatusType = complexType(
  types.element('NotificationMaxDelay', xsUnsignedShort),
  types.element('EVSENotification', evseNotificationType),
);

export const MeterInfoType = complexType(
  types.element('MeterID', meterIDType),
  types.element('ChargedEnergyReadingWh', xsUnsignedLong),
  optional(types.element('BPT_DischargedEnergyReadingWh', xsUnsignedLong)),
  optional(types.element('CapacitiveEnergyReadingVARh', xsUnsignedLong)),
  optional(types.element('BPT_InductiveEnergyReadingVARh', xsUnsignedLong)),
  optional(types.element('MeterSignature', meterSignatureType)),
  optional(types.element('MeterStatus', xsShort)),
  optional(types.element('MeterTimestamp', xsUnsignedLong)),
);

export const DetailedCostType = complexType(
  types.element('Amount', RationalNumberType),
  types.element('CostPerUnit', RationalNumberType),
);

export const DetailedTaxType = complexType(
  types.element('TaxRuleID', numericIDType),
  types.element('Amount', RationalNumberType),
);

export const ReceiptType = complexType(
  types.element('TimeAnchor', xsUnsignedLong),
  optional(types.element('EnergyCosts', DetailedCostType)),
  optional(types.element('OccupancyCosts', DetailedCostType)),
  optional(types.element('AdditionalServicesCosts', DetailedCostType)),
  optional(types.element('OverstayCosts', DetailedCostType)),
  repeat(types.element('TaxCosts', DetailedTaxType), 0, 10),
);

export const DisplayParametersType = complexType(
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
);

export const ListOfRootCertificateIDsType = complexType(
  repeat(types.element('RootCertificateID', X509IssuerSerialType), 1, 20),
);
