/** The fields of a message; the one that is pointed at, or has the focus, lights up. */
import { type KeyboardEvent, memo, useRef } from 'react';
import { texts } from '../texts/texts.ts';
import classes from './inspector.module.css';
import type { Row } from './rows.ts';

interface Props {
  readonly rows: readonly Row[];
  readonly lit: Row | undefined;
  readonly light: (row: Row) => void;
}

export function FieldTree({ rows, lit, light }: Props) {
  const tree = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -rows.length, End: rows.length };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = rows[Math.min(Math.max((lit?.index ?? 0) + step, 0), rows.length - 1)];
    if (next === undefined) return;
    light(next);
    tree.current?.querySelector<HTMLElement>(`[data-index="${next.index}"]`)?.focus();
  };
  return (
    <div ref={tree} role="tree" aria-label={texts.inspector.tree} className={classes['tree']} onKeyDown={walk}>
      {rows.map((row) => (
        <FieldRow
          key={row.index}
          row={row}
          isLit={row === lit}
          isEntry={row.index === (lit?.index ?? 0)}
          light={light}
        />
      ))}
    </div>
  );
}

interface RowProps {
  readonly row: Row;
  readonly isLit: boolean;
  /** The one row that the Tab key comes to. */
  readonly isEntry: boolean;
  readonly light: (row: Row) => void;
}

const FieldRow = memo(function FieldRow({ row, isLit, isEntry, light }: RowProps) {
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={isLit}
      tabIndex={isEntry ? 0 : -1}
      className={classes['row']}
      data-lit={isLit}
      data-index={row.index}
      style={{ paddingLeft: `${row.depth * 1.1 + 0.4}rem` }}
      onMouseEnter={() => light(row)}
      onFocus={() => light(row)}
    >
      <span className={classes['name']}>{row.name}</span>
      {row.value !== undefined && <span className={`${classes['value']} mono`}>{row.value}</span>}
    </div>
  );
});
