import { namespace } from '../../schema/particles.ts';

export const ds = namespace('http://www.w3.org/2000/09/xmldsig#', 'ds');
