import { Group, Paper, SimpleGrid, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../app/icons.tsx';
import { inDigits } from '../parts/digits.ts';
import { Moment } from '../parts/moment.tsx';
import type { DeliveriesHealth } from '../server/overview.ts';
import { texts } from '../texts/texts.ts';

/** A delivery that is due is taken within a second or two. */
const LATE_MS = 60_000;

export function QueueHealth({ deliveries }: { readonly deliveries: DeliveriesHealth }) {
  const { waiting, firstDueAt, notTaken, endpoints, disabledEndpoints, mostCounted } = deliveries;
  const isLate = firstDueAt !== undefined && Date.parse(firstDueAt) < Date.now() - LATE_MS;
  const counted = (count: number) => (count >= mostCounted ? texts.overview.orMore(inDigits(count)) : inDigits(count));
  const state = isLate ? 'queueLate' : waiting > 0 ? 'queueWaits' : 'queueMoves';
  return (
    <Paper withBorder p="md" data-testid="queue">
      <Title order={3} size="h4" mb="xs">
        {texts.overview.queue}
      </Title>
      <Group gap="xs" wrap="nowrap" mb="sm" align="flex-start">
        <Icon name={isLate ? 'bad' : waiting > 0 ? 'open' : 'good'} />
        <Text size="sm">{texts.overview[state]}</Text>
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Figure name={texts.overview.waiting}>{counted(waiting)}</Figure>
        <Figure name={texts.overview.firstDue}>
          {firstDueAt === undefined ? '–' : <Moment at={Date.parse(firstDueAt)} />}
        </Figure>
        <Figure name={texts.overview.notTaken}>{counted(notTaken)}</Figure>
        <Figure name={texts.overview.endpoints}>
          {inDigits(endpoints)}
          {disabledEndpoints > 0 && `, ${texts.overview.disabled(disabledEndpoints)}`}
        </Figure>
      </SimpleGrid>
    </Paper>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <Text size="xs" className="quiet">
        {name}
      </Text>
      <Text fw={600} component="div">
        {children}
      </Text>
    </div>
  );
}
