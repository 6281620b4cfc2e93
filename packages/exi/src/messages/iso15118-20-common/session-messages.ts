/** Beginning and end of a session. */

import { extension } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import { V2GRequestType, V2GResponseType } from './header.ts';
import { messages } from './namespaces.ts';
import { chargingSessionType, descriptionType, identifierType, nameType } from './simple-types.ts';

export const SessionSetupReqType = extension(V2GRequestType, messages.element('EVCCID', identifierType));

export const SessionSetupReq = messages.element('SessionSetupReq', SessionSetupReqType);

export const SessionSetupResType = extension(V2GResponseType, messages.element('EVSEID', identifierType));

export const SessionSetupRes = messages.element('SessionSetupRes', SessionSetupResType);

export const SessionStopReqType = extension(
  V2GRequestType,
  messages.element('ChargingSession', chargingSessionType),
  optional(messages.element('EVTerminationCode', nameType)),
  optional(messages.element('EVTerminationExplanation', descriptionType)),
);

export const SessionStopReq = messages.element('SessionStopReq', SessionStopReqType);

export const SessionStopResType = extension(V2GResponseType);

export const SessionStopRes = messages.element('SessionStopRes', SessionStopResType);
