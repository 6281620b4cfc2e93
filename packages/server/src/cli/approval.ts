import { APPROVAL_STATES, type Proposal } from '../approvals/approval.ts';
import type { Approvals } from '../approvals/approvals.ts';
import { DomainError } from '../kernel/domain-error.ts';
import { proposalAnswer } from '../protocols/admin/approval-routes.ts';
import { openActions } from './actions/open-actions.ts';
import { asPerson } from './actions/person.ts';
import { CommandFailure, UsageError } from './command.ts';
import { databaseOptions, databaseUsage } from './database.ts';
import type { Io } from './io.ts';
import { oneOf, parseOptions, wholeNumber } from './options.ts';
import { formatTable } from './table.ts';

export const usage = `Usage: plugpool approval list [--state STATE] [--limit N] [--json] [OPTIONS]
       plugpool approval show ID [--json] [OPTIONS]
       plugpool approval approve ID --by NAME [--json] [OPTIONS]
       plugpool approval reject ID --by NAME [--reason TEXT] [--json] [OPTIONS]

What operators proposed and others have to approve, where \`--approvals two-person\` (PLUGPOOL_APPROVALS) wants two persons
for roots, imported authorities and the rights of parties. Works on the database itself, while a server runs or not.

  --by NAME            who you are; nobody approves what he proposed
  --state STATE        ${APPROVAL_STATES.join(', ')}
  --reason TEXT        why not, for who proposed it
  --limit N            for list (100)
  --json               one JSON value
${databaseUsage}
To approve the import of an authority, the master secret is configured as for serve.
`;

const options = {
  ...databaseOptions,
  by: { type: 'string' },
  state: { type: 'string' },
  reason: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const LONGEST_REASON = 500;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  const [word = '', id = '', further] = positionals;
  const action = oneOf(word, 'the first word', ['list', 'show', 'approve', 'reject'] as const);
  if (action === 'list' ? id !== '' : further !== undefined) throw new UsageError('that is one word too many');
  if (action !== 'list' && id === '') throw new UsageError('name a proposal by its ID');
  const decides = action === 'approve' || action === 'reject';
  if (decides && values.by === undefined) throw new UsageError('--by NAME is missing: who decides?');
  const { reason } = values;
  if (reason !== undefined && reason.length > LONGEST_REASON) throw new UsageError('--reason is too long');
  const state = values.state === undefined ? undefined : oneOf(values.state, '--state', APPROVAL_STATES);
  const limit = wholeNumber(values.limit ?? '100', 'limit', { min: 1, max: 10_000 });
  const opened = await openActions(values, io);
  try {
    const { approvals } = opened;
    const asJson = values.json === true;
    if (action === 'list') return list((await approvals.list({ state, limit })).proposals, asJson, io);
    return await asPerson(values.by, async () => show(await does(approvals, action, id, reason), asJson, io));
  } catch (error) {
    if (error instanceof DomainError) throw new CommandFailure(error.errorMessages.join('; '), { cause: error });
    throw error;
  } finally {
    await opened.close();
  }
}

function does(approvals: Approvals, action: 'show' | 'approve' | 'reject', id: string, reason: string | undefined) {
  switch (action) {
    case 'show':
      return approvals.get(id);
    case 'approve':
      return approvals.approve(id);
    case 'reject':
      return approvals.reject(id, reason);
  }
}

function list(proposals: readonly Proposal[], asJson: boolean, io: Io): number {
  if (asJson) {
    io.stdout.write(`${JSON.stringify(proposals.map(proposalAnswer))}\n`);
    return 0;
  }
  const columns = ['ID', 'STATE', 'WHAT', 'OF WHAT', 'PROPOSED BY', 'UNTIL'].map((title) => ({ title }));
  const rows = proposals.map(({ id, state, kind, object, proposedBy, expiresAt }) => [
    ...[id, state, kind, object, proposedBy],
    new Date(expiresAt).toISOString(),
  ]);
  io.stdout.write(rows.length === 0 ? 'nothing is proposed\n' : formatTable(columns, rows));
  return 0;
}

function show(proposal: Proposal, asJson: boolean, io: Io): number {
  const answer = proposalAnswer(proposal);
  if (asJson) {
    io.stdout.write(`${JSON.stringify(answer)}\n`);
    return 0;
  }
  const words = Object.entries(answer).map(([name, value]) => {
    return `${name.padEnd(12)}${typeof value === 'object' ? JSON.stringify(value) : value}\n`;
  });
  io.stdout.write(words.join(''));
  return 0;
}
