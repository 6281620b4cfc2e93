/** How much there is, and how much of what was done when. */
import { Group, Paper, Text } from '@mantine/core';
import { ColumnChart } from '../parts/column-chart.tsx';
import { inDigits } from '../parts/digits.ts';
import type { OverviewAnswer } from '../server/overview.ts';
import { texts } from '../texts/texts.ts';
import { type ShownSpan, type Slot, sumOf } from './time-slots.ts';

export function InThePools({ overview: { vehicles, contracts } }: { readonly overview: OverviewAnswer }) {
  return (
    <Paper withBorder p="md">
      <Text size="sm" className="quiet">
        {texts.overview.inThePools}
      </Text>
      <Group gap="xl" mt="xs">
        <Total name="vehicles" value={vehicles} />
        <Total name="contracts" value={contracts} />
      </Group>
    </Paper>
  );
}

function Total({ name, value }: { readonly name: 'vehicles' | 'contracts'; readonly value: number }) {
  return (
    <div data-testid={name}>
      <Text fz={32} fw={650} lh={1.2}>
        {inDigits(value)}
      </Text>
      <Text size="sm">{texts.overview[name]}</Text>
    </div>
  );
}

const measures = [
  { name: 'published', counted: (measure: string) => measure === 'vehicle.publish' },
  { name: 'stored', counted: (measure: string) => measure === 'contract.store' },
  { name: 'installed', counted: (measure: string) => measure === 'contract.deliver' },
  {
    name: 'withdrawn',
    counted: (measure: string) => measure === 'contract.withdraw' || measure === 'contract.remove',
  },
  { name: 'refused', counted: (measure: string) => measure.startsWith('refused ') },
] as const;

export function Activity({ slots, span }: { readonly slots: readonly Slot[]; readonly span: ShownSpan }) {
  return measures.map(({ name, counted }) => {
    const values = sumOf(slots, counted);
    const total = values.reduce((sum, value) => sum + value, 0);
    const tone = name === 'refused' ? 'bad' : 'good';
    return (
      <Paper key={name} withBorder p="md" data-testid={name}>
        <Group justify="space-between" wrap="nowrap" align="baseline" mb="xs">
          <Text size="sm" className="quiet">
            {texts.overview[name]}
          </Text>
          <Text fz={24} fw={650} lh={1.2}>
            {inDigits(total)}
          </Text>
        </Group>
        <ColumnChart
          label={texts.overview.chart(texts.overview[name], total, texts.overview[span])}
          columns={slots.map(({ label }, at) => ({ label, value: values[at] ?? 0 }))}
          tone={tone}
        />
      </Paper>
    );
  });
}
