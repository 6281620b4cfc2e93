import { Alert, Badge, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { changePeer, type Peer, removePeer, usePeers } from '../server/peers.ts';
import { texts } from '../texts/texts.ts';
import { AddPeer } from './add-peer.tsx';
import { PeerRoots } from './peer-roots.tsx';

export function PeersPage() {
  const peers = usePeers();
  return (
    <>
      <PageHead title={texts.peers.title} what={texts.peers.what}>
        <AddPeer />
      </PageHead>
      {peers.isPending && <Skeleton height={240} />}
      {peers.isError && <ErrorNote error={peers.error} again={() => peers.refetch()} />}
      {peers.data?.length === 0 && <Alert title={texts.peers.none}>{texts.peers.noneWhat}</Alert>}
      {peers.data !== undefined && peers.data.length > 0 && <PeerTable peers={peers.data} />}
    </>
  );
}

function PeerTable({ peers }: { readonly peers: readonly Peer[] }) {
  return (
    <WideTable
      label={texts.peers.title}
      minWidth={760}
      columns={[texts.peers.address, texts.peers.roles, texts.peers.priority, texts.peers.state]}
      actions={texts.peers.remove}
    >
      {peers.map((peer) => (
        <PeerRow key={peer.id} peer={peer} />
      ))}
    </WideTable>
  );
}

function PeerRow({ peer }: { readonly peer: Peer }) {
  const { baseUrl, dialect, roles, priority, clientId } = peer;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" className="mono">
          {baseUrl}
        </Text>
        <Text size="xs" className="quiet">
          {texts.peers.dialects[dialect] ?? dialect}
          {clientId !== undefined && `, ${texts.peers.withCredentials(clientId)}`}
        </Text>
      </Table.Td>
      <Table.Td>{roles.map((role) => texts.peers.roleWords[role] ?? role).join(', ')}</Table.Td>
      <Table.Td>{priority}</Table.Td>
      <Table.Td>
        <State peer={peer} />
      </Table.Td>
      <Table.Td>
        <Actions peer={peer} />
      </Table.Td>
    </Table.Tr>
  );
}

function State({ peer: { enabled, resting } }: { readonly peer: Peer }) {
  if (!enabled) {
    return (
      <Badge variant="default" tt="none">
        {texts.peers.disabled}
      </Badge>
    );
  }
  return (
    <Badge variant="outline" tt="none" {...(resting && { color: 'red.8' })}>
      {resting ? texts.peers.resting : texts.peers.asked}
    </Badge>
  );
}

function Actions({ peer }: { readonly peer: Peer }) {
  const { id, baseUrl, enabled, source } = peer;
  if (source === 'configuration') {
    return (
      <Stack gap={4} align="flex-start">
        <PeerRoots peer={peer} />
        <Text size="xs" className="quiet">
          {texts.peers.configured}
        </Text>
      </Stack>
    );
  }
  const word = enabled ? 'disable' : 'enable';
  return (
    <Group gap="xs">
      <PeerRoots peer={peer} />
      <ConfirmButton
        label={texts.peers[word]}
        title={texts.peers[`${word}Title`]}
        what={texts.peers[`${word}What`](baseUrl)}
        action={() => changePeer(id, { enabled: !enabled })}
      />
      <ConfirmButton
        label={texts.peers.remove}
        title={texts.peers.removeTitle}
        what={texts.peers.removeWhat(baseUrl)}
        action={() => removePeer(id)}
        isFinal
      />
    </Group>
  );
}
