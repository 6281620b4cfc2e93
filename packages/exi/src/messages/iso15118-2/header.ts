/** What every message has in front: session, fault notification, signature (ISO 15118-2 §8.3). */

import { complexType } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import { Signature } from '../xmldsig/signature.ts';
import { data, header } from './namespaces.ts';
import { faultCodeType, faultMsgType, sessionIDType } from './simple-types.ts';

export const NotificationType = complexType(
  data.element('FaultCode', faultCodeType),
  optional(data.element('FaultMsg', faultMsgType)),
);

export const MessageHeaderType = complexType(
  header.element('SessionID', sessionIDType),
  optional(header.element('Notification', NotificationType)),
  optional(Signature),
);
