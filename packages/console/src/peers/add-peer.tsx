import { Button, Group, NativeSelect, NumberInput, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { DialogButton } from '../parts/dialog-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { type NewPeer, useAddPeer } from '../server/peers.ts';
import { texts } from '../texts/texts.ts';

export function AddPeer() {
  return (
    <DialogButton label={texts.peers.add} dialogSize="md">
      {(close) => <AddPeerForm close={close} />}
    </DialogButton>
  );
}

const USUAL_PRIORITY = 100;
const MOST_PRIORITY = 1_000_000;

function AddPeerForm({ close }: { readonly close: () => void }) {
  const [baseUrl, setBaseUrl] = useState('');
  const [dialect, setDialect] = useState('opnc');
  const [priority, setPriority] = useState(USUAL_PRIORITY);
  const [clientId, setClientId] = useState('');
  const [clientSecret, setClientSecret] = useState('');
  const { mutate, isPending, error } = useAddPeer(close);
  const peer: NewPeer = {
    ...{ baseUrl: baseUrl.trim(), dialect, priority },
    ...(clientId !== '' && { clientId }),
    ...(clientSecret !== '' && { clientSecret }),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate(peer);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={texts.peers.address}
          description={texts.peers.addWhat}
          type="url"
          required
          data-autofocus
          value={baseUrl}
          onChange={({ currentTarget: { value } }) => setBaseUrl(value)}
        />
        <NativeSelect
          label={texts.peers.dialect}
          value={dialect}
          onChange={({ currentTarget: { value } }) => setDialect(value)}
          data={Object.entries(texts.peers.dialects).map(([value, label]) => ({ value, label }))}
        />
        <NumberInput
          label={texts.peers.priority}
          description={texts.peers.priorityWhat}
          min={0}
          max={MOST_PRIORITY}
          allowDecimal={false}
          hideControls
          value={priority}
          onChange={(value) => setPriority(Number(value))}
        />
        <TextInput
          label={texts.peers.clientId}
          autoComplete="off"
          value={clientId}
          onChange={({ currentTarget: { value } }) => setClientId(value)}
        />
        <PasswordInput
          label={texts.peers.clientSecret}
          description={texts.peers.credentialsWhat}
          autoComplete="off"
          value={clientSecret}
          onChange={({ currentTarget: { value } }) => setClientSecret(value)}
        />
        {error !== null && <ErrorNote error={error} again={() => mutate(peer)} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {texts.pools.cancel}
          </Button>
          <Button type="submit" loading={isPending}>
            {texts.peers.addIt}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
