/** Beginning and end of a session (ISO 15118-2 §8.4.3). */

import { xsLong } from '../../schema/built-in-types.ts';
import { complexType, inUnits } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import { body } from './namespaces.ts';
import { chargingSessionType, evccIDType, evseIDType, responseCodeType } from './simple-types.ts';

export const SessionSetupReqType = complexType(body.element('EVCCID', evccIDType));

export const SessionSetupReq = body.element('SessionSetupReq', SessionSetupReqType);

export interface SessionSetupResUnits {
  /** In s since 1970, UTC. */
  readonly EVSETimeStamp?: unknown;
}

export const SessionSetupResType = inUnits<SessionSetupResUnits>()(
  complexType(
    body.element('ResponseCode', responseCodeType),
    body.element('EVSEID', evseIDType),
    optional(body.element('EVSETimeStamp', xsLong)),
  ),
);

export const SessionSetupRes = body.element('SessionSetupRes', SessionSetupResType);

export const SessionStopReqType = complexType(body.element('ChargingSession', chargingSessionType));

export const SessionStopReq = body.element('SessionStopReq', SessionStopReqType);

export const SessionStopResType = complexType(body.element('ResponseCode', responseCodeType));

export const SessionStopRes = body.element('SessionStopRes', SessionStopResType);
