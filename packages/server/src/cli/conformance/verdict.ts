/** What a check can find: that the server does as expected, that it does not, or that this cannot be found out. */

/** The server did something else than it should; the message says what was expected and what came. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

/** The check could not be made; the message says what is missing. */
export class CheckSkipped extends Error {
  override readonly name = 'CheckSkipped';
}

/** @throws CheckFailed */
export function expectThat(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new CheckFailed(otherwise);
}

/** For what a server does not serve at all. @throws CheckSkipped */
export function needed<T>(value: T | undefined, missing: string): T {
  if (value === undefined) throw new CheckSkipped(missing);
  return value;
}
