import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

interface Pages {
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
}

/** Gets the next page of a list that has one. */
export function MoreButton({ list, children }: { readonly list: Pages; readonly children: ReactNode }) {
  return (
    <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
      {children}
    </Button>
  );
}
