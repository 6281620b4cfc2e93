/** Prices over time: absolute or in levels, with taxes, overstay and additional services. */

import {
  xsBoolean,
  xsId,
  xsUnsignedByte,
  xsUnsignedInt,
  xsUnsignedLong,
  xsUnsignedShort,
} from '../../schema/built-in-types.ts';
import { complexType, extension, inUnits } from '../../schema/complex-type.ts';
import { optional, repeat } from '../../schema/particles.ts';
import { RationalNumberType } from './common-types.ts';
import { messages } from './namespaces.ts';
import { EVPowerScheduleType } from './power-schedules.ts';
import {
  currencyType,
  descriptionType,
  identifierType,
  languageType,
  nameType,
  numericIDType,
} from './simple-types.ts';

export interface PriceScheduleUnits {
  /** In s since 1970, UTC. */
  readonly TimeAnchor?: unknown;
}

export const PriceScheduleType = inUnits<PriceScheduleUnits>()(
  complexType(
    messages.element('TimeAnchor', xsUnsignedLong),
    messages.element('PriceScheduleID', numericIDType),
    optional(messages.element('PriceScheduleDescription', descriptionType)),
  ),
);

export const TaxRuleType = complexType(
  messages.element('TaxRuleID', numericIDType),
  optional(messages.element('TaxRuleName', nameType)),
  messages.element('TaxRate', RationalNumberType),
  optional(messages.element('TaxIncludedInPrice', xsBoolean)),
  messages.element('AppliesToEnergyFee', xsBoolean),
  messages.element('AppliesToParkingFee', xsBoolean),
  messages.element('AppliesToOverstayFee', xsBoolean),
  messages.element('AppliesMinimumMaximumCost', xsBoolean),
);

export const TaxRuleListType = complexType(repeat(messages.element('TaxRule', TaxRuleType), 1, 10));

export interface PriceRuleUnits {
  /** In the currency of the schedule, per kWh. */
  readonly EnergyFee?: unknown;
  /** In s. */
  readonly ParkingFeePeriod?: unknown;
  /** In g/kWh. */
  readonly CarbonDioxideEmission?: unknown;
  /** In %. */
  readonly RenewableGenerationPercentage?: unknown;
  /** In W. */
  readonly PowerRangeStart?: unknown;
}

export const PriceRuleType = inUnits<PriceRuleUnits>()(
  complexType(
    messages.element('EnergyFee', RationalNumberType),
    optional(messages.element('ParkingFee', RationalNumberType)),
    optional(messages.element('ParkingFeePeriod', xsUnsignedInt)),
    optional(messages.element('CarbonDioxideEmission', xsUnsignedShort)),
    optional(messages.element('RenewableGenerationPercentage', xsUnsignedByte)),
    messages.element('PowerRangeStart', RationalNumberType),
  ),
);

export interface PriceRuleStackUnits {
  /** In s. */
  readonly Duration?: unknown;
}

export const PriceRuleStackType = inUnits<PriceRuleStackUnits>()(
  complexType(messages.element('Duration', xsUnsignedInt), repeat(messages.element('PriceRule', PriceRuleType), 1, 8)),
);

export const PriceRuleStackListType = complexType(
  repeat(messages.element('PriceRuleStack', PriceRuleStackType), 1, 1024),
);

export interface OverstayRuleUnits {
  /** In s. */
  readonly StartTime?: unknown;
  /** In s. */
  readonly OverstayFeePeriod?: unknown;
}

export const OverstayRuleType = inUnits<OverstayRuleUnits>()(
  complexType(
    optional(messages.element('OverstayRuleDescription', descriptionType)),
    messages.element('StartTime', xsUnsignedInt),
    messages.element('OverstayFee', RationalNumberType),
    messages.element('OverstayFeePeriod', xsUnsignedInt),
  ),
);

export interface OverstayRuleListUnits {
  /** In s. */
  readonly OverstayTimeThreshold?: unknown;
  /** In W. */
  readonly OverstayPowerThreshold?: unknown;
}

export const OverstayRuleListType = inUnits<OverstayRuleListUnits>()(
  complexType(
    optional(messages.element('OverstayTimeThreshold', xsUnsignedInt)),
    optional(messages.element('OverstayPowerThreshold', RationalNumberType)),
    repeat(messages.element('OverstayRule', OverstayRuleType), 1, 5),
  ),
);

export const AdditionalServiceType = complexType(
  messages.element('ServiceName', nameType),
  messages.element('ServiceFee', RationalNumberType),
);

export const AdditionalServiceListType = complexType(
  repeat(messages.element('AdditionalService', AdditionalServiceType), 1, 5),
);

export const AbsolutePriceScheduleType = inUnits<PriceScheduleUnits>()(
  extension(
    PriceScheduleType,
    optional(messages.attribute('Id', xsId)),
    messages.element('Currency', currencyType),
    messages.element('Language', languageType),
    messages.element('PriceAlgorithm', identifierType),
    optional(messages.element('MinimumCost', RationalNumberType)),
    optional(messages.element('MaximumCost', RationalNumberType)),
    optional(messages.element('TaxRules', TaxRuleListType)),
    messages.element('PriceRuleStacks', PriceRuleStackListType),
    optional(messages.element('OverstayRules', OverstayRuleListType)),
    optional(messages.element('AdditionalSelectedServices', AdditionalServiceListType)),
  ),
);

export interface PriceLevelScheduleEntryUnits {
  /** In s. */
  readonly Duration?: unknown;
}

export const PriceLevelScheduleEntryType = inUnits<PriceLevelScheduleEntryUnits>()(
  complexType(messages.element('Duration', xsUnsignedInt), messages.element('PriceLevel', xsUnsignedByte)),
);

export const PriceLevelScheduleEntryListType = complexType(
  repeat(messages.element('PriceLevelScheduleEntry', PriceLevelScheduleEntryType), 1, 1024),
);

export const PriceLevelScheduleType = inUnits<PriceScheduleUnits>()(
  extension(
    PriceScheduleType,
    optional(messages.attribute('Id', xsId)),
    messages.element('NumberOfPriceLevels', xsUnsignedByte),
    messages.element('PriceLevelScheduleEntries', PriceLevelScheduleEntryListType),
  ),
);

export interface EVPriceRuleUnits {
  /** In the currency of the schedule, per kWh. */
  readonly EnergyFee?: unknown;
  /** In W. */
  readonly PowerRangeStart?: unknown;
}

export const EVPriceRuleType = inUnits<EVPriceRuleUnits>()(
  complexType(
    messages.element('EnergyFee', RationalNumberType),
    messages.element('PowerRangeStart', RationalNumberType),
  ),
);

export interface EVPriceRuleStackUnits {
  /** In s. */
  readonly Duration?: unknown;
}

export const EVPriceRuleStackType = inUnits<EVPriceRuleStackUnits>()(
  complexType(
    messages.element('Duration', xsUnsignedInt),
    repeat(messages.element('EVPriceRule', EVPriceRuleType), 1, 8),
  ),
);

export const EVPriceRuleStackListType = complexType(
  repeat(messages.element('EVPriceRuleStack', EVPriceRuleStackType), 1, 1024),
);

export interface EVAbsolutePriceScheduleUnits {
  /** In s since 1970, UTC. */
  readonly TimeAnchor?: unknown;
}

export const EVAbsolutePriceScheduleType = inUnits<EVAbsolutePriceScheduleUnits>()(
  complexType(
    messages.element('TimeAnchor', xsUnsignedLong),
    messages.element('Currency', currencyType),
    messages.element('PriceAlgorithm', identifierType),
    messages.element('EVPriceRuleStacks', EVPriceRuleStackListType),
  ),
);

export const EVEnergyOfferType = complexType(
  messages.element('EVPowerSchedule', EVPowerScheduleType),
  messages.element('EVAbsolutePriceSchedule', EVAbsolutePriceScheduleType),
);
