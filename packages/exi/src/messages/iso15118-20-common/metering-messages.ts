/** Signed meter values. */

import { xsId } from '../../schema/built-in-types.ts';
import { complexType, extension } from '../../schema/complex-type.ts';
import { choice, optional } from '../../schema/particles.ts';
import { MeterInfoType, ReceiptType } from './common-types.ts';
import { V2GRequestType, V2GResponseType } from './header.ts';
import { messages } from './namespaces.ts';
import { numericIDType, sessionIDType } from './simple-types.ts';

export const Dynamic_SMDTControlModeType = complexType();

export const Scheduled_SMDTControlModeType = complexType(messages.element('SelectedScheduleTupleID', numericIDType));

export const SignedMeteringDataType = complexType(
  messages.attribute('Id', xsId),
  messages.element('SessionID', sessionIDType),
  messages.element('MeterInfo', MeterInfoType),
  optional(messages.element('Receipt', ReceiptType)),
  choice(
    messages.element('Dynamic_SMDTControlMode', Dynamic_SMDTControlModeType),
    messages.element('Scheduled_SMDTControlMode', Scheduled_SMDTControlModeType),
  ),
);

export const SignedMeteringData = messages.element('SignedMeteringData', SignedMeteringDataType);

export const MeteringConfirmationReqType = extension(
  V2GRequestType,
  messages.element('SignedMeteringData', SignedMeteringDataType),
);

export const MeteringConfirmationReq = messages.element('MeteringConfirmationReq', MeteringConfirmationReqType);

export const MeteringConfirmationResType = extension(V2GResponseType);

export const MeteringConfirmationRes = messages.element('MeteringConfirmationRes', MeteringConfirmationResType);
