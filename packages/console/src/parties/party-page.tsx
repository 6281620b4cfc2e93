import { Anchor, Button, Group, Modal, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Facts } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { WarningBadge } from '../parts/warning-badge.tsx';
import {
  changeParty,
  IDENTIFIER_KINDS,
  isProposed,
  type Party,
  type PartyFields,
  setPartyDisabled,
  useParty,
} from '../server/parties.ts';
import { texts } from '../texts/texts.ts';
import { ClientTable } from './client-table.tsx';
import { type Outcome, OutcomeDialog } from './outcome.tsx';
import { RoleBadges } from './parties-page.tsx';
import { PartyForm } from './party-form.tsx';

export function PartyPage() {
  const { partyId = '' } = useParams();
  const party = useParty(partyId);
  return (
    <>
      {party.isPending && <Skeleton height={320} />}
      {party.isError && (
        <>
          <PageHead title={texts.parties.notThere} />
          <ErrorNote error={party.error} again={() => party.refetch()} />
        </>
      )}
      {party.data !== undefined && <Shown party={party.data} />}
      <Anchor component={Link} to="/parties" underline="always" mt="lg" display="inline-block">
        {texts.parties.all}
      </Anchor>
    </>
  );
}

function Shown({ party }: { readonly party: Party }) {
  const name = party.name === '' ? party.partyId : party.name;
  const verb = party.disabled ? 'enable' : 'disable';
  const own = IDENTIFIER_KINDS.filter((kind) => party[kind].length > 0);
  return (
    <>
      <PageHead title={name}>
        <ChangeParty party={party} name={name} />
        <ConfirmButton
          label={texts.parties[verb]}
          title={texts.parties[`${verb}Title`](name)}
          what={texts.parties[`${verb}What`]}
          size="sm"
          isFinal={!party.disabled}
          action={() => setPartyDisabled(party.partyId, !party.disabled)}
        />
      </PageHead>
      <Stack>
        <Paper withBorder p="md">
          <Facts
            facts={[
              [texts.parties.roles, <RoleBadges key="roles" party={party} />],
              [
                texts.parties.state,
                party.disabled ? (
                  <WarningBadge key="state">{texts.parties.disabled}</WarningBadge>
                ) : (
                  texts.parties.active
                ),
              ],
              ...own.map((kind) => [texts.parties.identifiers[kind], <Own key={kind} values={party[kind]} />] as const),
              ...(party.roles.includes('emsp')
                ? [[texts.parties.pki, texts.parties.pkiWords[party.pki]] as const]
                : []),
              [texts.parties.added, <Moment key="added" at={Date.parse(party.createdAt)} />],
              ['ID', <Own key="id" values={[party.partyId]} />],
            ]}
          />
        </Paper>
        <Title order={3} size="h4">
          {texts.parties.clients}
        </Title>
        <ClientTable party={party} />
        <Text>
          <Anchor component={Link} to={`/audit?actor=party:${party.partyId}`} underline="always">
            {texts.parties.history}
          </Anchor>
        </Text>
      </Stack>
    </>
  );
}

function Own({ values }: { readonly values: readonly string[] }) {
  return <span className="mono">{values.join(', ')}</span>;
}

function ChangeParty({ party, name }: { readonly party: Party; readonly name: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const queries = useQueryClient();
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (fields: PartyFields) => changeParty(party.partyId, fields),
    onSuccess: async (changed) => {
      close();
      if (isProposed(changed)) setOutcome(changed);
      await queries.invalidateQueries();
    },
  });
  const start = () => {
    reset();
    open();
  };
  return (
    <Group>
      <Button variant="default" onClick={start}>
        {texts.parties.change}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={<Text fw={600}>{texts.parties.changeTitle(name)}</Text>}
        size="lg"
        closeButtonProps={{ 'aria-label': texts.parts.close }}
      >
        <PartyForm
          before={party}
          submitLabel={texts.parties.save}
          isPending={isPending}
          error={error}
          submit={(fields) => mutate(fields)}
          cancel={close}
        />
      </Modal>
      <OutcomeDialog outcome={outcome} close={() => setOutcome(undefined)} />
    </Group>
  );
}
