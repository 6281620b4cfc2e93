import { Anchor, Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { Moment } from '../parts/moment.tsx';
import { type FedEvent, useFeed } from '../server/feed.ts';
import { texts } from '../texts/texts.ts';
import classes from './event-feed.module.css';

const states = { live: 'live', connecting: 'connecting', closed: 'noFeed' } as const;

/** The latest first, in a frame that does not grow. */
export function EventFeed() {
  const { events, state } = useFeed();
  return (
    <Paper withBorder p="md" data-testid="feed">
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h4">
          {texts.overview.feed}
        </Title>
        <Badge variant={state === 'live' ? 'outline' : 'default'}>{texts.overview[states[state]]}</Badge>
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard. */}
      <ol className={classes['feed']} aria-label={texts.overview.feed} tabIndex={0}>
        {events.length === 0 && (
          <li>
            <Text>{texts.overview.nothingYet}</Text>
            <Text className="quiet">{texts.overview.nothingYetWhat}</Text>
          </li>
        )}
        {events.map((event) => (
          <Event key={event.id} event={event} />
        ))}
      </ol>
    </Paper>
  );
}

function Event({ event: { at, actor, operation, object } }: { readonly event: FedEvent }) {
  const page = pageOf(operation, object);
  return (
    <li className={classes['event']}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Stack gap={2}>
          <Text size="sm" fw={600}>
            {texts.operations[operation] ?? operation}
          </Text>
          <Text size="xs" className="mono" title={object}>
            {page === undefined ? (
              shortened(object)
            ) : (
              <Anchor component={Link} to={page} inherit underline="always">
                {object}
              </Anchor>
            )}
          </Text>
        </Stack>
        <Stack gap={2} align="flex-end" className={classes['when'] ?? ''}>
          <Text size="xs">
            <Moment at={Date.parse(at)} />
          </Text>
          <Text size="xs" className="quiet">
            {texts.overview.by(actor)}
          </Text>
        </Stack>
      </Group>
    </li>
  );
}

/** Where more is told of the object, for as long as it is there. */
function pageOf(operation: string, object: string): string | undefined {
  const folder = { 'vehicle.publish': 'vehicles', 'contract.store': 'contracts', 'contract.deliver': 'contracts' };
  const found = Object.entries(folder).find(([name]) => name === operation);
  return found && `/${found[1]}/${encodeURIComponent(object)}`;
}

/** Fingerprints are longer than anybody reads. */
function shortened(object: string): string {
  return /^[0-9a-f]{64}$/.test(object) ? `${object.slice(0, 24)}…` : object;
}
