import { schemaSet } from '../../schema/schema-set.ts';
import { xmldsigElements } from '../xmldsig/set.ts';
import { EVChargeParameter, EVPowerDeliveryParameter, EVSEChargeParameter } from './charge-parameters.ts';
import { BodyElement, V2G_Message } from './message.ts';
import { Entry, SASchedules, TimeInterval } from './schedules.ts';
import { EVSEStatus, EVStatus } from './status.ts';

/** ISO 15118-2: MsgDef, MsgHeader, MsgBody, MsgDataTypes and the XML signature schema. */
export const iso15118_2 = schemaSet('iso15118-2', [
  V2G_Message,
  BodyElement,
  EVStatus,
  EVSEStatus,
  EVChargeParameter,
  EVSEChargeParameter,
  EVPowerDeliveryParameter,
  TimeInterval,
  Entry,
  SASchedules,
  ...xmldsigElements,
]);
