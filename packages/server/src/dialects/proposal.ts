/** What an operator is answered whose action another one has to approve: 202, in every dialect. */

import type { Proposal } from '../approvals/approval.ts';
import { Type } from '../http/schema-builders.ts';

export const ProposedShape = Type.Object(
  {
    approvalId: Type.String({ description: 'Of the proposal, at /admin/v1/approvals.' }),
    state: Type.String(),
    expiresAt: Type.String({ format: 'date-time' }),
  },
  { title: 'Proposed' },
);

export function proposedAnswer({ id, state, expiresAt }: Proposal) {
  return {
    status: 202,
    headers: { location: `/admin/v1/approvals/${id}` },
    body: { approvalId: id, state, expiresAt: new Date(expiresAt).toISOString() },
  } as const;
}
