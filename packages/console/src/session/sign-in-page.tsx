/** Where somebody stands who could not sign in at the issuer. */
import { Skeleton } from '@mantine/core';
import { useNavigate, useSearchParams } from 'react-router';
import { ErrorNote } from '../parts/error-note.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useSession } from '../server/session.ts';
import { texts } from '../texts/texts.ts';
import { SignInForm } from './sign-in-form.tsx';

export function SignInPage() {
  const session = useSession();
  const goTo = useNavigate();
  const [parameters] = useSearchParams();
  return (
    <>
      <PageHead title={texts.session.title} what={texts.session.what} />
      {session.isPending && <Skeleton height={320} />}
      {session.isError && <ErrorNote error={session.error} again={() => session.refetch()} />}
      {session.data !== undefined && (
        <SignInForm
          session={session.data}
          refused={reasonFor(parameters.get('refused'))}
          entered={() => goTo('/', { replace: true })}
        />
      )}
    </>
  );
}

/** Reasons that we know; anybody can write others into a link. */
function reasonFor(name: string | null): string | undefined {
  const reasons = new Map<string, string>(Object.entries(texts.session.refused));
  return name === null ? undefined : reasons.get(name);
}
