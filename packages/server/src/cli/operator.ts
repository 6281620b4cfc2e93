import { type EnrolmentLink, type OperatorAccounts, operatorAccounts } from '../access/operators/operators.ts';
import { SettingsError } from '../given-options.ts';
import { systemClock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/domain-error.ts';
import { readSettings } from '../settings.ts';
import { openStore } from '../store/store.ts';
import { CommandFailure, UsageError } from './command.ts';
import { databaseLocation, databaseOptions, databaseUsage, opening } from './database.ts';
import type { Io } from './io.ts';
import { oneOf, parseOptions } from './options.ts';
import { formatTable } from './table.ts';

export const usage = `Usage: plugpool operator add NAME [--public-url URL] [--json] [OPTIONS]
       plugpool operator list [--json] [OPTIONS]
       plugpool operator reset NAME [--public-url URL] [--json] [OPTIONS]
       plugpool operator disable NAME… | enable NAME… [OPTIONS]
       plugpool operator sign-out NAME… [OPTIONS]

People who operate the ecosystem through its console, where it runs with --auth oauth2. Works on the database itself,
while a server runs or not.

  add       prints a link; whoever opens it chooses the password and sets up an authenticator app. It is good once, and
            for 24 hours
  reset     forgets password, authenticator and sessions, and prints a new link
  disable   ends all sessions at once; nobody signs in until enable
  sign-out  ends all sessions; of those who come from an outside issuer too (name ISSUER#SUBJECT, as in the audit log)

  NAME              a short name or an e-mail address
  --public-url URL  under which browsers reach the server (http://127.0.0.1:8080; PLUGPOOL_PUBLIC_URL)
  --json            one JSON value
${databaseUsage}`;

const options = {
  ...databaseOptions,
  'public-url': { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof options>>['values'];

interface Asked {
  readonly accounts: OperatorAccounts;
  readonly names: readonly string[];
  readonly publicUrl: string;
  readonly asJson: boolean;
  readonly io: Io;
}

const actions = {
  add: { least: 1, most: 1, run: add },
  list: { least: 0, most: 0, run: list },
  reset: { least: 1, most: 1, run: reset },
  disable: { least: 1, most: 100, run: disable },
  enable: { least: 1, most: 100, run: enable },
  'sign-out': { least: 1, most: 100, run: signOut },
} as const;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  const [word = '', ...names] = positionals;
  const action = oneOf(word, 'the first word', ['add', 'list', 'reset', 'disable', 'enable', 'sign-out'] as const);
  const { least, most, run: work } = actions[action];
  if (names.length < least) throw new UsageError('name an operator');
  if (names.length > most) throw new UsageError(`"${names[most]}" is one word too many`);
  const publicUrl = publicUrlOf(values, io);
  const location = databaseLocation(values, io.env);
  const store = await opening(location, () => openStore(location));
  try {
    const accounts = operatorAccounts({ store, clock: systemClock });
    return await work({ accounts, names, publicUrl, asJson: values.json === true, io });
  } catch (error) {
    if (error instanceof DomainError) throw new CommandFailure(error.errorMessages.join('; '), { cause: error });
    throw error;
  } finally {
    await store.close();
  }
}

function publicUrlOf(values: Values, io: Io): string {
  const url = values['public-url'];
  try {
    return readSettings(url === undefined ? [] : [`--public-url=${url}`], io.env, () => undefined).publicUrl;
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message);
    throw error;
  }
}

async function add(asked: Asked): Promise<number> {
  return showLink(await asked.accounts.add(asked.names[0] ?? ''), asked);
}

async function reset(asked: Asked): Promise<number> {
  return showLink(await asked.accounts.reset(asked.names[0] ?? ''), asked);
}

/** Behind the `#`, which no browser sends to a server and no server logs. */
function showLink({ name, token, expiresAt }: EnrolmentLink, { publicUrl, asJson, io }: Asked): number {
  const link = `${publicUrl}/console/enrol#${token}`;
  const until = new Date(expiresAt).toISOString();
  if (asJson) io.stdout.write(`${JSON.stringify({ name, link, until })}\n`);
  else io.stdout.write(`operator  ${name}\nlink      ${link}\n\nGood once, until ${until}. It is not shown again.\n`);
  return 0;
}

async function list({ accounts, asJson, io }: Asked): Promise<number> {
  const all = (await accounts.list()).map(({ createdAt, ...account }) => {
    return { ...account, createdAt: new Date(createdAt).toISOString() };
  });
  const columns = ['OPERATOR', 'STATE', 'ADDED'].map((title) => ({ title }));
  const table = () =>
    formatTable(
      columns,
      all.map(({ name, state, createdAt }) => [name, state, createdAt]),
    );
  io.stdout.write(asJson ? `${JSON.stringify(all)}\n` : all.length === 0 ? 'no operators\n' : table());
  return 0;
}

async function disable({ accounts, names, io }: Asked): Promise<number> {
  for (const name of names) {
    await accounts.disable(name);
    io.stdout.write(`disabled ${name}\n`);
  }
  return 0;
}

async function enable({ accounts, names, io }: Asked): Promise<number> {
  for (const name of names) {
    await accounts.enable(name);
    io.stdout.write(`enabled ${name}\n`);
  }
  return 0;
}

async function signOut({ accounts, names, io }: Asked): Promise<number> {
  for (const name of names) {
    const count = await accounts.signOut(name.startsWith('operator:') ? name : `operator:${name}`);
    io.stdout.write(`${name}: ${count} ${count === 1 ? 'session' : 'sessions'} ended\n`);
  }
  return 0;
}
