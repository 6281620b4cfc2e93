import { Button, type ButtonProps, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isProposed } from '../server/asking.ts';
import { texts } from '../texts/texts.ts';
import { ErrorNote } from './error-note.tsx';
import { ProposedNote } from './proposed-note.tsx';

interface Props extends Omit<ButtonProps, 'children'> {
  /** On the button, and on the one that goes ahead. */
  readonly label: string;
  readonly title: string;
  /** What will happen. */
  readonly what: string;
  readonly action: () => Promise<unknown>;
  /** What cannot be taken back. */
  readonly isFinal?: boolean;
  /** Choices that the action looks at. */
  readonly children?: ReactNode;
  readonly done?: () => void;
}

/** A button whose action is explained before it happens. */
export function ConfirmButton({ label, title, what, action, isFinal = false, children, done, ...rest }: Props) {
  const [opened, { open, close }] = useDisclosure(false);
  const queries = useQueryClient();
  const { mutate, isPending, error, reset, data } = useMutation({
    mutationFn: action,
    onSuccess: async (answer) => {
      if (isProposed(answer)) return;
      close();
      done?.();
      await queries.invalidateQueries();
    },
  });
  const ask = () => {
    reset();
    open();
  };
  return (
    <>
      <Button variant="default" size="xs" onClick={ask} {...rest}>
        {label}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={title}
        centered
        closeButtonProps={{ 'aria-label': texts.parts.close }}
      >
        <Stack>
          <Text>{what}</Text>
          {children}
          {error !== null && <ErrorNote error={error} again={() => mutate()} />}
          {isProposed(data) ? (
            <ProposedNote proposed={data} />
          ) : (
            <Group justify="flex-end">
              <Button variant="default" onClick={close} data-autofocus>
                {texts.pools.cancel}
              </Button>
              <Button onClick={() => mutate()} loading={isPending} {...(isFinal && { color: 'red.8' })}>
                {label}
              </Button>
            </Group>
          )}
        </Stack>
      </Modal>
    </>
  );
}
