import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { type SubmitEvent, useEffect, useState } from 'react';
import { texts } from '../texts/texts.ts';
import classes from './audit.module.css';
import type { AuditFilters, AuditFilterValues } from './audit-filters.ts';

export function FilterForm({ filters }: { readonly filters: AuditFilters }) {
  const [typed, setTyped] = useState<AuditFilterValues>(filters.values);
  const inAddress = JSON.stringify(filters.values);
  // The address changes by other ways too: back, forward, a link.
  useEffect(() => setTyped(JSON.parse(inAddress)), [inAddress]);
  const field = (name: keyof AuditFilterValues) => ({
    value: typed[name],
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      setTyped({ ...typed, [name]: value }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    filters.set(typed);
  };
  const plain = { spellCheck: false, autoComplete: 'off', maxLength: 200 };
  return (
    <search>
      <form onSubmit={submit} className={classes['filters']}>
        <TextInput label={texts.audit.actor} description={texts.audit.actorWhat} {...plain} {...field('actor')} />
        <NativeSelect
          label={texts.audit.operation}
          {...field('operation')}
          data={[
            { value: '', label: texts.audit.anyOperation },
            ...Object.entries(texts.operations).map(([value, label]) => ({ value, label })),
          ]}
        />
        <TextInput label={texts.audit.object} description={texts.audit.objectWhat} {...plain} {...field('object')} />
        <TextInput label={texts.audit.traceId} {...plain} {...field('traceId')} />
        <TextInput label={texts.audit.since} type="date" {...field('since')} />
        <TextInput label={texts.audit.until} type="date" {...field('until')} />
        <Group gap="xs">
          <Button type="submit">{texts.audit.show}</Button>
          <Button variant="subtle" disabled={filters.isNone} onClick={filters.clear}>
            {texts.audit.clear}
          </Button>
        </Group>
      </form>
    </search>
  );
}
