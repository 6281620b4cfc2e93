/** The list of a pool: its rows, how many there are, and what to do when there is none. */
import { Alert, Button, Group, Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { inDigits } from '../parts/digits.ts';
import { ErrorNote } from '../parts/error-note.tsx';
import { MoreButton } from '../parts/more-button.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { useList } from '../server/pools.ts';
import { texts } from '../texts/texts.ts';
import type { Filters } from './filters.ts';

interface Words {
  readonly title: string;
  readonly empty: string;
  readonly emptyWhat: string;
  readonly counted: (count: string) => string;
}

interface Props<T> {
  readonly pool: 'vehicles' | 'contracts';
  readonly filters: Filters;
  readonly words: Words;
  readonly columns: readonly string[];
  readonly row: (item: T) => ReactNode;
}

export function PoolTable<T>({ pool, filters, words, columns, row }: Props<T>) {
  const list = useList<T>(pool, filters.asked);
  if (list.isPending) return <Skeleton height={480} />;
  if (list.isError) return <ErrorNote error={list.error} again={() => list.refetch()} />;
  const { pages } = list.data;
  const items = pages.flatMap((page) => page.items);
  if (items.length === 0 && !list.hasNextPage) return <Nothing filters={filters} words={words} />;
  return (
    <div aria-busy={list.isFetching}>
      <Summary page={pages[0]} words={words} />
      {items.length > 0 && (
        <WideTable label={words.title} minWidth={720} highlightOnHover columns={columns}>
          {items.map(row)}
        </WideTable>
      )}
      {list.hasNextPage && (
        <Group justify="center" mt="md">
          {pages.at(-1)?.items.length === 0 && <Text>{texts.pools.lookedThrough}</Text>}
          <MoreButton list={list}>
            {pages.at(-1)?.items.length === 0 ? texts.pools.lookFurther : texts.pools.more}
          </MoreButton>
        </Group>
      )}
    </div>
  );
}

function Summary({ page, words }: { readonly page: SummarizedPage | undefined; readonly words: Words }) {
  const counted = page?.count && countOf(page.count);
  const matched = texts.pools.matched[page?.matched ?? ''];
  return (
    <Text size="sm" className="quiet" mb="xs" role="status" mih="1.55em">
      {[counted && words.counted(counted), matched].filter((part) => part !== undefined).join(', ')}
    </Text>
  );
}

interface SummarizedPage {
  readonly count?: { readonly rows: number; readonly atLeast: boolean };
  readonly matched?: string;
}

function countOf({ rows, atLeast }: NonNullable<SummarizedPage['count']>): string {
  return atLeast ? texts.pools.orMore(inDigits(rows)) : inDigits(rows);
}

function Nothing({ filters, words }: { readonly filters: Filters; readonly words: Words }) {
  if (filters.isNone) return <Alert title={words.empty}>{words.emptyWhat}</Alert>;
  return (
    <Alert title={texts.pools.nothingFound}>
      <Text size="sm">{texts.pools.nothingFoundWhat}</Text>
      <Button mt="sm" variant="default" size="xs" onClick={filters.clear}>
        {texts.pools.clear}
      </Button>
    </Alert>
  );
}
