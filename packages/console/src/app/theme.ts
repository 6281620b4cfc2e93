import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** From a light tint to the dark end; 7 and up keep a contrast of 4.5 to 1 on white, and with white text on them. */
const current: MantineColorsTuple = [
  '#e5f7f4',
  '#cdeee8',
  '#9bddd2',
  '#66cbba',
  '#3bbba6',
  '#20a893',
  '#129480',
  '#0b7a6f',
  '#08655c',
  '#054f49',
];

export const theme = createTheme({
  colors: { current },
  primaryColor: 'current',
  primaryShade: 7,
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
});
