import { Alert, Badge, Button, Skeleton, Stack, Table, Text } from '@mantine/core';
import { ErrorNote } from '../parts/error-note.tsx';
import { Moment } from '../parts/moment.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { type Delivery, type DeliveryFilter, SHOWN_DELIVERIES, useDeliveries, useReplay } from '../server/webhooks.ts';
import { texts } from '../texts/texts.ts';

const colours: Readonly<Record<string, string>> = { pending: 'yellow.9', rejected: 'red.8', failed: 'red.8' };

export function DeliveryTable({ filter }: { readonly filter: DeliveryFilter }) {
  const deliveries = useDeliveries(filter);
  if (deliveries.isPending) return <Skeleton height={240} />;
  if (deliveries.isError) return <ErrorNote error={deliveries.error} again={() => deliveries.refetch()} />;
  if (deliveries.data.length === 0) {
    return <Alert title={texts.webhooks.noDeliveries}>{texts.webhooks.noDeliveriesWhat}</Alert>;
  }
  return (
    <>
      <WideTable
        label={texts.webhooks.deliveries}
        minWidth={760}
        data-testid="deliveries"
        columns={[texts.webhooks.event, texts.webhooks.state, texts.webhooks.attempts, texts.webhooks.lastAnswer]}
        actions={texts.webhooks.replay}
      >
        {deliveries.data.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} />
        ))}
      </WideTable>
      {deliveries.data.length === SHOWN_DELIVERIES && (
        <Text size="sm" className="quiet">
          {texts.webhooks.latest(SHOWN_DELIVERIES)}
        </Text>
      )}
    </>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: Delivery }) {
  const { id, eventType, eventId, url, state, attempts, createdAt, nextAttemptAt } = delivery;
  const replay = useReplay();
  const colour = colours[state];
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600} className="mono">
          {eventType}
        </Text>
        <Text size="xs" className="mono">
          {url}
        </Text>
        <Text size="xs" className="quiet mono" title={texts.webhooks.eventId}>
          {eventId}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge variant="outline" tt="none" {...(colour !== undefined && { color: colour })}>
          {texts.webhooks.states[state] ?? state}
        </Badge>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{attempts}</Text>
        <Text size="xs" className="quiet">
          {nextAttemptAt === undefined ? (
            <Moment at={Date.parse(createdAt)} />
          ) : (
            <>
              {texts.webhooks.nextAttempt} <Moment at={Date.parse(nextAttemptAt)} />
            </>
          )}
        </Text>
      </Table.Td>
      <Table.Td>
        <LastAnswer delivery={delivery} />
      </Table.Td>
      <Table.Td>
        <Stack gap={4}>
          <Button
            variant="default"
            size="xs"
            disabled={state === 'pending'}
            loading={replay.isPending}
            aria-label={texts.webhooks.buttonOf(texts.webhooks.replay, eventType)}
            onClick={() => replay.mutate(id)}
          >
            {texts.webhooks.replay}
          </Button>
          {replay.isError && <ErrorNote error={replay.error} again={() => replay.mutate(id)} />}
        </Stack>
      </Table.Td>
    </Table.Tr>
  );
}

function LastAnswer({ delivery: { lastAttemptAt, lastStatus, lastAnswer = '' } }: { readonly delivery: Delivery }) {
  if (lastAttemptAt === undefined) return <Text className="quiet">{texts.webhooks.notSent}</Text>;
  return (
    <>
      <Text size="sm">
        {lastStatus ?? texts.webhooks.noAnswer}, <Moment at={Date.parse(lastAttemptAt)} />
      </Text>
      {lastAnswer !== '' && (
        <Text size="xs" className="mono" lineClamp={3} title={lastAnswer}>
          {lastAnswer}
        </Text>
      )}
    </>
  );
}
