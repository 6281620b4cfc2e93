import { Badge, Button, Stack, Table, Text } from '@mantine/core';
import { ErrorNote } from '../parts/error-note.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { type Endpoint, useTest } from '../server/webhooks.ts';
import { texts } from '../texts/texts.ts';

export function EndpointTable({ endpoints }: { readonly endpoints: readonly Endpoint[] }) {
  return (
    <WideTable
      label={texts.webhooks.endpoints}
      minWidth={760}
      columns={[texts.webhooks.url, texts.webhooks.party, texts.webhooks.events, texts.webhooks.state]}
      actions={texts.webhooks.test}
    >
      {endpoints.map((endpoint) => (
        <EndpointRow key={endpoint.id} endpoint={endpoint} />
      ))}
    </WideTable>
  );
}

function EndpointRow({ endpoint }: { readonly endpoint: Endpoint }) {
  const { id, url, description, dialect, party, enabledEvents, status } = endpoint;
  const test = useTest();
  const words = test.isSuccess ? texts.webhooks.sent : texts.webhooks.test;
  const isEnabled = status === 'enabled';
  const filtered = [endpoint.wmis, endpoint.providerIds, endpoint.pcids, endpoint.emaids].flatMap((ids) => ids ?? []);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" className="mono">
          {url}
        </Text>
        <Text size="xs" className="quiet">
          {texts.webhooks.dialects[dialect] ?? dialect}
          {description !== undefined && `, ${description}`}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm" className={party === undefined ? 'quiet' : 'mono'}>
          {party ?? texts.webhooks.nobody}
        </Text>
      </Table.Td>
      <Table.Td>
        <Stack gap={2}>
          {enabledEvents.map((name) => (
            <Text key={name} size="xs" className="mono">
              {name}
            </Text>
          ))}
          {filtered.length > 0 && (
            <Text size="xs" className="quiet">
              {texts.webhooks.filtered(filtered.join(', '))}
            </Text>
          )}
        </Stack>
      </Table.Td>
      <Table.Td>
        <Badge variant={isEnabled ? 'outline' : 'default'}>
          {isEnabled ? texts.webhooks.enabled : texts.webhooks.disabled}
        </Badge>
      </Table.Td>
      <Table.Td>
        <Button
          variant="default"
          size="xs"
          disabled={!isEnabled}
          loading={test.isPending}
          aria-label={texts.webhooks.buttonOf(words, url)}
          onClick={() => test.mutate(id)}
        >
          {words}
        </Button>
        {test.isError && <ErrorNote error={test.error} again={() => test.mutate(id)} />}
      </Table.Td>
    </Table.Tr>
  );
}
