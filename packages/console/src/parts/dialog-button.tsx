import { Button, type ButtonProps, Modal, type ModalProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { texts } from '../texts/texts.ts';

interface Props extends Omit<ButtonProps, 'children'> {
  /** On the button. */
  readonly label: string;
  /** Over the dialog; the label where it is left out. */
  readonly title?: string;
  readonly dialogSize?: ModalProps['size'];
  /** What is in the dialog: made when it opens, and gone when it is closed. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button, and the dialog behind it. */
export function DialogButton({ label, title = label, dialogSize = 'lg', children, ...button }: Props) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button onClick={open} {...button}>
        {label}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={title}
        size={dialogSize}
        closeButtonProps={{ 'aria-label': texts.parts.close }}
      >
        {children(close)}
      </Modal>
    </>
  );
}
