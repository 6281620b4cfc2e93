/** What every message has in front: session, fault notification, signature (ISO 15118-2 §8.3). */

import { complexType, made } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import { Signature } from '../xmldsig/signature.ts';
import { data, header } from './namespaces.ts';
import { faultCodeType, faultMsgType, sessionIDType } from './simple-types.ts';

export const NotificationType = complexType(
  data.element('FaultCode', faultCodeType),
  optional(data.element('FaultMsg', faultMsgType)),
);

/** Every message has one; most have nothing but the session in it. */
export const MessageHeaderType = made(
  (SessionID, Notification, Signature) => {
    if (Notification !== undefined) {
      return Signature === undefined ? { SessionID, Notification } : { SessionID, Notification, Signature };
    }
    return Signature === undefined ? { SessionID } : { SessionID, Signature };
  },
  complexType(
    header.element('SessionID', sessionIDType),
    optional(header.element('Notification', NotificationType)),
    optional(Signature),
  ),
);
