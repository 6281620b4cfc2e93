/** Which page is where; the code of each is loaded when it is first gone to. */
import { createBrowserRouter, type RouteObject } from 'react-router';
import { FaultPage, MissingPage } from './fault-page.tsx';
import { Frame } from './frame.tsx';

const pages: RouteObject[] = [
  { index: true, lazy: async () => ({ Component: (await import('../overview/overview-page.tsx')).OverviewPage }) },
  { path: 'roots', lazy: async () => ({ Component: (await import('../roots/roots-page.tsx')).RootsPage }) },
  {
    path: 'inspector',
    lazy: async () => ({ Component: (await import('../inspector/inspector-page.tsx')).InspectorPage }),
  },
  { path: '*', Component: MissingPage },
];

export const router = createBrowserRouter(
  [
    {
      Component: Frame,
      // Nothing stands there for the moment in which the first page's code arrives.
      HydrateFallback: () => null,
      children: [{ ErrorBoundary: FaultPage, children: pages }],
    },
  ],
  { basename: '/console' },
);
