/** What became of an object, the latest first. */
import { Badge, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Moment } from '../parts/moment.tsx';
import { MoreButton } from '../parts/more-button.tsx';
import { ask } from '../server/asking.ts';
import { type EventDelivery, type HistoryEntry, useHistory } from '../server/pools.ts';
import { texts } from '../texts/texts.ts';
import classes from './timeline.module.css';

interface Props {
  /** Such as `vehicles/WMI…`. */
  readonly of: string;
  /** What the page is about, which no entry has to say. */
  readonly about: string;
}

export function Timeline({ of, about }: Props) {
  const history = useHistory(of);
  const entries = history.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Paper withBorder p="md" component="section" aria-label={texts.history.title} data-testid="history">
      <Title order={3} size="h4" mb="sm">
        {texts.history.title}
      </Title>
      {history.isPending && <Skeleton height={320} />}
      {history.isError && <ErrorNote error={history.error} again={() => history.refetch()} />}
      {history.isSuccess && entries.length === 0 && (
        <>
          <Text>{texts.history.empty}</Text>
          <Text className="quiet">{texts.history.emptyWhat}</Text>
        </>
      )}
      <ol className={classes['timeline']}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} about={about} />
        ))}
      </ol>
      {history.hasNextPage && <MoreButton list={history}>{texts.history.more}</MoreButton>}
    </Paper>
  );
}

function Entry({ entry, about }: { readonly entry: HistoryEntry; readonly about: string }) {
  const { kind, what, at, object, actor, traceId, deliveries } = entry;
  const words = kind === 'event' ? texts.history.events[what] : texts.operations[what];
  return (
    <li className={classes['entry']} data-kind={kind}>
      <Text size="sm" fw={600}>
        {words ?? what}
      </Text>
      {object !== undefined && object !== about && (
        <Text size="xs" className="mono" title={object}>
          {/^[0-9a-f]{64}$/.test(object) ? `${object.slice(0, 24)}…` : object}
        </Text>
      )}
      <Text size="xs" className="quiet" {...(traceId !== undefined && { title: texts.history.log(traceId) })}>
        <Moment at={Date.parse(at)} />
        {actor !== undefined && ` ${texts.history.by(texts.history.actors[actor] ?? actor)}`}
      </Text>
      {deliveries?.length === 0 && (
        <Text size="xs" className="quiet">
          {texts.history.heardByNobody}
        </Text>
      )}
      {deliveries?.map((delivery) => (
        <Delivery key={delivery.id} delivery={delivery} />
      ))}
    </li>
  );
}

const colours: Readonly<Record<string, string>> = { delivered: 'current', pending: 'yellow.9' };

function Delivery({ delivery: { id, url, state, attempts, lastStatus } }: { readonly delivery: EventDelivery }) {
  return (
    <Stack gap={4} mt={6} className={classes['delivery'] ?? ''}>
      <Group gap="xs">
        <Badge variant="outline" color={colours[state] ?? 'red.8'}>
          {texts.history.deliveryStates[state] ?? state}
        </Badge>
        <Text size="xs" className="quiet">
          {texts.history.attempts(attempts)}
          {lastStatus !== undefined && `, ${texts.history.answered(lastStatus)}`}
        </Text>
      </Group>
      <Text size="xs" className="mono">
        {url}
      </Text>
      {state !== 'pending' && (
        <div>
          <ConfirmButton
            label={texts.history.resend}
            title={texts.history.resendTitle}
            what={texts.history.resendWhat(url)}
            size="compact-xs"
            action={() => ask(`/admin/v1/webhooks/deliveries/${id}/replay`, { method: 'POST' })}
          />
        </div>
      )}
    </Stack>
  );
}
