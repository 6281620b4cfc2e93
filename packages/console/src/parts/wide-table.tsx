/** A table that is scrolled sideways, by keyboard too, where the window is narrower than it can be. */
import { Table, type TableProps } from '@mantine/core';
import type { ReactNode } from 'react';

interface WideTableProps extends TableProps {
  /** What the table is of, for who cannot see it. */
  readonly label: string;
  /** Pixels. */
  readonly minWidth: number;
  readonly columns: readonly string[];
  /** What is done in a last column without a heading, for who cannot see it. */
  readonly actions?: string;
  /** The rows. */
  readonly children: ReactNode;
}

export function WideTable({ label, minWidth, columns, actions, children, ...table }: WideTableProps) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': label } }}
    >
      <Table verticalSpacing="sm" {...table}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column}>{column}</Table.Th>
            ))}
            {actions !== undefined && <Table.Th aria-label={actions} />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
