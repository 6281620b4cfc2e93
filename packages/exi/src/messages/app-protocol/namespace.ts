import { namespace } from '../../schema/particles.ts';

export const app = namespace('urn:iso:15118:2:2010:AppProtocol', 'app');
