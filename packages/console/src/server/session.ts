import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask, ServerRefusal, showToken } from './asking.ts';

export interface Operator {
  /** As the audit log names whoever is signed in. */
  readonly operator: string;
  /** For people. */
  readonly name: string;
  readonly csrfToken: string;
  readonly startedAt: string;
  /** Unless something more is asked. */
  readonly expiresAt: string;
}

export interface Session {
  /** `open`: nobody is asked who he is. `insecure`: nobody can sign in, as the password would pass in the clear. */
  readonly access: 'open' | 'sign-in' | 'insecure';
  /** Where one can sign in besides. */
  readonly issuer: { readonly name: string } | null;
  readonly operator: Operator | null;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
  readonly code: string;
}

export interface EnrolmentSecret {
  readonly name: string;
  /** For a QR code. */
  readonly uri: string;
  /** Base32. */
  readonly secret: string;
}

const SESSION = ['session'];
const ENROLMENT = ['enrolment'];
const PATH = '/admin/v1/session';
const LOOKED_AT_EVERY_MS = 60_000;

/** Who is signed in; looked at now and then, so that a page does not go on as if somebody were. */
export function useSession() {
  return useQuery({
    queryKey: SESSION,
    queryFn: async () => {
      const session = await ask<Session>(PATH);
      showToken(session.operator?.csrfToken);
      return session;
    },
    refetchInterval: ({ state }) => (state.data?.operator ? LOOKED_AT_EVERY_MS : false),
    refetchOnWindowFocus: 'always',
  });
}

export function useSignIn() {
  return useEntrance((credentials: Credentials) => ask<Entered>(PATH, { method: 'POST', body: credentials }));
}

/** What goes into the authenticator app, for whoever has the link. */
export function useEnrolment(token: string) {
  return useQuery({
    queryKey: [...ENROLMENT, token],
    queryFn: () => ask<EnrolmentSecret>(`${PATH}/enrolment`, { method: 'POST', body: { token } }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
}

export function useFinishEnrolment(token: string) {
  return useEntrance((chosen: Omit<Credentials, 'name'>) =>
    ask<Entered>(`${PATH}/enrolment`, { method: 'PUT', body: { token, ...chosen } }),
  );
}

interface Entered {
  readonly operator: Operator;
}

/** What lets somebody in: from then on everything is asked for anew, and nothing of whoever was here before is left. */
function useEntrance<T>(enter: (shown: T) => Promise<Entered>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: enter,
    onSuccess: async ({ operator }) => {
      showToken(operator.csrfToken);
      const before = queries.getQueryData<Session>(SESSION);
      const issuer = before?.issuer ?? null;
      queries.setQueryData<Session>(SESSION, { access: 'sign-in', issuer, operator });
      // The link of an enrolment is used up by now.
      const isOfPage = ({ queryKey: [first] }: { queryKey: readonly unknown[] }) => {
        return first !== SESSION[0] && first !== ENROLMENT[0];
      };
      await queries.invalidateQueries({ predicate: isOfPage });
    },
  });
}

/** @param everywhere all sessions of whoever is signed in, on whatever machine */
export function useSignOut(everywhere: boolean) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => ask<undefined>(everywhere ? `${PATH}/all` : PATH, { method: 'DELETE' }),
    onSettled: () => {
      // A fresh page: nothing of the session is left in its memory.
      queries.clear();
      location.assign('/console/');
    },
  });
}

/** Where the browser goes to sign in at the issuer, and comes back from to the page that is shown. */
export function issuerPath(): string {
  return `${PATH}/issuer?return=${encodeURIComponent(location.pathname + location.search)}`;
}

/** The server knows nobody any more: the frame asks to sign in again. */
export function noticeRefusal(queries: QueryClient, error: Error): void {
  if (error instanceof ServerRefusal && error.status === 401) void queries.invalidateQueries({ queryKey: SESSION });
}
