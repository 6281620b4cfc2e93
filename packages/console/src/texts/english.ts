import { certificate } from './english/certificate.ts';
import { frame } from './english/frame.ts';
import { inspector } from './english/inspector.ts';
import { operations } from './english/operations.ts';
import { overview } from './english/overview.ts';
import { parts } from './english/parts.ts';
import { roots } from './english/roots.ts';
import { session } from './english/session.ts';

/** Every word of the console in English: each page has a file of its own. */
export const english = {
  certificate,
  frame,
  inspector,
  operations,
  overview,
  parts,
  roots,
  session,
};
