import { Alert, Button, Group, Paper, Text, Title } from '@mantine/core';
import { CopyButton } from '../parts/copy-button.tsx';
import { inDigits } from '../parts/digits.ts';
import { ErrorNote } from '../parts/error-note.tsx';
import { type ChainState as State, useChain } from '../server/audit.ts';
import { texts } from '../texts/texts.ts';

/** Whether somebody changed the log past the server. */
export function ChainState() {
  const { data, error, isPending, mutate } = useChain();
  return (
    <Paper withBorder p="md" mb="md" data-testid="chain">
      <Group justify="space-between" align="flex-start" mb="xs">
        <div>
          <Title order={3} size="h4">
            {texts.audit.chain}
          </Title>
          <Text size="sm" className="quiet">
            {texts.audit.chainWhat}
          </Text>
        </div>
        <Button variant="default" loading={isPending} onClick={() => mutate()}>
          {texts.audit.verify}
        </Button>
      </Group>
      <div role="status">{data !== undefined && <Verdict state={data} />}</div>
      {error !== null && <ErrorNote error={error} again={() => mutate()} />}
    </Paper>
  );
}

function Verdict({ state: { rows, head, brokenAt } }: { readonly state: State }) {
  if (brokenAt !== undefined) {
    return (
      <Alert color="red" title={texts.audit.broken(inDigits(brokenAt))}>
        {texts.audit.brokenWhat}
      </Alert>
    );
  }
  return (
    <>
      <Text>{texts.audit.holds(inDigits(rows))}</Text>
      {head !== undefined && (
        <Group gap="xs">
          <Text size="sm">
            {texts.audit.head} <span className="mono">{head.slice(0, 32)}…</span>
          </Text>
          <CopyButton content={() => head} size="compact-xs" />
          <Text size="sm" className="quiet">
            {texts.audit.headWhat}
          </Text>
        </Group>
      )}
    </>
  );
}
