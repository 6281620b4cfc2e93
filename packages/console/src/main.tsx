import { nonce } from './nonce.ts';
import '@mantine/core/styles.css';
import './app/console.css';
import { MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { router } from './app/router.tsx';
import { theme } from './app/theme.ts';
import { ServerRefusal } from './server/asking.ts';
import { noticeRefusal } from './server/session.ts';

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error) => noticeRefusal(queries, error) }),
  mutationCache: new MutationCache({ onError: (error) => noticeRefusal(queries, error) }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the server refused it refuses again; what did not arrive may arrive.
      retry: (failures, error) => failures < 2 && !(error instanceof ServerRefusal && error.status < 500),
    },
  },
});

const place = document.getElementById('console');
if (place === null) throw new Error('the page has no place for the console');

createRoot(place).render(
  <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>,
);
