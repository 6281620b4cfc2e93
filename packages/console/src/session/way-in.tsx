import { Alert } from '@mantine/core';
import { PageHead } from '../parts/page-head.tsx';
import type { Session } from '../server/session.ts';
import { texts } from '../texts/texts.ts';
import { SignInForm } from './sign-in-form.tsx';

/** In place of a page: whoever signs in stands on it. */
export default function WayIn({ session }: { readonly session: Session }) {
  return (
    <>
      <PageHead title={texts.session.title} what={texts.session.what} />
      {session.access === 'insecure' ? (
        <Alert color="red" title={texts.session.insecure}>
          {texts.session.insecureWhat}
        </Alert>
      ) : (
        <SignInForm session={session} />
      )}
    </>
  );
}
