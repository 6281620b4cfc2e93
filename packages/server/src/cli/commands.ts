/** The commands of `plugpool`, and what happens between the command line and one of them. */
import { actingAs } from '../kernel/acting.ts';
import { version } from '../kernel/version.ts';
import { type Command, CommandFailure, UsageError } from './command.ts';
import type { Io } from './io.ts';

interface Entry {
  readonly summary: string;
  /** Commands are loaded when they are used: `exi` needs no database driver. */
  readonly load: () => Promise<Command>;
}

const commands: ReadonlyMap<string, Entry> = new Map(
  Object.entries<Entry>({
    serve: { summary: 'run the ecosystem: pools, provisioning service and PKI', load: () => import('./serve.ts') },
    demo: { summary: 'play the life of a contract against a running server', load: () => import('./demo.ts') },
    conformance: {
      summary: 'check any OPNC or OPCP server from outside',
      load: () => import('./conformance.ts'),
    },
    inspect: { summary: 'show what is in an EXI message, and what is wrong', load: () => import('./inspect.ts') },
    exi: { summary: 'encode and decode EXI, one JSON object a line', load: () => import('./exi.ts') },
    party: { summary: 'add and list parties, rotate secrets, disable', load: () => import('./party.ts') },
    operator: { summary: 'add, list, reset and disable operators of the console', load: () => import('./operator.ts') },
    approval: { summary: 'approve or reject what another operator proposed', load: () => import('./approval.ts') },
    audit: { summary: 'list, export and verify the audit log', load: () => import('./audit.ts') },
    root: { summary: 'import, list and remove root certificates', load: () => import('./root.ts') },
    import: { summary: 'publish many vehicles from a folder or a file', load: () => import('./import.ts') },
    export: { summary: 'write a pool as one JSON object a line', load: () => import('./export.ts') },
    backup: { summary: 'copy the embedded database while it is in use', load: () => import('./backup.ts') },
    pki: { summary: 'list, rotate, add, import and revoke authorities', load: () => import('./pki.ts') },
    cleanse: { summary: 'remove what is expired or revoked from the pools', load: () => import('./cleanse.ts') },
    peer: { summary: 'add, list and remove ecosystems that are asked', load: () => import('./peer.ts') },
    webhook: { summary: 'list webhook endpoints and deliveries, send again', load: () => import('./webhook.ts') },
    doctor: { summary: 'check a deployment, and say what to do', load: () => import('./doctor.ts') },
    migrate: { summary: 'bring the database up to date', load: () => import('./migrate.ts') },
  }),
);

/** In the order in which the overview has them. */
export const commandNames: readonly string[] = [...commands.keys()];

/** Runs one command line. Never throws for what the user wrote; anything else is a defect and is thrown. */
export async function runCommandLine(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  switch (name) {
    case undefined:
    case '--help':
    case '-h':
      return print(io, overview());
    case 'help':
      return rest[0] === undefined ? print(io, overview()) : await help(rest[0], io);
    case '--version':
    case '-v':
      return print(io, `${await version()}\n`);
    default:
      return rest.some(isHelp) ? await help(name, io) : await runCommand(name, rest, io);
  }
}

function overview(): string {
  const longest = Math.max(...[...commands.keys()].map((name) => name.length));
  const lines = Array.from(commands, ([name, { summary }]) => `  ${name.padEnd(longest)}  ${summary}\n`);
  return [
    'plugpool: an open Plug & Charge ecosystem\n\nUsage: plugpool COMMAND [OPTIONS]\n\n',
    ...lines,
    '\n`plugpool help COMMAND` says more about one of them, `plugpool --version` which version this is.\n',
  ].join('');
}

async function help(name: string, io: Io): Promise<number> {
  const entry = commands.get(name);
  if (entry === undefined) return unknown(name, io);
  const { usage } = await entry.load();
  return print(io, usage.endsWith('\n') ? usage : `${usage}\n`);
}

async function runCommand(name: string, argv: readonly string[], io: Io): Promise<number> {
  const entry = commands.get(name);
  if (entry === undefined) return unknown(name, io);
  const { run } = await entry.load();
  try {
    // What the server does is done on behalf of its callers.
    if (name === 'serve') return await run(argv, io);
    return await actingAs({ actor: 'cli' }, () => run(argv, io));
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr.write(`plugpool ${name}: ${error.message}. See \`plugpool help ${name}\`.\n`);
      return 2;
    }
    if (!(error instanceof CommandFailure)) throw error;
    io.stderr.write(`plugpool ${name}: ${error.message}\n`);
    return 1;
  }
}

function unknown(name: string, io: Io): number {
  io.stderr.write(`plugpool: there is no command "${name}". \`plugpool help\` lists them.\n`);
  return 2;
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

function print(io: Io, text: string): number {
  io.stdout.write(text);
  return 0;
}
