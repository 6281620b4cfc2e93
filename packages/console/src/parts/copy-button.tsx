import { Button, type ButtonProps } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Icon, type IconName } from '../app/icons.tsx';
import { texts } from '../texts/texts.ts';

interface Props extends ButtonProps {
  readonly label?: string;
  readonly icon?: IconName;
  /** Made when it is asked for. */
  readonly content: () => string;
}

export function CopyButton({ label = texts.parts.copy, icon = 'copy', content, ...rest }: Props) {
  const { copy, copied } = useClipboard({ timeout: 1500 });
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<Icon name={copied ? 'done' : icon} size={16} />}
      onClick={() => copy(content())}
      {...rest}
    >
      {copied ? texts.parts.copied : label}
    </Button>
  );
}
