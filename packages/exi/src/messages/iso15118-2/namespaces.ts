import { namespace } from '../../schema/particles.ts';

export const message = namespace('urn:iso:15118:2:2013:MsgDef', 'v2g');
export const header = namespace('urn:iso:15118:2:2013:MsgHeader', 'hdr');
export const body = namespace('urn:iso:15118:2:2013:MsgBody', 'body');
export const data = namespace('urn:iso:15118:2:2013:MsgDataTypes', 'data');
