import { Accordion, Badge, Group, Stack, Text } from '@mantine/core';
import type { PlayedStep } from '@plugpool/client';
import { Icon } from '../app/icons.tsx';
import { texts } from '../texts/texts.ts';
import { ExchangeView } from './exchange-view.tsx';
import classes from './playground.module.css';

/** What was played, in its order; each opens to what went over the wire. */
export function StepList({ steps }: { readonly steps: readonly PlayedStep[] }) {
  return (
    <Accordion variant="contained" multiple order={3} transitionDuration={0} aria-label={texts.playground.steps}>
      {steps.map((step, at) => (
        <Accordion.Item key={step.name + String(at)} value={String(at)}>
          <Accordion.Control icon={<Icon name={step.failed ? 'bad' : 'good'} />}>
            <StepLine step={step} />
          </Accordion.Control>
          <Accordion.Panel>
            <Stack>
              {step.exchanges.length === 0 && <Text className="quiet">{texts.playground.noCalls}</Text>}
              {step.exchanges.map((exchange) => (
                <ExchangeView key={exchange.method + exchange.path} exchange={exchange} />
              ))}
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function StepLine({ step: { role, text, milliseconds, exchanges } }: { readonly step: PlayedStep }) {
  return (
    <Group wrap="nowrap" justify="space-between" pr="sm" data-testid="step">
      <Group wrap="nowrap" gap="sm">
        <Badge variant="default" tt="none" className={classes['role'] ?? ''}>
          {role}
        </Badge>
        <Stack gap={2}>
          <Text size="sm">{text}</Text>
          {exchanges.map(({ method, path, status }) => (
            <Text key={method + path} size="xs" className="quiet mono">
              {method} {path.split('?')[0]} → {status}
            </Text>
          ))}
        </Stack>
      </Group>
      <Text size="xs" className="quiet" visibleFrom="sm">
        {texts.playground.milliseconds(milliseconds)}
      </Text>
    </Group>
  );
}
