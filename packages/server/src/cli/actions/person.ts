/** Who uses the command line, and what he is told when another operator has to approve. */
import type { Proposal } from '../../approvals/approval.ts';
import { actingAs } from '../../kernel/acting.ts';
import { UsageError } from '../command.ts';
import type { Io } from '../io.ts';

export const personOptions = { by: { type: 'string' }, approvals: { type: 'string' } } as const;

export const personUsage = `  --by NAME            who you are, for the audit log and for approvals
  --approvals MODE     two-person: another operator has to approve (none; PLUGPOOL_APPROVALS)
`;

/** In the name of that person: `cli:NAME` in the audit log, `cli` where nobody is named. @throws UsageError */
export function asPerson<T>(name: string | undefined, work: () => Promise<T>): Promise<T> {
  if (name === undefined) return work();
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,99}$/u.test(name)) {
    throw new UsageError(`--by must be a name of letters and digits, not ${JSON.stringify(name)}`);
  }
  return actingAs({ actor: `cli:${name}` }, work);
}

export function showProposed({ id, kind, object, expiresAt }: Proposal, asJson: boolean, io: Io): void {
  const until = new Date(expiresAt).toISOString();
  io.stdout.write(
    asJson
      ? `${JSON.stringify({ approvalId: id, state: 'pending', expiresAt: until })}\n`
      : `proposed ${kind} ${object}\n${id} waits until ${until} for another operator: plugpool approval approve ${id} --by NAME\n`,
  );
}
