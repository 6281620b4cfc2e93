/** Prices over time: absolute or in levels, with taxes, overstay and additional services. */

import {
  xsBoolean,
  xsId,
  xsUnsignedByte,
  xsUnsignedInt,
  xsUnsignedLong,
  xsUnsignedShort,
} from '../../schema/built-in-types.ts';
import { complexType, extension } from '../../schema/complex-type.ts';
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

export const PriceScheduleType = complexType(
  messages.element('TimeAnchor', xsUnsignedLong),
  messages.element('PriceScheduleID', numericIDType),
  optional(messages.element('PriceScheduleDescription', descriptionType)),
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

export const PriceRuleType = complexType(
  messages.element('EnergyFee', RationalNumberType),
  optional(messages.element('ParkingFee', RationalNumberType)),
  optional(messages.element('ParkingFeePeriod', xsUnsignedInt)),
  optional(messages.element('CarbonDioxideEmission', xsUnsignedShort)),
  optional(messages.element('RenewableGenerationPercentage', xsUnsignedByte)),
  messages.element('PowerRangeStart', RationalNumberType),
);

export const PriceRuleStackType = complexType(
  messages.element('Duration', xsUnsignedInt),
  repeat(messages.element('PriceRule', PriceRuleType), 1, 8),
);

export const PriceRuleStackListType = complexType(
  repeat(messages.element('PriceRuleStack', PriceRuleStackType), 1, 1024),
);

export const OverstayRuleType = complexType(
  optional(messages.element('OverstayRuleDescription', descriptionType)),
  messages.element('StartTime', xsUnsignedInt),
  messages.element('OverstayFee', RationalNumberType),
  messages.element('OverstayFeePeriod', xsUnsignedInt),
);

export const OverstayRuleListType = complexType(
  optional(messages.element('OverstayTimeThreshold', xsUnsignedInt)),
  optional(messages.element('OverstayPowerThreshold', RationalNumberType)),
  repeat(messages.element('OverstayRule', OverstayRuleType), 1, 5),
);

export const AdditionalServiceType = complexType(
  messages.element('ServiceName', nameType),
  messages.element('ServiceFee', RationalNumberType),
);

export const AdditionalServiceListType = complexType(
  repeat(messages.element('AdditionalService', AdditionalServiceType), 1, 5),
);

export const AbsolutePriceScheduleType = extension(
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
);

export const PriceLevelScheduleEntryType = complexType(
  messages.element('Duration', xsUnsignedInt),
  messages.element('PriceLevel', xsUnsignedByte),
);

export const PriceLevelScheduleEntryListType = complexType(
  repeat(messages.element('PriceLevelScheduleEntry', PriceLevelScheduleEntryType), 1, 1024),
);

export const PriceLevelScheduleType = extension(
  PriceScheduleType,
  optional(messages.attribute('Id', xsId)),
  messages.element('NumberOfPriceLevels', xsUnsignedByte),
  messages.element('PriceLevelScheduleEntries', PriceLevelScheduleEntryListType),
);

export const EVPriceRuleType = complexType(
  messages.element('EnergyFee', RationalNumberType),
  messages.element('PowerRangeStart', RationalNumberType),
);

export const EVPriceRuleStackType = complexType(
  messages.element('Duration', xsUnsignedInt),
  repeat(messages.element('EVPriceRule', EVPriceRuleType), 1, 8),
);

export const EVPriceRuleStackListType = complexType(
  repeat(messages.element('EVPriceRuleStack', EVPriceRuleStackType), 1, 1024),
);

export const EVAbsolutePriceScheduleType = complexType(
  messages.element('TimeAnchor', xsUnsignedLong),
  messages.element('Currency', currencyType),
  messages.element('PriceAlgorithm', identifierType),
  messages.element('EVPriceRuleStacks', EVPriceRuleStackListType),
);

export const EVEnergyOfferType = complexType(
  messages.element('EVPowerSchedule', EVPowerScheduleType),
  messages.element('EVAbsolutePriceSchedule', EVAbsolutePriceScheduleType),
);
