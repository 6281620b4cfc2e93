/** Proposals of operators, and what others decide about them. */

import { APPROVAL_STATES, type Proposal } from '../../approvals/approval.ts';
import type { Approvals } from '../../approvals/approvals.ts';
import { type Route, route } from '../../http/route.ts';
import { Type } from '../../http/schema-builders.ts';
import { cursorField, limitField, pageQuery, writeCursor } from './cursor.ts';

const Time = Type.String({ format: 'date-time' });
const ProposalShape = Type.Object(
  {
    id: Type.String(),
    kind: Type.String({
      description: 'root.add, root.remove, party.add, party.change, client.add, authority.import, …',
    }),
    object: Type.String({ description: 'Fingerprint, id or name of what it is about.' }),
    state: Type.Enum(APPROVAL_STATES),
    payload: Type.Object({}, { description: 'What was ordered; without what is secret.' }),
    proposedBy: Type.String({ description: 'As in the audit log: party:ID, cli:NAME.' }),
    proposedAt: Time,
    expiresAt: Time,
    decidedBy: Type.Optional(Type.String()),
    decidedAt: Type.Optional(Time),
    reason: Type.Optional(Type.String()),
    outcome: Type.Optional(Type.Object({}, { description: 'Ids of what was made.' })),
  },
  { title: 'Proposal' },
);
const ProposalPath = Type.Object({ approvalId: Type.String() });
const ProposalsQuery = Type.Object({ ...pageQuery, state: Type.Optional(Type.Enum(APPROVAL_STATES)) });
const ProposalList = Type.Object({
  approvals: Type.Array(ProposalShape),
  next: Type.Optional(Type.String({ description: 'The cursor of the next page, where there is one.' })),
});
const RejectionBody = Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) });

export function approvalRoutes({ approvals }: { readonly approvals: Approvals }): Route[] {
  return [
    route('GET', '/admin/v1/approvals', {
      operation: 'adminListApprovals',
      summary: 'Lists the proposals, the latest first',
      query: ProposalsQuery,
      answers: { 200: ProposalList },
      refusals: ['field-invalid'],
      handle: async ({ query: { state, limit, cursor } }) => {
        const page = await approvals.list({ state, limit: limitField(limit), before: cursorField(cursor) });
        const next = page.next && { next: writeCursor({ createdAt: page.next.proposedAt, id: page.next.id }) };
        return { status: 200, body: { approvals: page.proposals.map(proposalAnswer), ...next } };
      },
    }),

    route('GET', '/admin/v1/approvals/:approvalId', {
      operation: 'adminGetApproval',
      summary: 'Gets one proposal',
      params: ProposalPath,
      answers: { 200: ProposalShape },
      refusals: ['approval-not-found'],
      handle: async ({ params }) => ({ status: 200, body: proposalAnswer(await approvals.get(params.approvalId)) }),
    }),

    route('POST', '/admin/v1/approvals/:approvalId/approve', {
      operation: 'adminApprove',
      summary: 'Approves a proposal of another operator, which is carried out at once',
      params: ProposalPath,
      answers: { 200: ProposalShape },
      refusals: ['approval-not-found', 'approval-own', 'approval-decided', 'approval-stale'],
      handle: async ({ params }) => ({ status: 200, body: proposalAnswer(await approvals.approve(params.approvalId)) }),
    }),

    route('POST', '/admin/v1/approvals/:approvalId/reject', {
      operation: 'adminReject',
      summary: 'Rejects a proposal, or takes one’s own back',
      params: ProposalPath,
      body: RejectionBody,
      answers: { 200: ProposalShape },
      refusals: ['approval-not-found', 'approval-decided'],
      handle: async ({ params, body }) => {
        return { status: 200, body: proposalAnswer(await approvals.reject(params.approvalId, body.reason)) };
      },
    }),
  ];
}

export function proposalAnswer({ payload, proposedAt, expiresAt, decidedAt, outcome, ...rest }: Proposal) {
  return {
    ...rest,
    payload: objectIn(payload),
    proposedAt: new Date(proposedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    ...(decidedAt !== undefined && { decidedAt: new Date(decidedAt).toISOString() }),
    ...(outcome !== undefined && { outcome: objectIn(outcome) }),
  };
}

function objectIn(json: string): object {
  return JSON.parse(json);
}
