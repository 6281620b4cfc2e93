/** What came of a change: a secret that is shown this once, or a proposal that waits. */
import { Alert, Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { CopyButton } from '../parts/copy-button.tsx';
import { Facts } from '../parts/facts.tsx';
import { isProposed, type Proposed } from '../server/asking.ts';
import type { MadeClient } from '../server/parties.ts';
import { texts } from '../texts/texts.ts';

export type Outcome = MadeClient | Proposed;

interface Props {
  /** Undefined while there is nothing to say. */
  readonly outcome: Outcome | undefined;
  readonly close: () => void;
}

/** It closes by its button only: a click beside it must not lose the secret. */
export function OutcomeDialog({ outcome, close }: Props) {
  const isWaiting = outcome !== undefined && isProposed(outcome);
  return (
    <Modal
      opened={outcome !== undefined}
      onClose={close}
      title={isWaiting ? texts.parties.proposed : texts.parties.secretTitle}
      size="lg"
      centered
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={isWaiting}
    >
      {outcome !== undefined && (
        <Stack>
          {isProposed(outcome) ? <WaitingNote /> : <Credentials client={outcome} />}
          <Group justify="flex-end">
            <Button onClick={close} data-autofocus>
              {isWaiting ? texts.parts.close : texts.parties.done}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function WaitingNote() {
  return (
    <Text>
      {texts.parties.proposedWhat}{' '}
      <Anchor component={Link} to="/approvals" underline="always">
        {texts.parties.toApprovals}
      </Anchor>
    </Text>
  );
}

function Credentials({ client: { clientId, clientSecret } }: { readonly client: MadeClient }) {
  if (clientId === undefined) return <Alert>{texts.parties.noClientWhat}</Alert>;
  return (
    <>
      {clientSecret !== undefined && <Text>{texts.parties.secretWhat}</Text>}
      <Facts
        facts={[
          [texts.parties.clientId, <Copied key="id" text={clientId} />],
          ...(clientSecret === undefined
            ? []
            : [[texts.parties.clientSecret, <Copied key="secret" text={clientSecret} />] as const]),
        ]}
      />
    </>
  );
}

function Copied({ text }: { readonly text: string }) {
  return (
    <Group gap="xs">
      <span className="mono">{text}</span>
      <CopyButton content={() => text} size="compact-xs" />
    </Group>
  );
}
