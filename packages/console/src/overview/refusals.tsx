import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { inDigits } from '../parts/digits.ts';
import { ShareBar } from '../parts/share-bar.tsx';
import { texts } from '../texts/texts.ts';
import type { Slot } from './time-slots.ts';

/** What was refused, by what was asked and why, the most frequent first. */
export function Refusals({ slots }: { readonly slots: readonly Slot[] }) {
  const counts = new Map<string, number>();
  for (const [measure, count] of slots.flatMap((slot) => Object.entries(slot.counts))) {
    if (measure.startsWith('refused ')) counts.set(measure, (counts.get(measure) ?? 0) + count);
  }
  const rows = [...counts].sort(([, one], [, other]) => other - one);
  const most = Math.max(...rows.map(([, count]) => count));
  return (
    <Paper withBorder p="md" data-testid="refusals">
      <Title order={3} size="h4" mb="sm">
        {texts.overview.refusals}
      </Title>
      {rows.length === 0 && <Text className="quiet">{texts.overview.noRefusals}</Text>}
      <Stack gap="xs" component="ul" p={0} m={0}>
        {rows.map(([measure, count]) => {
          const [, work = '', reason = ''] = measure.split(' ');
          return (
            <Stack key={measure} component="li" gap={4}>
              <Group justify="space-between" wrap="nowrap" align="baseline">
                <Text size="sm">
                  {texts.overview.work[work] ?? work}: {texts.overview.reasons[reason] ?? reason}
                </Text>
                <Text size="sm" fw={600}>
                  {inDigits(count)}
                </Text>
              </Group>
              <ShareBar value={count} most={most} tone="bad" />
            </Stack>
          );
        })}
      </Stack>
    </Paper>
  );
}
