import { expect, test } from 'vitest';
import { formatTable } from './table.ts';

test('columns are as wide as what is in them, figures stand right, nothing trails', () => {
  const columns = [{ title: 'STEP' }, { title: 'MS', align: 'right' }, { title: 'NOTE' }] as const;
  const rows = [
    ['enrol', '1.5', ''],
    ['x', '1000.0', 'slow'],
  ];
  expect(formatTable(columns, rows)).toBe('STEP       MS  NOTE\nenrol     1.5\nx      1000.0  slow\n');
});
