/**
 * `npm run reference`: writes `docs/reference`, the pages that follow from the program: commands, options, operations,
 * errors and events. A test fails when a page is not what this writes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandNames, runCommandLine } from '../packages/server/src/cli/commands.ts';
import { memoryIo } from '../packages/server/src/cli/memory-io.ts';
import { startEcosystem } from '../packages/server/src/compose.ts';
import { dialectOperations } from '../packages/server/src/dialects/operations.ts';
import { type RouteRight, rightOf } from '../packages/server/src/dialects/rights.ts';
import { eventTypes } from '../packages/server/src/events/event.ts';
import { eventNameFor } from '../packages/server/src/events/webhook-endpoint.ts';
import type { Operation } from '../packages/server/src/http/operation.ts';
import { systemClock } from '../packages/server/src/kernel/clock.ts';
import { domainErrorKinds, exampleOf } from '../packages/server/src/kernel/domain-error.ts';
import { createLogger } from '../packages/server/src/observe/logger.ts';
import { serveOptions } from '../packages/server/src/serve-options.ts';
import { readSettings } from '../packages/server/src/settings.ts';

const made = 'Written by `npm run reference` from the program itself.';

/** The pages by their file names. */
export async function referencePages(): Promise<Map<string, string>> {
  return new Map([
    ['commands.md', await commandsPage()],
    ['configuration.md', configurationPage()],
    ['errors.md', errorsPage()],
    ['events.md', eventsPage()],
    ['operations.md', await operationsPage()],
  ]);
}

async function commandsPage(): Promise<string> {
  const sections: string[] = [];
  for (const name of commandNames) {
    const io = memoryIo();
    await runCommandLine(['help', name], io);
    sections.push(`## ${name}\n\n\`\`\`text\n${io.out().trimEnd()}\n\`\`\`\n`);
  }
  return page('Commands', 'In the repository as `npx plugpool …`.', sections.join('\n'));
}

function configurationPage(): string {
  const rows = Object.entries(serveOptions).map(([name, { environment, placeholder, help }]) => [
    code(`--${name} ${placeholder}`),
    environment.map(code).join(', '),
    help,
  ]);
  const what =
    'What `plugpool serve` (and `npm start --`) can be told: by flag, by environment, or in the JSON file that `--config` ' +
    'names, where the key is the name of the flag. The first of the three that has a value wins; a wrong value stops the ' +
    'start with one line that names it. In brackets: what holds when nothing is said.';
  return page('Configuration', what, table(['flag', 'environment', 'what it is'], rows));
}

function errorsPage(): string {
  const rows = domainErrorKinds.map((kind) => {
    const { status, text } = exampleOf(kind, []);
    return [String(status), code(text), kind];
  });
  const what =
    'Every refusal has one form: `{"errorMessages":[…],"traceId":"…"}`. This is the closed set of what can stand there; an ' +
    'ellipsis is a detail, such as the name of a field. Clients may rely on the texts. Beside them there are the 404 of an ' +
    'unknown path, 405 with `Allow`, 413, 415, and a 500 that tells nothing but the trace id to look for in the log.';
  return page('Errors', what, table(['status', 'text', 'name in the code'], rows));
}

function eventsPage(): string {
  const rows = eventTypes.map((type) => [code(type), code(eventNameFor(type, { dialect: 'opnc', enabledEvents: [] }))]);
  const what =
    'What an endpoint can enable; either spelling is understood in either dialect. When each is sent, and to whom, is in ' +
    '[webhooks](../webhooks.md).';
  return page('Events', what, table(['sent to endpoints of OPCP', 'of OPNC'], rows));
}

async function operationsPage(): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'plugpool-reference-'));
  const settings = readSettings(['--data', data, '--port', '0'], {}, () => undefined);
  const server = await startEcosystem(settings, { clock: systemClock, logger: createLogger('silent') });
  try {
    const { opnc, opcp, quickstart } = dialectOperations(server.ecosystem);
    const what =
      'One capability, three spellings. The last column says who may call it when authentication is on: "own" means ' +
      "objects under the caller's own identifiers; the operator may everything. Shapes, examples and a way to try each " +
      'call are at `/docs` of a running server; [dialects](../dialects.md) says where an operation differs from its reference.';
    const tables = [`## OPNC\n\n${operations(opnc)}`, `## OPCP 1.0\n\n${operations(opcp)}`];
    return page('Operations', what, [...tables, `## Quick start of 2018\n\n${operations(quickstart)}`].join('\n'));
  } finally {
    await server.close();
    await rm(data, { recursive: true });
  }
}

function operations(rows: readonly Operation[]): string {
  return table(
    ['call', 'what it does', 'who'],
    rows.map(({ method, path, operation, summary = '', deprecated }) => [
      code(`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`),
      deprecated ? `${summary} (deprecated)` : summary,
      who(rightOf({ url: path, operation })),
    ]),
  );
}

function who(right: RouteRight | undefined): string {
  if (right === undefined || right === 'open') return 'anybody';
  const spelled = { oem: 'OEM', emsp: 'eMSP', cpo: 'CPO', cps: 'CPS' };
  const roles = Object.entries(right.roles);
  if (roles.length === 0) return 'operator';
  if (roles.length === 4 && roles.every(([, reach]) => reach === 'any')) return 'any party';
  const pki = right.pki === undefined ? '' : ` with ${right.pki === 'own' ? 'its own' : 'our'} MO PKI`;
  return Object.entries(spelled)
    .flatMap(([role, name]) => {
      const reach = roles.find(([each]) => each === role)?.[1];
      if (reach === undefined) return [];
      return `${name}${role === 'emsp' ? pki : ''}${reach === 'own' ? ' (own)' : ''}`;
    })
    .join(', ');
}

function page(title: string, what: string, content: string): string {
  return `# ${title}\n\n${what}\n\n${content.trimEnd()}\n\n${made}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('');
}

function code(text: string): string {
  return `\`${text}\``;
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '../docs/reference');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of await referencePages()) writeFileSync(join(folder, name), text);
}
