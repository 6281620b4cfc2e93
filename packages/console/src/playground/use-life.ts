/** Plays a life of a contract in this page, against the server that it came from. */
import {
  actorsOf,
  editionsOf,
  gatherSurroundings,
  type LifeDialect,
  type Mode,
  type Outcome,
  type Play,
  type PlayedStep,
  playLife,
  randomIdentifiers,
  recorder,
  type Step,
  StepFailed,
} from '@plugpool/client';
import type { Edition } from '@plugpool/iso15118';
import { useEffect, useRef, useState } from 'react';

export interface LifeChoice {
  readonly dialect: LifeDialect;
  readonly edition: Edition;
  readonly mode: Mode;
}

export interface Life {
  readonly steps: readonly PlayedStep[];
  /** The step that waits for somebody to say go on. */
  readonly upNext: Step | undefined;
  readonly isPlaying: boolean;
  readonly outcome: Outcome | undefined;
  readonly failure: Error | undefined;
}

export interface LifePlayer extends Life {
  start(choice: LifeChoice, pausing: boolean): void;
  goOn(): void;
  /** Without further pauses. */
  playRest(): void;
}

const nothing: Life = { steps: [], upNext: undefined, isPlaying: false, outcome: undefined, failure: undefined };

export function useLife(): LifePlayer {
  const [life, setLife] = useState(nothing);
  const run = useRef<Run>(undefined);
  useEffect(() => () => run.current?.leave(), []);

  function start(choice: LifeChoice, pausing: boolean): void {
    run.current?.leave();
    let current = { ...nothing, isPlaying: true };
    const show = (changes: Partial<Life>) => {
      current = { ...current, ...changes };
      setLife(current);
    };
    show({});
    const mine = newRun(choice, pausing, {
      upNext: (upNext) => show({ upNext }),
      played: (step) => show({ steps: [...current.steps, step], upNext: undefined }),
    });
    run.current = mine;
    mine.outcome.then(
      (outcome) => mine.isLeft() || show({ outcome, isPlaying: false }),
      (error) => mine.isLeft() || show({ failure: causeOf(error), isPlaying: false }),
    );
  }

  return {
    ...life,
    start,
    goOn: () => run.current?.goOn(),
    playRest: () => run.current?.playRest(),
  };
}

interface Run {
  readonly outcome: Promise<Outcome | undefined>;
  goOn(): void;
  playRest(): void;
  leave(): void;
  isLeft(): boolean;
}

interface Listener {
  upNext(step: Step): void;
  played(step: PlayedStep): void;
}

function newRun({ dialect, edition, mode }: LifeChoice, pausing: boolean, { upNext, played }: Listener): Run {
  let [pauses, left] = [pausing, false];
  let go: () => void = () => undefined;
  const { play: playStep, observe } = recorder((step) => left || played(step));
  const play: Play = async (step, action) => {
    if (left) throw new Error('the page was left');
    if (pauses) {
      upNext(step);
      await new Promise<void>((resolve) => {
        go = resolve;
      });
    }
    // The page is drawn between two steps, though some of them only compute.
    await new Promise((resolve) => setTimeout(resolve));
    return await playStep(step, action);
  };
  const outcome = async () => {
    const actors = actorsOf[dialect]({ baseUrl: location.origin, observe, retries: { times: 0 } });
    const surroundings = await gatherSurroundings(actors, editionsOf(edition), play);
    const [first] = await playLife(actors, surroundings, { ...randomIdentifiers(edition, dialect), mode }, play);
    return first;
  };
  return {
    outcome: outcome(),
    goOn: () => go(),
    playRest() {
      pauses = false;
      go();
    },
    leave() {
      left = true;
      go();
    },
    isLeft: () => left,
  };
}

function causeOf(error: unknown): Error {
  const cause = error instanceof StepFailed ? error.cause : error;
  return cause instanceof Error ? cause : new Error(String(cause));
}
