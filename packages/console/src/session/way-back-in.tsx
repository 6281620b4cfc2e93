import { Modal, Text } from '@mantine/core';
import type { Session } from '../server/session.ts';
import { texts } from '../texts/texts.ts';
import { SignInForm } from './sign-in-form.tsx';

/** Over a page whose session is over; nothing of it is to be seen. */
export default function WayBackIn({ session }: { readonly session: Session }) {
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      fullScreen
      title={texts.session.again}
      transitionProps={{ duration: 0 }}
    >
      <Text mb="md">{texts.session.againWhat}</Text>
      <SignInForm session={session} />
    </Modal>
  );
}
