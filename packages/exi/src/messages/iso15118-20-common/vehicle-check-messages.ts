/** Parking in and out. */

import { xsShort, xsUnsignedLong } from '../../schema/built-in-types.ts';
import { extension, inUnits } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import { V2GRequestType, V2GResponseType } from './header.ts';
import { messages } from './namespaces.ts';
import {
  evCheckInStatusType,
  evCheckOutStatusType,
  evseCheckOutStatusType,
  parkingMethodType,
} from './simple-types.ts';

export const VehicleCheckInReqType = extension(
  V2GRequestType,
  messages.element('EVCheckInStatus', evCheckInStatusType),
  messages.element('ParkingMethod', parkingMethodType),
  optional(messages.element('VehicleFrame', xsShort)),
  optional(messages.element('DeviceOffset', xsShort)),
  optional(messages.element('VehicleTravel', xsShort)),
);

export const VehicleCheckInReq = messages.element('VehicleCheckInReq', VehicleCheckInReqType);

export const VehicleCheckInResType = extension(
  V2GResponseType,
  optional(messages.element('ParkingSpace', xsShort)),
  optional(messages.element('DeviceLocation', xsShort)),
  optional(messages.element('TargetDistance', xsShort)),
);

export const VehicleCheckInRes = messages.element('VehicleCheckInRes', VehicleCheckInResType);

export interface VehicleCheckOutReqUnits {
  /** In s since 1970, UTC. */
  readonly CheckOutTime?: unknown;
}

export const VehicleCheckOutReqType = inUnits<VehicleCheckOutReqUnits>()(
  extension(
    V2GRequestType,
    messages.element('EVCheckOutStatus', evCheckOutStatusType),
    messages.element('CheckOutTime', xsUnsignedLong),
  ),
);

export const VehicleCheckOutReq = messages.element('VehicleCheckOutReq', VehicleCheckOutReqType);

export const VehicleCheckOutResType = extension(
  V2GResponseType,
  messages.element('EVSECheckOutStatus', evseCheckOutStatusType),
);

export const VehicleCheckOutRes = messages.element('VehicleCheckOutRes', VehicleCheckOutResType);
