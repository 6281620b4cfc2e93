import { ExiError } from '../errors.ts';
import { defaultLimits } from '../limits.ts';

/** Where in the message the work is, for errors. Becomes text only when there is one. */
export class Trail {
  /** Nested elements that may be open. */
  readonly limit: number;
  private steps: string[] | undefined;
  /** Steps that an error has passed on its way out, innermost first. */
  private passed: string[] | undefined;

  constructor(limit: number = defaultLimits.depth) {
    this.limit = limit;
  }

  /** Goes into a field; `index` is its place in a list, -1 where there is no list. */
  enter(key: string, index: number): void {
    this.steps ??= [];
    if (this.steps.length >= this.limit) throw this.tooDeep();
    this.steps.push(stepOf(key, index));
  }

  leave(): void {
    this.steps?.pop();
  }

  /**
   * Notes that an error leaves a field. Codecs do this instead of `enter` and `leave`: it costs nothing until something
   * goes wrong.
   */
  passedBy(key: string, index: number): void {
    this.passed ??= [];
    this.passed.push(stepOf(key, index));
  }

  tooDeep(): ExiError {
    return new ExiError('limit-exceeded', `nesting over the limit of ${this.limit}`);
  }

  toString(): string {
    return [...(this.steps ?? []), ...(this.passed ?? []).reverse()].join('/');
  }

  /** `error` with this place in it when it has none yet; anything but an ExiError is passed on as it is. */
  locate(error: unknown, bitOffset?: number): unknown {
    return error instanceof ExiError ? error.within(this.toString(), bitOffset) : error;
  }
}

function stepOf(key: string, index: number): string {
  return index < 0 ? key : `${key}[${index}]`;
}
