/** Who asks for tokens in a party's name, and with what. */
import { Button, Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Moment } from '../parts/moment.tsx';
import { WarningBadge } from '../parts/warning-badge.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { addClient, type Party, type PartyClient, rotateClient, setClientDisabled } from '../server/parties.ts';
import { texts } from '../texts/texts.ts';
import { ChangeDialog, type ChangeForm } from './change-dialog.tsx';
import { DisableButton } from './disable-button.tsx';
import { type Outcome, OutcomeDialog } from './outcome.tsx';
import { PublicKeyField } from './party-form.tsx';

export function ClientTable({ party }: { readonly party: Party }) {
  const [outcome, setOutcome] = useState<Outcome>();
  return (
    <>
      {party.clients.length === 0 ? (
        <Text>{texts.parties.noClients}</Text>
      ) : (
        <WideTable
          label={texts.parties.clients}
          minWidth={720}
          columns={[texts.parties.client, texts.parties.credentials, texts.parties.added]}
          actions={texts.parties.change}
        >
          {party.clients.map((client) => (
            <ClientRow key={client.clientId} party={party} client={client} show={setOutcome} />
          ))}
        </WideTable>
      )}
      <AddClient party={party} />
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
          <DisableButton
            name={clientId}
            isDisabled={disabled}
            setDisabled={(isDisabled) => setClientDisabled(partyId, clientId, isDisabled)}
          />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function AddClient({ party: { partyId } }: Pick<RowProps, 'party'>) {
  return (
    <Group>
      <ChangeDialog
        label={texts.parties.addClient}
        variant="default"
        change={(publicKey: string) => addClient(partyId, publicKey)}
      >
        {(form) => <ClientForm {...form} />}
      </ChangeDialog>
    </Group>
  );
}

function ClientForm({ isPending, error, submit, cancel }: ChangeForm<string>) {
  const [publicKey, setPublicKey] = useState('');
  const send = () => submit(publicKey.trim());
  return (
    <Stack>
      <PublicKeyField value={publicKey} change={setPublicKey} />
      {error !== null && <ErrorNote error={error} again={send} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={cancel}>
          {texts.pools.cancel}
        </Button>
        <Button onClick={send} loading={isPending}>
          {texts.parties.addIt}
        </Button>
      </Group>
    </Stack>
  );
}
