/** Switching power. */

import { extension } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import { EVSEStatusType } from './common-types.ts';
import { V2GRequestType, V2GResponseType } from './header.ts';
import { messages } from './namespaces.ts';
import { EVPowerProfileType } from './power-schedules.ts';
import { channelSelectionType, chargeProgressType, processingType } from './simple-types.ts';

export const PowerDeliveryReqType = extension(
  V2GRequestType,
  messages.element('EVProcessing', processingType),
  messages.element('ChargeProgress', chargeProgressType),
  optional(messages.element('EVPowerProfile', EVPowerProfileType)),
  optional(messages.element('BPT_ChannelSelection', channelSelectionType)),
);

export const PowerDeliveryReq = messages.element('PowerDeliveryReq', PowerDeliveryReqType);

export const PowerDeliveryResType = extension(
  V2GResponseType,
  optional(messages.element('EVSEStatus', EVSEStatusType)),
);

export const PowerDeliveryRes = messages.element('PowerDeliveryRes', PowerDeliveryResType);
