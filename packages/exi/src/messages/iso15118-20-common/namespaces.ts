import { namespace } from '../../schema/particles.ts';

export const messages = namespace('urn:iso:std:iso:15118:-20:CommonMessages', 'msg');
export const types = namespace('urn:iso:std:iso:15118:-20:CommonTypes', 'typ');
