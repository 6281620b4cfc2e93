/** Power schedules, sales tariffs and charging profiles (ISO 15118-2 §8.5.2). */

import { integer } from '../../primitives/integer.ts';
import { xsId, xsUnsignedByte, xsUnsignedInt } from '../../schema/built-in-types.ts';
import { complexType, extension, inUnits, made } from '../../schema/complex-type.ts';
import { optional, repeat, substitutionGroup } from '../../schema/particles.ts';
import { data } from './namespaces.ts';
import { PhysicalValueType } from './physical-value.ts';
import { costKindType, maxNumPhasesType, SAIDType, tariffDescriptionType, unitMultiplierType } from './simple-types.ts';

export const IntervalType = complexType();

export interface RelativeTimeIntervalUnits {
  /** In s from now. */
  readonly start?: unknown;
  /** In s. */
  readonly duration?: unknown;
}

export const RelativeTimeIntervalType = inUnits<RelativeTimeIntervalUnits>()(
  made(
    (start, duration) => (duration === undefined ? { start } : { start, duration }),
    complexType(data.element('start', integer(0, 16_777_214)), optional(data.element('duration', integer(0, 86_400)))),
  ),
);

export const RelativeTimeInterval = data.element('RelativeTimeInterval', RelativeTimeIntervalType);

export const TimeInterval = substitutionGroup(data.abstractElement('TimeInterval', IntervalType), RelativeTimeInterval);

export const EntryType = complexType(TimeInterval);

export interface PMaxScheduleEntryUnits {
  /** In W. */
  readonly PMax?: unknown;
}

export const PMaxScheduleEntryType = inUnits<PMaxScheduleEntryUnits>()(
  made(
    (RelativeTimeInterval, PMax) => ({ RelativeTimeInterval, PMax }),
    extension(EntryType, data.element('PMax', PhysicalValueType)),
  ),
);

export const PMaxScheduleEntry = data.element('PMaxScheduleEntry', PMaxScheduleEntryType);

export const PMaxScheduleType = complexType(repeat(PMaxScheduleEntry, 1, 1024));

export const CostType = made(
  (costKind, amount, amountMultiplier) =>
    amountMultiplier === undefined ? { costKind, amount } : { costKind, amount, amountMultiplier },
  complexType(
    data.element('costKind', costKindType),
    data.element('amount', xsUnsignedInt),
    optional(data.element('amountMultiplier', unitMultiplierType)),
  ),
);

export const ConsumptionCostType = made(
  (startValue, Cost) => ({ startValue, Cost }),
  complexType(data.element('startValue', PhysicalValueType), repeat(data.element('Cost', CostType), 1, 3)),
);

export const SalesTariffEntryType = extension(
  EntryType,
  optional(data.element('EPriceLevel', xsUnsignedByte)),
  repeat(data.element('ConsumptionCost', ConsumptionCostType), 0, 3),
);

export const SalesTariffEntry = data.element('SalesTariffEntry', SalesTariffEntryType);

export const Entry = substitutionGroup(data.abstractElement('Entry', EntryType), PMaxScheduleEntry, SalesTariffEntry);

export const SalesTariffType = complexType(
  optional(data.attribute('Id', xsId)),
  data.element('SalesTariffID', SAIDType),
  optional(data.element('SalesTariffDescription', tariffDescriptionType)),
  optional(data.element('NumEPriceLevels', xsUnsignedByte)),
  repeat(SalesTariffEntry, 1, 1024),
);

export const SAScheduleTupleType = complexType(
  data.element('SAScheduleTupleID', SAIDType),
  data.element('PMaxSchedule', PMaxScheduleType),
  optional(data.element('SalesTariff', SalesTariffType)),
);

export const SASchedulesType = complexType();

export const SAScheduleListType = complexType(repeat(data.element('SAScheduleTuple', SAScheduleTupleType), 1, 3));

export const SAScheduleList = data.element('SAScheduleList', SAScheduleListType);

export const SASchedules = substitutionGroup(data.abstractElement('SASchedules', SASchedulesType), SAScheduleList);

export interface ProfileEntryUnits {
  /** In s from now. */
  readonly ChargingProfileEntryStart?: unknown;
  /** In W. */
  readonly ChargingProfileEntryMaxPower?: unknown;
}

export const ProfileEntryType = inUnits<ProfileEntryUnits>()(
  complexType(
    data.element('ChargingProfileEntryStart', xsUnsignedInt),
    data.element('ChargingProfileEntryMaxPower', PhysicalValueType),
    optional(data.element('ChargingProfileEntryMaxNumberOfPhasesInUse', maxNumPhasesType)),
  ),
);

export const ChargingProfileType = complexType(repeat(data.element('ProfileEntry', ProfileEntryType), 1, 24));
