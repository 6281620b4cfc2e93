/** A check: one thing that a server owes to its users. */
import type { Probe } from './probe.ts';
import type { World } from './world.ts';

export interface Check {
  /** Stays the same for ever: reports are compared by it. */
  readonly id: string;
  /** What is so when it passes. */
  readonly title: string;
  /** @throws CheckFailed, CheckSkipped */
  run(world: World, probe: Probe): Promise<void>;
}
