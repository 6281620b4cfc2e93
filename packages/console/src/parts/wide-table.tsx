/** A table that is scrolled sideways, by keyboard too, where the window is narrower than it can be. */
import { Table, type TableProps } from '@mantine/core';

interface WideTableProps extends TableProps {
  /** What the table is of, for who cannot see it. */
  readonly label: string;
  /** Pixels. */
  readonly minWidth: number;
}

export function WideTable({ label, minWidth, ...table }: WideTableProps) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': label } }}
    >
      <Table verticalSpacing="sm" {...table} />
    </Table.ScrollContainer>
  );
}
