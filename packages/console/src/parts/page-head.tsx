import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { texts } from '../texts/texts.ts';

interface Props {
  readonly title: string;
  /** One sentence on what the page is for. */
  readonly what?: string;
  readonly mono?: boolean;
  /** Actions on the right. */
  readonly children?: ReactNode;
}

/** The heading of a page, which the browser's tab bears as well. */
export function PageHead({ title, what, mono = false, children }: Props) {
  useEffect(() => {
    document.title = texts.frame.tab(title);
  }, [title]);
  return (
    <Group justify="space-between" align="flex-start" mb="lg">
      <Stack gap={4}>
        <Title order={2} size="h2" {...(mono && { className: 'mono' })}>
          {title}
        </Title>
        {what !== undefined && <Text className="quiet">{what}</Text>}
      </Stack>
      {children !== undefined && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
