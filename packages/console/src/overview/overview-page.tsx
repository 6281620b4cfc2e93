import { SegmentedControl, SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { useState } from 'react';
import { ErrorNote } from '../parts/error-note.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useExpiry, useOverview } from '../server/overview.ts';
import { texts } from '../texts/texts.ts';
import { Activity, InThePools } from './activity.tsx';
import { EventFeed } from './event-feed.tsx';
import { ExpiryChart } from './expiry-chart.tsx';
import { PeerHealth } from './peer-health.tsx';
import { QueueHealth } from './queue-health.tsx';
import { Refusals } from './refusals.tsx';
import { type ShownSpan, slotsOf } from './time-slots.ts';

export function OverviewPage() {
  const [span, setSpan] = useState<ShownSpan>('day');
  const overview = useOverview();
  const expiry = useExpiry();
  return (
    <>
      <PageHead title={texts.overview.title} what={texts.overview.what}>
        <SegmentedControl
          aria-label={texts.overview.span}
          value={span}
          onChange={(value) => setSpan(value === 'month' ? 'month' : 'day')}
          data={[
            { value: 'day', label: texts.overview.day },
            { value: 'month', label: texts.overview.month },
          ]}
        />
      </PageHead>
      {overview.isError && <ErrorNote error={overview.error} again={() => overview.refetch()} />}
      {overview.isPending && <Skeleton height={420} />}
      {overview.data !== undefined && (
        <Stack gap="lg">
          <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
            <InThePools overview={overview.data} />
            <Activity slots={slotsOf(overview.data.hours, span)} span={span} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <Stack>
              <Refusals slots={slotsOf(overview.data.hours, span)} />
              {expiry.isPending && <Skeleton height={240} />}
              {expiry.isError && <ErrorNote error={expiry.error} again={() => expiry.refetch()} />}
              {expiry.data !== undefined && <ExpiryChart expiry={expiry.data} />}
              <QueueHealth deliveries={overview.data.deliveries} />
              <PeerHealth />
            </Stack>
            <EventFeed />
          </SimpleGrid>
        </Stack>
      )}
    </>
  );
}
