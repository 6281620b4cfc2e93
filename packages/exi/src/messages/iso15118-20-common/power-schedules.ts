/** Power over time, offered and planned. */

import { xsUnsignedInt, xsUnsignedLong } from '../../schema/built-in-types.ts';
import { complexType, inUnits } from '../../schema/complex-type.ts';
import { choice, optional, repeat } from '../../schema/particles.ts';
import { RationalNumberType } from './common-types.ts';
import { messages } from './namespaces.ts';
import { numericIDType, powerToleranceAcceptanceType } from './simple-types.ts';

export interface PowerScheduleEntryUnits {
  /** In s. */
  readonly Duration?: unknown;
  /** In W. */
  readonly Power?: unknown;
  /** In W. */
  readonly Power_L2?: unknown;
  /** In W. */
  readonly Power_L3?: unknown;
}

export const PowerScheduleEntryType = inUnits<PowerScheduleEntryUnits>()(
  complexType(
    messages.element('Duration', xsUnsignedInt),
    messages.element('Power', RationalNumberType),
    optional(messages.element('Power_L2', RationalNumberType)),
    optional(messages.element('Power_L3', RationalNumberType)),
  ),
);

export const PowerScheduleEntryListType = complexType(
  repeat(messages.element('PowerScheduleEntry', PowerScheduleEntryType), 1, 1024),
);

export interface PowerScheduleUnits {
  /** In s since 1970, UTC. */
  readonly TimeAnchor?: unknown;
  /** In Wh. */
  readonly AvailableEnergy?: unknown;
}

export const PowerScheduleType = inUnits<PowerScheduleUnits>()(
  complexType(
    messages.element('TimeAnchor', xsUnsignedLong),
    optional(messages.element('AvailableEnergy', RationalNumberType)),
    optional(messages.element('PowerTolerance', RationalNumberType)),
    messages.element('PowerScheduleEntries', PowerScheduleEntryListType),
  ),
);

export interface EVPowerScheduleEntryUnits {
  /** In s. */
  readonly Duration?: unknown;
  /** In W. */
  readonly Power?: unknown;
}

export const EVPowerScheduleEntryType = inUnits<EVPowerScheduleEntryUnits>()(
  complexType(messages.element('Duration', xsUnsignedInt), messages.element('Power', RationalNumberType)),
);

export const EVPowerScheduleEntryListType = complexType(
  repeat(messages.element('EVPowerScheduleEntry', EVPowerScheduleEntryType), 1, 1024),
);

export interface EVPowerScheduleUnits {
  /** In s since 1970, UTC. */
  readonly TimeAnchor?: unknown;
}

export const EVPowerScheduleType = inUnits<EVPowerScheduleUnits>()(
  complexType(
    messages.element('TimeAnchor', xsUnsignedLong),
    messages.element('EVPowerScheduleEntries', EVPowerScheduleEntryListType),
  ),
);

export const Dynamic_EVPPTControlModeType = complexType();

export const Scheduled_EVPPTControlModeType = complexType(
  messages.element('SelectedScheduleTupleID', numericIDType),
  optional(messages.element('PowerToleranceAcceptance', powerToleranceAcceptanceType)),
);

export const EVPowerProfileEntryListType = complexType(
  repeat(messages.element('EVPowerProfileEntry', PowerScheduleEntryType), 1, 2048),
);

export interface EVPowerProfileUnits {
  /** In s since 1970, UTC. */
  readonly TimeAnchor?: unknown;
}

export const EVPowerProfileType = inUnits<EVPowerProfileUnits>()(
  complexType(
    messages.element('TimeAnchor', xsUnsignedLong),
    choice(
      messages.element('Dynamic_EVPPTControlMode', Dynamic_EVPPTControlModeType),
      messages.element('Scheduled_EVPPTControlMode', Scheduled_EVPPTControlModeType),
    ),
    messages.element('EVPowerProfileEntries', EVPowerProfileEntryListType),
  ),
);
