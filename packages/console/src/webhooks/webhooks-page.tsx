import { Alert, Skeleton, Stack, Title } from '@mantine/core';
import { ErrorNote } from '../parts/error-note.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useEndpoints } from '../server/webhooks.ts';
import { texts } from '../texts/texts.ts';
import { DeliveriesFilter, useDeliveryFilter } from './deliveries-filter.tsx';
import { DeliveryTable } from './delivery-table.tsx';
import { EndpointTable } from './endpoint-table.tsx';

export function WebhooksPage() {
  const endpoints = useEndpoints();
  const [filter, show] = useDeliveryFilter();
  return (
    <>
      <PageHead title={texts.webhooks.title} what={texts.webhooks.what} />
      {endpoints.isPending && <Skeleton height={320} />}
      {endpoints.isError && <ErrorNote error={endpoints.error} again={() => endpoints.refetch()} />}
      {endpoints.data?.length === 0 && (
        <Alert title={texts.webhooks.noEndpoints}>{texts.webhooks.noEndpointsWhat}</Alert>
      )}
      {endpoints.data !== undefined && endpoints.data.length > 0 && (
        <Stack gap="lg">
          <EndpointTable endpoints={endpoints.data} />
          <Title order={3} size="h4">
            {texts.webhooks.deliveries}
          </Title>
          <DeliveriesFilter endpoints={endpoints.data} filter={filter} show={show} />
          <DeliveryTable filter={filter} />
        </Stack>
      )}
    </>
  );
}
