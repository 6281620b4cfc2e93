import { Alert, Anchor, Group, Skeleton, Table, Text } from '@mantine/core';
import { ErrorNote } from '../parts/error-note.tsx';
import { Moment } from '../parts/moment.tsx';
import { MoreButton } from '../parts/more-button.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { type AuditEntry, exportPath, useAudit } from '../server/audit.ts';
import { texts } from '../texts/texts.ts';
import classes from './audit.module.css';
import { useAuditFilters } from './audit-filters.ts';
import { ChainState } from './chain-state.tsx';
import { FilterForm } from './filter-form.tsx';

export function AuditPage() {
  const filters = useAuditFilters();
  return (
    <>
      <PageHead title={texts.audit.title} what={texts.audit.what} />
      <ChainState />
      <FilterForm filters={filters} />
      <Group gap="md" mb="sm">
        <Text size="sm">{texts.audit.export}</Text>
        {(['csv', 'ndjson'] as const).map((format) => (
          <Anchor key={format} size="sm" href={exportPath(filters.asked, format)} download underline="always">
            {texts.audit.exportAs(format.toUpperCase())}
          </Anchor>
        ))}
      </Group>
      <Entries asked={filters.asked} />
    </>
  );
}

function Entries({ asked }: { readonly asked: URLSearchParams }) {
  const list = useAudit(asked);
  if (list.isPending) return <Skeleton height={480} />;
  if (list.isError) return <ErrorNote error={list.error} again={() => list.refetch()} />;
  const entries = list.data.pages.flatMap((page) => page.entries);
  if (entries.length === 0) return <Alert title={texts.audit.empty}>{texts.audit.emptyWhat}</Alert>;
  return (
    <div aria-busy={list.isFetching}>
      <WideTable
        label={texts.audit.title}
        minWidth={760}
        verticalSpacing="xs"
        highlightOnHover
        columns={[texts.audit.at, texts.audit.actor, texts.audit.operation, texts.audit.object, texts.audit.traceId]}
      >
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </WideTable>
      {list.hasNextPage && (
        <Group justify="center" mt="md">
          <MoreButton list={list}>{texts.audit.more}</MoreButton>
        </Group>
      )}
    </div>
  );
}

function Entry({ entry: { at, actor, operation, object, traceId } }: { readonly entry: AuditEntry }) {
  return (
    <Table.Tr>
      <Table.Td className={classes['when'] ?? ''}>
        <Moment at={Date.parse(at)} />
      </Table.Td>
      <Table.Td className="mono">{actor}</Table.Td>
      <Table.Td title={operation}>{texts.operations[operation] ?? operation}</Table.Td>
      <Table.Td className="mono" title={object}>
        {object.length > 40 ? `${object.slice(0, 36)}…` : object}
      </Table.Td>
      <Table.Td className="mono">{traceId ?? ''}</Table.Td>
    </Table.Tr>
  );
}
