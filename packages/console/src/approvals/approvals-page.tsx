import { Alert, Badge, Code, Group, NativeSelect, Paper, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Facts } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { MoreButton } from '../parts/more-button.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { approve, type Proposal, reject, useApprovals } from '../server/approvals.ts';
import { useSession } from '../server/session.ts';
import { texts } from '../texts/texts.ts';
import classes from './approvals.module.css';

const WAITING = 'pending';

export function ApprovalsPage() {
  const [params, setParams] = useSearchParams();
  const state = params.get('state') ?? WAITING;
  return (
    <>
      <PageHead title={texts.approvals.title} what={texts.approvals.what} />
      <NativeSelect
        label={texts.approvals.state}
        value={state}
        onChange={({ currentTarget: { value } }) => setParams({ state: value }, { replace: true })}
        data={Object.entries(texts.approvals.states).map(([value, label]) => ({ value, label }))}
        w="fit-content"
        mb="md"
      />
      <Proposals state={state} />
    </>
  );
}

function Proposals({ state }: { readonly state: string }) {
  const list = useApprovals(state);
  if (list.isPending) return <Skeleton height={320} />;
  if (list.isError) return <ErrorNote error={list.error} again={() => list.refetch()} />;
  const proposals = list.data.pages.flatMap((page) => page.approvals);
  if (proposals.length === 0) {
    return state === WAITING ? (
      <Alert title={texts.approvals.empty}>{texts.approvals.emptyWhat}</Alert>
    ) : (
      <Alert title={texts.approvals.noneInState} />
    );
  }
  return (
    <Stack>
      {proposals.map((proposal) => (
        <ProposalCard key={proposal.id} proposal={proposal} />
      ))}
      {list.hasNextPage && (
        <Group justify="center">
          <MoreButton list={list}>{texts.approvals.more}</MoreButton>
        </Group>
      )}
    </Stack>
  );
}

function ProposalCard({ proposal }: { readonly proposal: Proposal }) {
  const { kind, object, state, payload, proposedBy, proposedAt, expiresAt, decidedBy, decidedAt, reason } = proposal;
  const decided = decidedBy !== undefined && decidedAt !== undefined;
  return (
    <Paper withBorder p="md" component="article" aria-label={`${texts.approvals.kinds[kind] ?? kind} ${object}`}>
      <Group justify="space-between" align="flex-start" mb="sm">
        <Group gap="xs">
          <Title order={3} size="h4">
            {texts.approvals.kinds[kind] ?? kind}
          </Title>
          <Badge variant="default">{texts.approvals.states[state] ?? state}</Badge>
        </Group>
        {state === WAITING && <Decision proposal={proposal} />}
      </Group>
      <Facts
        facts={[
          [texts.approvals.proposal, <Mono key="object" text={object} />],
          [texts.approvals.by, <Who key="by" name={proposedBy} at={proposedAt} />],
          ...(state === WAITING
            ? [[texts.approvals.until, <Moment key="until" at={Date.parse(expiresAt)} />] as const]
            : []),
          ...(decided
            ? [[texts.approvals.decided, <Who key="decided" name={decidedBy} at={decidedAt} />] as const]
            : []),
          ...(reason === undefined ? [] : [[texts.approvals.reason, reason] as const]),
        ]}
      />
      <Text size="sm" className="quiet" mt="sm">
        {texts.approvals.ordered}
      </Text>
      <Code block tabIndex={0} role="region" className={classes['ordered'] ?? ''} aria-label={texts.approvals.ordered}>
        {JSON.stringify(payload, undefined, 2)}
      </Code>
    </Paper>
  );
}

function Mono({ text }: { readonly text: string }) {
  return <span className="mono">{text}</span>;
}

function Who({ name, at }: { readonly name: string; readonly at: string }) {
  return (
    <>
      <Mono text={name} />, <Moment at={Date.parse(at)} />
    </>
  );
}

/** One's own is taken back, and approved by others. */
function Decision({ proposal: { id, kind, object, proposedBy } }: { readonly proposal: Proposal }) {
  const [reason, setReason] = useState('');
  const isOwn = useSession().data?.operator?.operator === proposedBy;
  return (
    <Group gap="xs">
      {isOwn && (
        <Text size="sm" className="quiet">
          {texts.approvals.own}
        </Text>
      )}
      <ConfirmButton
        label={isOwn ? texts.approvals.takeBack : texts.approvals.reject}
        title={texts.approvals.rejectTitle}
        what={texts.approvals.rejectWhat}
        isFinal
        action={() => reject(id, reason.trim())}
      >
        <TextInput
          label={texts.approvals.reason}
          maxLength={500}
          value={reason}
          onChange={({ currentTarget: { value } }) => setReason(value)}
        />
      </ConfirmButton>
      {!isOwn && (
        <ConfirmButton
          label={texts.approvals.approve}
          title={texts.approvals.approveTitle}
          what={texts.approvals.approveWhat(texts.approvals.kinds[kind] ?? kind, object)}
          variant="filled"
          action={() => approve(id)}
        />
      )}
    </Group>
  );
}
