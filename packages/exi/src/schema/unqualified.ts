import { namespace } from './particles.ts';

/** Names in no namespace. */
export const unqualified = namespace('', '');
