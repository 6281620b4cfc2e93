/** Changes that two operators decide are answered with a proposal, 202, in every dialect alike. */
import type { SentCertificate } from './certificate-chain.ts';
import type { Received } from './dialect.ts';
import type { ProposedChange } from './operator.ts';

const ACCEPTED = 202;

/** What `done` reads, unless the answer is a proposal. @throws CallError `bad-answer` */
export function unlessProposed<C extends SentCertificate, T>(
  done: (received: Received<C>) => T,
): (received: Received<C>) => T | ProposedChange {
  return (received) => {
    if (received.status !== ACCEPTED) return done(received);
    const answer = received.json();
    const [approvalId, expiresAt] = [answer.at('approvalId').text(), answer.at('expiresAt').instant()];
    return { outcome: 'proposed', approvalId, expiresAt };
  };
}

/** Whatever the answer says. */
export const removedRoot = () => ({ outcome: 'removed' }) as const;
