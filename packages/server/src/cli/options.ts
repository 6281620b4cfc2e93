import { type ParseArgsConfig, parseArgs } from 'node:util';
import { IdentifierError, type ProviderId, parseProviderId, parseWmi, type Wmi } from '@plugpool/iso15118';
import { UsageError } from './command.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** `node:util`'s parser with positionals allowed. @throws UsageError in one line instead of what Node says */
export function parseOptions<const O extends Options>(argv: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (isParseError(error)) throw new UsageError(firstSentence(error.message));
    throw error;
  }
}

/** A whole number of an option. @throws UsageError outside of `min` to `max` */
export function wholeNumber(text: string, name: string, { min, max }: { min: number; max: number }): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not "${text}"`);
}

/** One of a few words. @throws UsageError for another one */
export function oneOf<const W extends string>(text: string, name: string, words: readonly W[]): W {
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  throw new UsageError(`${name} must be one of ${words.join(', ')}, not "${text}"`);
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

/** Node adds advice on how to escape arguments, which is longer than the message. */
function firstSentence(message: string): string {
  return message.split('. ')[0] ?? message;
}

/** @throws UsageError */
export function wmiOption(value: string): Wmi {
  return identifier('wmi', () => parseWmi(value));
}

/** @throws UsageError */
export function providerIdOption(value: string): ProviderId {
  return identifier('provider-id', () => parseProviderId(value));
}

function identifier<T>(option: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof IdentifierError) throw new UsageError(`--${option}: ${error.message}`);
    throw error;
  }
}
