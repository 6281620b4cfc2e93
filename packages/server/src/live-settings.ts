/** Settings that are read again while the server runs, as far as they can be changed then. */
import { type Environment, gather } from './given-options.ts';
import { type OptionName, serveOptions } from './serve-options.ts';
import { readSettings, type Settings } from './settings.ts';

/** What each option that needs no restart sets. Whoever uses one of these reads it each time and keeps no copy. */
export const reloadedOptions = {
  'log-level': 'logLevel',
  'rate-limit': 'limits',
  'failure-limit': 'limits',
  revocation: 'revocation',
  'allow-private-targets': 'allowPrivateTargets',
  'webhook-retry-seconds': 'webhookRetrySeconds',
  'cleanse-hours': 'cleanseHours',
  'event-retention': 'eventRetentionDays',
  'audit-retention': 'auditRetentionDays',
  'metrics-token': 'metricsToken',
  'drain-seconds': 'drainSeconds',
} as const satisfies Partial<Record<OptionName, keyof Settings>>;

export interface LiveSettings {
  /** One object from beginning to end, in which the fields of `reloadedOptions` change. */
  readonly settings: Settings;
  /**
   * Reads the configuration file again; flags and environment are those of the start, and still go before it.
   * @throws SettingsError, and nothing has changed
   */
  reload(): Reloaded;
}

export interface Reloaded {
  /** What is in force from now on. */
  readonly changed: readonly string[];
  /** What is in the file and will be in force after a restart. */
  readonly needRestart: readonly string[];
}

/**
 * @param warn hears of variables that mean nothing
 * @param check throws `SettingsError` for what does not fit together
 * @throws SettingsError
 */
export function liveSettings(
  argv: readonly string[],
  environment: Environment,
  warn: (text: string) => void,
  check: (settings: Settings) => void,
): LiveSettings {
  const read = () => {
    const settings = readSettings(argv, environment, warn);
    check(settings);
    return { settings, words: wordsOf(argv, environment) };
  };
  const start = read();
  const live: Changing = { ...start.settings };
  let inForce = start.words;
  return {
    settings: live,
    reload() {
      const { settings, words } = read();
      const isOther = (name: string) => words.get(name) !== inForce.get(name);
      const changed = reloadedNames.filter(isOther);
      for (const name of changed) copy(reloadedOptions[name], settings, live);
      inForce = new Map([...inForce, ...changed.map((name) => [name, words.get(name)] as const)]);
      return { changed, needRestart: [...words.keys()].filter(isOther) };
    },
  };
}

const isReloaded = (name: string): name is keyof typeof reloadedOptions => Object.hasOwn(reloadedOptions, name);
const reloadedNames = Object.keys(reloadedOptions).filter(isReloaded);

type Changing = { -readonly [Field in keyof Settings]: Settings[Field] };

function copy<Field extends keyof Changing>(field: Field, from: Changing, to: Changing): void {
  to[field] = from[field];
}

/** What was given for each option, in the words in which it was given; kept to be compared, and told to nobody. */
function wordsOf(argv: readonly string[], environment: Environment): Map<string, string | undefined> {
  const { given, describedPeers } = gather(argv, environment);
  const names = Object.keys(serveOptions).filter((name): name is OptionName => name in serveOptions);
  return new Map([
    ...names.map((name) => [name, given(name)?.value] as const),
    ['peers', JSON.stringify(describedPeers.value)] as const,
  ]);
}
