import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useSearchParams } from 'react-router';
import type { DeliveryFilter, Endpoint } from '../server/webhooks.ts';
import { texts } from '../texts/texts.ts';

type Show = (changes: Partial<DeliveryFilter>) => void;

/** Stands in the address, so that it can be handed on. */
export function useDeliveryFilter(): readonly [DeliveryFilter, Show] {
  const [asked, setAsked] = useSearchParams();
  const filter = {
    endpointId: asked.get('endpointId') ?? '',
    state: asked.get('state') ?? '',
    eventId: asked.get('eventId') ?? '',
  };
  const show: Show = (changes) => {
    const given = Object.entries({ ...filter, ...changes }).filter(([, value]) => value !== '');
    setAsked(new URLSearchParams(given), { replace: true });
  };
  return [filter, show];
}

interface Props {
  readonly endpoints: readonly Endpoint[];
  readonly filter: DeliveryFilter;
  readonly show: Show;
}

export function DeliveriesFilter({ endpoints, filter: { endpointId, state, eventId }, show }: Props) {
  return (
    <search>
      <Group align="flex-end">
        <NativeSelect
          label={texts.webhooks.url}
          value={endpointId}
          onChange={({ currentTarget: { value } }) => show({ endpointId: value })}
          data={[
            { value: '', label: texts.webhooks.allEndpoints },
            ...endpoints.map(({ id, url }) => ({ value: id, label: url })),
          ]}
        />
        <NativeSelect
          label={texts.webhooks.state}
          value={state}
          onChange={({ currentTarget: { value } }) => show({ state: value })}
          data={[
            { value: '', label: texts.webhooks.allStates },
            ...Object.entries(texts.webhooks.states).map(([value, label]) => ({ value, label })),
          ]}
        />
        <TextInput
          label={texts.webhooks.eventId}
          value={eventId}
          maxLength={36}
          spellCheck={false}
          autoComplete="off"
          onChange={({ currentTarget: { value } }) => show({ eventId: value.trim() })}
        />
      </Group>
    </search>
  );
}
