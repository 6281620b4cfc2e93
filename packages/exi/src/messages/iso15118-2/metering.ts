/** Meter values and their receipts (ISO 15118-2 §8.4.3). */

import { xsId, xsLong, xsUnsignedLong } from '../../schema/built-in-types.ts';
import { complexType, inUnits } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import { body, data } from './namespaces.ts';
import {
  meterIDType,
  meterStatusType,
  responseCodeType,
  SAIDType,
  sessionIDType,
  sigMeterReadingType,
} from './simple-types.ts';
import { EVSEStatus } from './status.ts';

export interface MeterInfoUnits {
  /** In Wh. */
  readonly MeterReading?: unknown;
  /** In s since 1970, UTC. */
  readonly TMeter?: unknown;
}

export const MeterInfoType = inUnits<MeterInfoUnits>()(
  complexType(
    data.element('MeterID', meterIDType),
    optional(data.element('MeterReading', xsUnsignedLong)),
    optional(data.element('SigMeterReading', sigMeterReadingType)),
    optional(data.element('MeterStatus', meterStatusType)),
    optional(data.element('TMeter', xsLong)),
  ),
);

export const MeteringReceiptReqType = complexType(
  optional(body.attribute('Id', xsId)),
  body.element('SessionID', sessionIDType),
  optional(body.element('SAScheduleTupleID', SAIDType)),
  body.element('MeterInfo', MeterInfoType),
);

export const MeteringReceiptReq = body.element('MeteringReceiptReq', MeteringReceiptReqType);

export const MeteringReceiptResType = complexType(body.element('ResponseCode', responseCodeType), EVSEStatus);

export const MeteringReceiptRes = body.element('MeteringReceiptRes', MeteringReceiptResType);
