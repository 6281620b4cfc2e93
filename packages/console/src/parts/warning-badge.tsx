import { Badge } from '@mantine/core';
import { Icon } from '../app/icons.tsx';

/** A state that something should not be in for long: told by its sign, so that its colour can be that of text. */
export function WarningBadge({ children }: { readonly children: string }) {
  return (
    <Badge variant="default" leftSection={<Icon name="bad" size={12} />}>
      {children}
    </Badge>
  );
}
