import { approvals } from './english/approvals.ts';
import { audit } from './english/audit.ts';
import { authorities } from './english/authorities.ts';
import { certificate } from './english/certificate.ts';
import { certificates } from './english/certificates.ts';
import { contracts } from './english/contracts.ts';
import { frame } from './english/frame.ts';
import { history } from './english/history.ts';
import { inspector } from './english/inspector.ts';
import { operations } from './english/operations.ts';
import { overview } from './english/overview.ts';
import { parties } from './english/parties.ts';
import { parts } from './english/parts.ts';
import { peers } from './english/peers.ts';
import { playground } from './english/playground.ts';
import { pools } from './english/pools.ts';
import { roots } from './english/roots.ts';
import { session } from './english/session.ts';
import { vehicles } from './english/vehicles.ts';
import { webhooks } from './english/webhooks.ts';

/** Every word of the console in English: each page has a file of its own. */
export const english = {
  approvals,
  audit,
  authorities,
  certificate,
  certificates,
  contracts,
  frame,
  history,
  inspector,
  operations,
  overview,
  parties,
  parts,
  peers,
  playground,
  pools,
  roots,
  session,
  vehicles,
  webhooks,
};
