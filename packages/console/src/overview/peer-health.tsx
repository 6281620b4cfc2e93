import { Group, Paper, Text, Title } from '@mantine/core';
import { Icon } from '../app/icons.tsx';
import { usePeers } from '../server/peers.ts';
import { texts } from '../texts/texts.ts';

/** Whether those that are asked answer. */
export function PeerHealth() {
  const { data = [] } = usePeers();
  const asked = data.filter(({ enabled }) => enabled);
  const resting = asked.filter((peer) => peer.resting);
  const sentence =
    resting.length > 0
      ? texts.peers.healthResting(resting.map(({ baseUrl }) => baseUrl).join(', '))
      : asked.length === 0
        ? texts.peers.healthNone
        : texts.peers.healthGood(asked.length);
  return (
    <Paper withBorder p="md" data-testid="peers">
      <Title order={3} size="h4" mb="xs">
        {texts.peers.health}
      </Title>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Icon name={resting.length > 0 ? 'bad' : asked.length === 0 ? 'open' : 'good'} />
        <Text size="sm">{sentence}</Text>
      </Group>
    </Paper>
  );
}
