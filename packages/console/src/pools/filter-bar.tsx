import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { texts } from '../texts/texts.ts';
import type { Filters } from './filters.ts';
import classes from './pools.module.css';

type StateChoice = keyof typeof texts.pools.states;

interface Props {
  readonly filters: Filters;
  /** What can be looked for. */
  readonly searchWhat: string;
  readonly states: readonly StateChoice[];
}

const TYPING_MS = 300;

export function FilterBar({ filters, searchWhat, states }: Props) {
  const { asked, isNone, set, clear } = filters;
  const search = asked.get('search') ?? '';
  const [typed, setTyped] = useState(search);
  const sent = useRef(search);
  const send = (text: string) => {
    sent.current = text;
    set({ search: text });
  };
  const sendSoon = useDebouncedCallback(send, TYPING_MS);
  // The address changes by other ways too: back, forward, a link.
  useEffect(() => {
    if (search === sent.current) return;
    sent.current = search;
    setTyped(search);
  }, [search]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(typed.trim());
  };
  return (
    <search>
      <form onSubmit={submit} className={classes['filters']}>
        <TextInput
          type="search"
          label={texts.pools.search}
          description={searchWhat}
          leftSection={<Icon name="search" />}
          className={classes['search'] ?? ''}
          value={typed}
          spellCheck={false}
          autoComplete="off"
          maxLength={200}
          onChange={({ currentTarget: { value } }) => {
            setTyped(value);
            sendSoon(value.trim());
          }}
        />
        <NativeSelect
          label={texts.pools.edition}
          value={asked.get('edition') ?? ''}
          onChange={({ currentTarget: { value } }) => set({ edition: value })}
          data={[
            { value: '', label: texts.pools.anyEdition },
            ...Object.entries(texts.pools.editions).map(([value, label]) => ({ value, label })),
          ]}
        />
        <NativeSelect
          label={texts.pools.state}
          value={stateChoiceIn(asked)}
          onChange={({ currentTarget: { value } }) => set(stateFilters(value))}
          data={states.map((value) => ({ value, label: texts.pools.states[value] }))}
        />
        <Group>
          <Button
            variant="default"
            disabled={isNone}
            onClick={() => {
              sent.current = '';
              setTyped('');
              clear();
            }}
          >
            {texts.pools.clear}
          </Button>
        </Group>
      </form>
    </search>
  );
}

function stateChoiceIn(asked: URLSearchParams): string {
  const days = asked.get('expiringDays');
  return days === null ? (asked.get('state') ?? '') : `expiring-${days}`;
}

function stateFilters(choice: string) {
  const [, days] = /^expiring-(\d+)$/.exec(choice) ?? [];
  return days === undefined ? { state: choice, expiringDays: '' } : { state: '', expiringDays: days };
}
