/** What stands between the frame and a page that is for operators. */
import { Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { ErrorNote } from '../parts/error-note.tsx';
import { useSession } from '../server/session.ts';

// Most loads of the console find somebody signed in.
const WayIn = lazy(() => import('./way-in.tsx'));
const WayBackIn = lazy(() => import('./way-back-in.tsx'));

/**
 * The page, or the way in. When a session ends while a page is shown, the page stays as it is beneath, with what was
 * typed into it: whoever signs in again goes on there.
 */
export function Admitted({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const [wasAdmitted, setWasAdmitted] = useState(false);
  const isAdmitted = session.data?.access === 'open' || session.data?.operator != null;
  useEffect(() => {
    if (isAdmitted) setWasAdmitted(true);
  }, [isAdmitted]);
  if (session.data === undefined) {
    if (session.isError) return <ErrorNote error={session.error} again={() => session.refetch()} />;
    return <Skeleton height={320} />;
  }
  return (
    <>
      {(isAdmitted || wasAdmitted) && children}
      {!isAdmitted && (
        <Suspense fallback={<Skeleton height={320} />}>
          {wasAdmitted ? <WayBackIn session={session.data} /> : <WayIn session={session.data} />}
        </Suspense>
      )}
    </>
  );
}
