/** One request and its answer, and beside them what the messages in them say. */
import { Anchor, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { Exchange, WireBody } from '@plugpool/client';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { fragmentOf } from '../inspector/message-in-link.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { texts } from '../texts/texts.ts';
import classes from './playground.module.css';
import { type FoundMessage, wireTextOf } from './wire-text.ts';

export function ExchangeView({ exchange: { method, path, status, sent, received } }: { readonly exchange: Exchange }) {
  return (
    <Stack gap="sm">
      <Text className="mono" fw={600}>
        {method} {path}
      </Text>
      {sent !== undefined && <Side title={texts.playground.request} body={sent} />}
      <Side title={texts.playground.answer(status)} body={received} />
    </Stack>
  );
}

function Side({ title, body }: { readonly title: string; readonly body: WireBody }) {
  const { text, messages } = useMemo(() => wireTextOf(body), [body]);
  return (
    <SimpleGrid cols={{ base: 1, lg: messages.length > 0 ? 2 : 1 }}>
      <Stack gap={4}>
        <Group justify="space-between">
          <Title order={4} size="h6">
            {title}
          </Title>
          {text !== '' && <CopyButton content={() => wholeOf(body)} />}
        </Group>
        <Wire text={text === '' ? texts.playground.empty : text} label={title} />
      </Stack>
      {messages.length > 0 && (
        <Stack gap="sm">
          {messages.map((message) => (
            <Decoded key={message.decoded} message={message} />
          ))}
        </Stack>
      )}
    </SimpleGrid>
  );
}

function Decoded({ message: { name, exi, decoded } }: { readonly message: FoundMessage }) {
  const title = texts.playground.message(name);
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Title order={4} size="h6">
          {title}
        </Title>
        <Anchor component={Link} to={`/inspector${fragmentOf(exi)}`} size="sm" underline="always">
          {texts.playground.inspect}
        </Anchor>
      </Group>
      <Wire text={decoded} label={title} />
    </Stack>
  );
}

function Wire({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
    <section className={classes['wire']} tabIndex={0} aria-label={label}>
      <pre>{text}</pre>
    </section>
  );
}

function wholeOf({ content }: WireBody): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}
