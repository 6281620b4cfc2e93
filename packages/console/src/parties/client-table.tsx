/** Who asks for tokens in a party's name, and with what. */
import { Button, Group, Modal, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Moment } from '../parts/moment.tsx';
import { WarningBadge } from '../parts/warning-badge.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { addClient, type Party, type PartyClient, rotateClient, setClientDisabled } from '../server/parties.ts';
import { texts } from '../texts/texts.ts';
import { type Outcome, OutcomeDialog } from './outcome.tsx';
import { PublicKeyField } from './party-form.tsx';

export function ClientTable({ party }: { readonly party: Party }) {
  const [outcome, setOutcome] = useState<Outcome>();
  return (
    <>
      {party.clients.length === 0 ? (
        <Text>{texts.parties.noClients}</Text>
      ) : (
        <WideTable label={texts.parties.clients} minWidth={720}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.parties.client}</Table.Th>
              <Table.Th>{texts.parties.credentials}</Table.Th>
              <Table.Th>{texts.parties.added}</Table.Th>
              <Table.Th aria-label={texts.parties.change} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {party.clients.map((client) => (
              <ClientRow key={client.clientId} party={party} client={client} show={setOutcome} />
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      <AddClient party={party} show={setOutcome} />
      <OutcomeDialog outcome={outcome} close={() => setOutcome(undefined)} />
    </>
  );
}

interface RowProps {
  readonly party: Party;
  readonly client: PartyClient;
  readonly show: (outcome: Outcome) => void;
}

function ClientRow({ party: { partyId }, client, show }: RowProps) {
  const [overlap, setOverlap] = useState('86400');
  const { clientId, secrets, publicKeys, disabled, createdAt } = client;
  const verb = disabled ? 'enable' : 'disable';
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <span className="mono">{clientId}</span>
          {disabled && <WarningBadge>{texts.parties.disabled}</WarningBadge>}
        </Group>
      </Table.Td>
      <Table.Td>{publicKeys > 0 ? texts.parties.keys(publicKeys) : texts.parties.secrets(secrets)}</Table.Td>
      <Table.Td>
        <Moment at={Date.parse(createdAt)} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {publicKeys === 0 && (
            <ConfirmButton
              label={texts.parties.rotate}
              title={texts.parties.rotateTitle}
              what={texts.parties.rotateWhat}
              action={async () => show(await rotateClient(partyId, clientId, Number(overlap)))}
            >
              <NativeSelect
                label={texts.parties.overlap}
                value={overlap}
                onChange={({ currentTarget: { value } }) => setOverlap(value)}
                data={Object.entries(texts.parties.overlaps).map(([value, label]) => ({ value, label }))}
              />
            </ConfirmButton>
          )}
          <ConfirmButton
            label={texts.parties[verb]}
            title={texts.parties[`${verb}Title`](clientId)}
            what={texts.parties[`${verb}What`]}
            isFinal={!disabled}
            action={() => setClientDisabled(partyId, clientId, !disabled)}
          />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function AddClient({ party: { partyId }, show }: Pick<RowProps, 'party' | 'show'>) {
  const [opened, { open, close }] = useDisclosure(false);
  const [publicKey, setPublicKey] = useState('');
  const queries = useQueryClient();
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => addClient(partyId, publicKey.trim()),
    onSuccess: async (made) => {
      close();
      show(made);
      await queries.invalidateQueries();
    },
  });
  const start = () => {
    reset();
    setPublicKey('');
    open();
  };
  return (
    <Group>
      <Button variant="default" onClick={start}>
        {texts.parties.addClient}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={<Text fw={600}>{texts.parties.addClient}</Text>}
        size="lg"
        closeButtonProps={{ 'aria-label': texts.parts.close }}
      >
        <Stack>
          <PublicKeyField value={publicKey} change={setPublicKey} />
          {error !== null && <ErrorNote error={error} again={() => mutate()} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {texts.pools.cancel}
            </Button>
            <Button onClick={() => mutate()} loading={isPending}>
              {texts.parties.addIt}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Group>
  );
}
