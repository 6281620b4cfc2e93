/** Exchanging schedules, dynamic or scheduled. */

import { xsBoolean, xsUnsignedInt } from '../../schema/built-in-types.ts';
import { complexType, extension, inUnits } from '../../schema/complex-type.ts';
import { choice, optional, repeat } from '../../schema/particles.ts';
import { RationalNumberType } from './common-types.ts';
import { V2GRequestType, V2GResponseType } from './header.ts';
import { messages } from './namespaces.ts';
import { PowerScheduleType } from './power-schedules.ts';
import { AbsolutePriceScheduleType, EVEnergyOfferType, PriceLevelScheduleType } from './price-schedules.ts';
import {
  maxSupportingPointsScheduleTupleType,
  numericIDType,
  percentValueType,
  processingType,
} from './simple-types.ts';

export const ChargingScheduleType = complexType(
  messages.element('PowerSchedule', PowerScheduleType),
  optional(
    choice(
      messages.element('AbsolutePriceSchedule', AbsolutePriceScheduleType),
      messages.element('PriceLevelSchedule', PriceLevelScheduleType),
    ),
  ),
);

export const ScheduleTupleType = complexType(
  messages.element('ScheduleTupleID', numericIDType),
  messages.element('ChargingSchedule', ChargingScheduleType),
  optional(messages.element('DischargingSchedule', ChargingScheduleType)),
);

export interface Dynamic_SEReqControlModeUnits {
  /** In s from now. */
  readonly DepartureTime?: unknown;
  /** In %. */
  readonly MinimumSOC?: unknown;
  /** In %. */
  readonly TargetSOC?: unknown;
  /** In Wh. */
  readonly EVTargetEnergyRequest?: unknown;
  /** In Wh. */
  readonly EVMaximumEnergyRequest?: unknown;
  /** In Wh. */
  readonly EVMinimumEnergyRequest?: unknown;
  /** In Wh. */
  readonly EVMaximumV2XEnergyRequest?: unknown;
  /** In Wh. */
  readonly EVMinimumV2XEnergyRequest?: unknown;
}

export const Dynamic_SEReqControlModeType = inUnits<Dynamic_SEReqControlModeUnits>()(
  complexType(
    messages.element('DepartureTime', xsUnsignedInt),
    optional(messages.element('MinimumSOC', percentValueType)),
    optional(messages.element('TargetSOC', percentValueType)),
    messages.element('EVTargetEnergyRequest', RationalNumberType),
    messages.element('EVMaximumEnergyRequest', RationalNumberType),
    messages.element('EVMinimumEnergyRequest', RationalNumberType),
    optional(messages.element('EVMaximumV2XEnergyRequest', RationalNumberType)),
    optional(messages.element('EVMinimumV2XEnergyRequest', RationalNumberType)),
  ),
);

export interface Scheduled_SEReqControlModeUnits {
  /** In s from now. */
  readonly DepartureTime?: unknown;
  /** In Wh. */
  readonly EVTargetEnergyRequest?: unknown;
  /** In Wh. */
  readonly EVMaximumEnergyRequest?: unknown;
  /** In Wh. */
  readonly EVMinimumEnergyRequest?: unknown;
}

export const Scheduled_SEReqControlModeType = inUnits<Scheduled_SEReqControlModeUnits>()(
  complexType(
    optional(messages.element('DepartureTime', xsUnsignedInt)),
    optional(messages.element('EVTargetEnergyRequest', RationalNumberType)),
    optional(messages.element('EVMaximumEnergyRequest', RationalNumberType)),
    optional(messages.element('EVMinimumEnergyRequest', RationalNumberType)),
    optional(messages.element('EVEnergyOffer', EVEnergyOfferType)),
  ),
);

export interface Dynamic_SEResControlModeUnits {
  /** In s from now. */
  readonly DepartureTime?: unknown;
  /** In %. */
  readonly MinimumSOC?: unknown;
  /** In %. */
  readonly TargetSOC?: unknown;
}

export const Dynamic_SEResControlModeType = inUnits<Dynamic_SEResControlModeUnits>()(
  complexType(
    optional(messages.element('DepartureTime', xsUnsignedInt)),
    optional(messages.element('MinimumSOC', percentValueType)),
    optional(messages.element('TargetSOC', percentValueType)),
    optional(
      choice(
        messages.element('AbsolutePriceSchedule', AbsolutePriceScheduleType),
        messages.element('PriceLevelSchedule', PriceLevelScheduleType),
      ),
    ),
  ),
);

export const Scheduled_SEResControlModeType = complexType(
  repeat(messages.element('ScheduleTuple', ScheduleTupleType), 1, 3),
);

export const ScheduleExchangeReqType = extension(
  V2GRequestType,
  messages.element('MaximumSupportingPoints', maxSupportingPointsScheduleTupleType),
  choice(
    messages.element('Dynamic_SEReqControlMode', Dynamic_SEReqControlModeType),
    messages.element('Scheduled_SEReqControlMode', Scheduled_SEReqControlModeType),
  ),
);

export const ScheduleExchangeReq = messages.element('ScheduleExchangeReq', ScheduleExchangeReqType);

export const ScheduleExchangeResType = extension(
  V2GResponseType,
  messages.element('EVSEProcessing', processingType),
  optional(messages.element('GoToPause', xsBoolean)),
  choice(
    messages.element('Dynamic_SEResControlMode', Dynamic_SEResControlModeType),
    messages.element('Scheduled_SEResControlMode', Scheduled_SEResControlModeType),
  ),
);

export const ScheduleExchangeRes = messages.element('ScheduleExchangeRes', ScheduleExchangeResType);
