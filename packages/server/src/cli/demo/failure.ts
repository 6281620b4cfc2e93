import { CallError, StepFailed } from '@plugpool/client';

/** What went wrong, where, and what the server says about it. */
export interface FailureDescription {
  /** Role and name of the step. */
  readonly step: string | undefined;
  readonly text: string;
  readonly errorMessages: readonly string[];
  readonly traceId: string | undefined;
}

/** @throws what is no failure of a step, for that is a defect of this program */
export function describeFailure(error: unknown, url: string): FailureDescription {
  const cause = error instanceof StepFailed ? error.cause : error;
  const step = error instanceof StepFailed ? `${error.step.role}: ${error.step.name}` : undefined;
  if (cause instanceof CallError) {
    const { kind, errorMessages, traceId } = cause;
    const text = kind === 'unreachable' ? unreachable(url) : cause.message;
    return { step: kind === 'unreachable' ? undefined : step, text, errorMessages, traceId };
  }
  if (!(cause instanceof Error)) throw cause;
  return { step, text: cause.message, errorMessages: [], traceId: undefined };
}

function unreachable(url: string): string {
  return `nothing answers at ${url}; start an ecosystem with \`npm start\`, or name another: plugpool demo URL`;
}

export function failureText({ step, text, errorMessages, traceId }: FailureDescription): string {
  return [
    `plugpool demo: ${step === undefined ? '' : `${step} failed: `}${text}\n`,
    ...errorMessages.map((message) => `  the server says: ${message}\n`),
    ...(traceId === undefined ? [] : [`  trace id: ${traceId}\n`]),
  ].join('');
}
