/** What a peer trusts, and what of it is trusted here. */
import { Badge, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { commonNameOf, formatName } from '@plugpool/iso15118';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { DialogButton } from '../parts/dialog-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { type Peer, type PeerRoot, trustRoot, usePeerRoots } from '../server/peers.ts';
import { texts } from '../texts/texts.ts';

export function PeerRoots({ peer: { id, baseUrl } }: { readonly peer: Peer }) {
  return (
    <DialogButton label={texts.peers.roots} title={texts.peers.rootsOf(baseUrl)} variant="default" size="xs">
      {() => <RootList id={id} />}
    </DialogButton>
  );
}

function RootList({ id }: { readonly id: string }) {
  const roots = usePeerRoots(id);
  return (
    <Stack>
      <Text size="sm">{texts.peers.rootsWhat}</Text>
      {roots.isPending && <Skeleton height={160} />}
      {roots.isError && <ErrorNote error={roots.error} again={() => roots.refetch()} />}
      {roots.data?.length === 0 && <Text>{texts.peers.noRoots}</Text>}
      {roots.data?.map((root) => (
        <RootOfPeer key={root.certificate.fingerprint} root={root} />
      ))}
    </Stack>
  );
}

function RootOfPeer({ root }: { readonly root: PeerRoot }) {
  const { subject, fingerprint, publicKey } = root.certificate;
  const name = commonNameOf(subject) ?? formatName(subject);
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" wrap="nowrap">
        <Stack gap={2}>
          <Text size="sm" fw={600} className="mono" title={formatName(subject)}>
            {name}
          </Text>
          <Text size="xs" className="quiet mono">
            {root.types.join(', ')} · {publicKey.curve} · {fingerprint}
          </Text>
        </Stack>
        {root.trusted ? (
          <Badge variant="outline" tt="none">
            {texts.peers.trusted}
          </Badge>
        ) : (
          <ConfirmButton
            label={texts.peers.trust}
            title={texts.peers.trustTitle}
            what={texts.peers.trustWhat(name)}
            action={() => trustRoot(root)}
          />
        )}
      </Group>
    </Paper>
  );
}
