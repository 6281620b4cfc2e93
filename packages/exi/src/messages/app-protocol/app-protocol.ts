/** The handshake that comes before either edition: which protocols the vehicle speaks, which one the station takes. */

import { enumeration } from '../../primitives/enumeration.ts';
import { integer } from '../../primitives/integer.ts';
import { stringType } from '../../primitives/string.ts';
import { xsUnsignedInt } from '../../schema/built-in-types.ts';
import { complexType } from '../../schema/complex-type.ts';
import { optional, repeat } from '../../schema/particles.ts';
import { unqualified } from '../../schema/unqualified.ts';
import { app } from './namespace.ts';

export const idType = integer(0, 255);

export const priorityType = integer(1, 20);

export const protocolNamespaceType = stringType('protocolNamespaceType', { maxLength: 100 });

export const responseCodeType = enumeration(
  'OK_SuccessfulNegotiation',
  'OK_SuccessfulNegotiationWithMinorDeviation',
  'Failed_NoNegotiation',
);

export const AppProtocolType = complexType(
  unqualified.element('ProtocolNamespace', protocolNamespaceType),
  unqualified.element('VersionNumberMajor', xsUnsignedInt),
  unqualified.element('VersionNumberMinor', xsUnsignedInt),
  unqualified.element('SchemaID', idType),
  unqualified.element('Priority', priorityType),
);

export const supportedAppProtocolReq = app.element(
  'supportedAppProtocolReq',
  complexType(repeat(unqualified.element('AppProtocol', AppProtocolType), 1, 20)),
);

export const supportedAppProtocolRes = app.element(
  'supportedAppProtocolRes',
  complexType(unqualified.element('ResponseCode', responseCodeType), optional(unqualified.element('SchemaID', idType))),
);
