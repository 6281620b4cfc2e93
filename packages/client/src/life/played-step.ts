import type { Exchange } from '../http/http-caller.ts';
import type { Play, Step } from './step.ts';

/** A step that was played: how long it took, and what went over the wire in it. */
export interface PlayedStep extends Step {
  readonly milliseconds: number;
  readonly exchanges: readonly Exchange[];
  readonly failed: boolean;
}

/** Where in a life something went wrong; `cause` is what. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly step: Step;

  constructor(step: Step, cause: unknown) {
    super(`${step.role}: ${step.name}`, { cause });
    this.step = step;
  }
}

export interface Recorder {
  readonly play: Play;
  /** To be told of every call of the client that the steps use. */
  readonly observe: (exchange: Exchange) => void;
}

/** Measures the steps of one life, played one after the other, and tells of each when it is over. */
export function recorder(tell: (step: PlayedStep) => void): Recorder {
  let exchanges: Exchange[] = [];
  return {
    observe: (exchange) => exchanges.push(exchange),
    async play(step, action) {
      exchanges = [];
      const started = performance.now();
      const told = (failed: boolean) => tell({ ...step, milliseconds: performance.now() - started, exchanges, failed });
      try {
        const result = await action();
        told(false);
        return result;
      } catch (cause) {
        told(true);
        throw new StepFailed(step, cause);
      }
    },
  };
}
