/** What was given for each option of `serve`: flags before environment before the file. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type OptionName, serveOptions } from './serve-options.ts';

/** Something was configured that cannot be; the message is one line that names it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A value with the words under which it was configured, for error messages. */
export interface Given {
  readonly value: string;
  readonly source: string;
}

export interface Gathered {
  readonly given: (name: OptionName) => Given | undefined;
  /** What the file has under `peers`, and its words; it has room for credentials, which a flag has not. */
  readonly describedPeers: { readonly value: unknown; readonly source: string };
}

export function gather(argv: readonly string[], environment: Environment): Gathered {
  const flags = parseFlags(argv);
  const fromOutside = (name: OptionName): Given | undefined => {
    const flag = flags[name];
    if (flag !== undefined) return { value: flag, source: `--${name}` };
    for (const variable of serveOptions[name].environment) {
      const value = environment[variable];
      if (value !== undefined && value !== '') return { value, source: variable };
    }
    return undefined;
  };
  const file = fromOutside('config');
  const { options: inFile, peers } = file === undefined ? { options: {}, peers: undefined } : readFile(file);
  const given = (name: OptionName): Given | undefined => {
    const outside = fromOutside(name);
    if (outside !== undefined) return outside;
    const value = inFile[name];
    return value === undefined ? undefined : { value, source: `"${name}" in ${file?.value}` };
  };
  return { given, describedPeers: { value: peers, source: `"peers" in ${file?.value}` } };
}

function parseFlags(argv: readonly string[]): Partial<Record<OptionName, string>> {
  const options = Object.fromEntries(
    Object.keys(serveOptions).map((name) => [name, { type: 'string', multiple: true } as const]),
  );
  try {
    const { values } = parseArgs({ args: [...argv], options, allowPositionals: false });
    const entries = Object.entries(values).map(([name, given = []]) => {
      return [name, name === 'peer' ? given.join(',') : given.at(-1)] as const;
    });
    return Object.fromEntries(entries);
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error));
  }
}

interface FileContent {
  readonly options: Partial<Record<string, string>>;
  readonly peers: unknown;
}

function readFile({ value: path, source }: Given): FileContent {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new SettingsError(`${source}: ${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new SettingsError(`${source}: ${path} must hold one JSON object`);
  }
  const { peers, ...options }: { peers?: unknown } = parsed;
  const entries = Object.entries(options).map(([name, value]: [string, unknown]): [string, string] => {
    if (!(name in serveOptions)) throw new SettingsError(`${path}: there is no option "${name}"`);
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new SettingsError(`${path}: "${name}" must be a text or a number`);
    }
    return [name, String(value)];
  });
  return { options: Object.fromEntries(entries), peers };
}

export function warnOfUnknownVariables(environment: Environment, warn: (text: string) => void): void {
  const known = new Set<string>(Object.values(serveOptions).flatMap((option) => [...option.environment]));
  for (const name of Object.keys(environment)) {
    if (name.startsWith('PLUGPOOL_') && !known.has(name)) warn(`${name} is set, and plugpool does not know it`);
  }
}
