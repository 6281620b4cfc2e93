import { schemaSet } from '../../schema/schema-set.ts';
import { supportedAppProtocolReq, supportedAppProtocolRes } from './app-protocol.ts';

export const appProtocol = schemaSet('app-protocol', [supportedAppProtocolReq, supportedAppProtocolRes]);
