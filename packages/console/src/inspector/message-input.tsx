/** Where a message is pasted, chosen or dropped. */
import { Button, FileButton, Group, Paper, Text, Textarea } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { texts } from '../texts/texts.ts';
import classes from './inspector.module.css';

/** Messages have a few thousand octets. */
const largest = 1024 * 1024;

interface Props {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onOctets: (octets: Uint8Array) => void;
}

export function MessageInput({ text, onText, onOctets }: Props) {
  const [isOver, setOver] = useState(false);
  const [refused, setRefused] = useState<string>();
  const take = async (file: File | null | undefined) => {
    setOver(false);
    if (!file) return;
    if (file.size > largest) return setRefused(texts.inspector.tooLarge(largest));
    setRefused(undefined);
    onOctets(new Uint8Array(await file.arrayBuffer()));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void take(event.dataTransfer.files.item(0));
  };
  return (
    <Paper
      withBorder
      p="md"
      className={classes['input'] ?? ''}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Textarea
        label={texts.inspector.input}
        description={texts.inspector.inputWhat}
        error={refused}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        rows={4}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: 'mono' }}
      />
      <Group mt="sm" gap="xs">
        <FileButton onChange={take}>
          {(props) => (
            <Button {...props} variant="default" size="xs" leftSection={<Icon name="file" size={16} />}>
              {texts.inspector.choose}
            </Button>
          )}
        </FileButton>
        <Text size="sm" className="quiet">
          {texts.inspector.drop}
        </Text>
        {text !== '' && (
          <Button variant="subtle" size="xs" ml="auto" onClick={() => onText('')}>
            {texts.inspector.clear}
          </Button>
        )}
      </Group>
    </Paper>
  );
}
