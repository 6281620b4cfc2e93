/** The header and the frames of requests and responses. */

import { xsUnsignedLong } from '../../schema/built-in-types.ts';
import { complexType, extension, inUnits } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import { Signature } from '../xmldsig/signature.ts';
import { types } from './namespaces.ts';
import { responseCodeType, sessionIDType } from './simple-types.ts';

export interface MessageHeaderUnits {
  /** In s since 1970, UTC. */
  readonly TimeStamp?: unknown;
}

export const MessageHeaderType = inUnits<MessageHeaderUnits>()(
  complexType(
    types.element('SessionID', sessionIDType),
    types.element('TimeStamp', xsUnsignedLong),
    optional(Signature),
  ),
);

export const V2GMessageType = complexType(types.element('Header', MessageHeaderType));

export const V2GRequestType = extension(V2GMessageType);

export const V2GResponseType = extension(V2GMessageType, types.element('ResponseCode', responseCodeType));
