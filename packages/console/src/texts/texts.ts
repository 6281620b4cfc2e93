import { english } from './english.ts';

/** Every word of the console, in the language of whoever looks at it: a translation is a second value of this type. */
type Texts = typeof english;

export const texts: Texts = english;
