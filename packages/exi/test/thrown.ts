import { ExiError } from '../src/index.ts';

/** The error of the codec with which the action ends; throws any other, and when there is none. */
export function exiErrorOf(action: () => unknown): ExiError {
  try {
    action();
  } catch (error) {
    if (error instanceof ExiError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
