/**
 * Bases of the charge loops and parameter discoveries that the AC, DC, WPT and ACDP schemas extend. No common message
 * uses them, but the names inside them are names of the set.
 */

import { xsBoolean, xsUnsignedInt, xsUnsignedShort } from '../../schema/built-in-types.ts';
import { complexType, extension } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import {
  DisplayParametersType,
  EVSEStatusType,
  MeterInfoType,
  RationalNumberType,
  ReceiptType,
} from './common-types.ts';
import { V2GRequestType, V2GResponseType } from './header.ts';
import { messages, types } from './namespaces.ts';
import { percentValueType } from './simple-types.ts';

export const CLReqControlModeType = complexType();

export const CLReqControlMode = types.abstractElement('CLReqControlMode', CLReqControlModeType);

export const CLResControlModeType = complexType();

export const CLResControlMode = types.abstractElement('CLResControlMode', CLResControlModeType);

export const Scheduled_CLReqControlModeType = complexType(
  optional(types.element('EVTargetEnergyRequest', RationalNumberType)),
  optional(types.element('EVMaximumEnergyRequest', RationalNumberType)),
  optional(types.element('EVMinimumEnergyRequest', RationalNumberType)),
);

export const Scheduled_CLResControlModeType = complexType();

export const Dynamic_CLReqControlModeType = complexType(
  optional(types.element('DepartureTime', xsUnsignedInt)),
  types.element('EVTargetEnergyRequest', RationalNumberType),
  types.element('EVMaximumEnergyRequest', RationalNumberType),
  types.element('EVMinimumEnergyRequest', RationalNumberType),
);

export const Dynamic_CLResControlModeType = complexType(
  optional(types.element('DepartureTime', xsUnsignedInt)),
  optional(types.element('MinimumSOC', percentValueType)),
  optional(types.element('TargetSOC', percentValueType)),
  optional(types.element('AckMaxDelay', xsUnsignedShort)),
);

export const ChargeLoopReqType = extension(
  V2GRequestType,
  optional(types.element('DisplayParameters', DisplayParametersType)),
  types.element('MeterInfoRequested', xsBoolean),
);

export const ChargeLoopResType = extension(
  V2GResponseType,
  optional(types.element('EVSEStatus', EVSEStatusType)),
  optional(types.element('MeterInfo', MeterInfoType)),
  optional(types.element('Receipt', ReceiptType)),
);

export const ChargeParameterDiscoveryReqType = extension(V2GRequestType);

export const ChargeParameterDiscoveryResType = extension(V2GResponseType);

export const TargetPositionType = complexType(
  messages.element('TargetOffsetX', xsUnsignedShort),
  messages.element('TargetOffsetY', xsUnsignedShort),
);
