import { Paper, Table, Text, Title } from '@mantine/core';
import { inDigits } from '../parts/digits.ts';
import { ShareBar } from '../parts/share-bar.tsx';
import type { ExpiryAnswer, SpanName } from '../server/overview.ts';
import { texts } from '../texts/texts.ts';

const kinds = ['vehicles', 'contracts', 'roots', 'authorities'] as const;
const spans: readonly { readonly name: SpanName; readonly tone: 'good' | 'soon' | 'bad' }[] = [
  { name: 'expired', tone: 'bad' },
  { name: 'within7Days', tone: 'bad' },
  { name: 'within30Days', tone: 'soon' },
  { name: 'within90Days', tone: 'good' },
];

/** A bar in each cell, as long as its part of what ends in that row. */
export function ExpiryChart({ expiry }: { readonly expiry: ExpiryAnswer }) {
  return (
    <Paper withBorder p="md" data-testid="expiry">
      <Title order={3} size="h4">
        {texts.overview.expiry}
      </Title>
      <Text size="sm" className="quiet" mb="sm">
        {texts.overview.expiryWhat}
      </Text>
      <Table layout="fixed" withRowBorders={false} horizontalSpacing={6} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="30%">{texts.overview.kind}</Table.Th>
            {spans.map(({ name }) => (
              <Table.Th key={name}>{texts.overview.spans[name]}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {kinds.map((kind) => {
            const most = Math.max(1, ...spans.map(({ name }) => expiry[kind][name]));
            return (
              <Table.Tr key={kind}>
                <Table.Th scope="row" fw={500}>
                  {texts.overview.kinds[kind]}
                </Table.Th>
                {spans.map(({ name, tone }) => {
                  const count = expiry[kind][name];
                  const digits = inDigits(count);
                  return (
                    <Table.Td key={name}>
                      {count >= expiry.mostCounted ? texts.overview.orMore(digits) : digits}
                      <ShareBar value={count} most={most} tone={tone} />
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
