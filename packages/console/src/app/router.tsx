/** Which page is where; the code of each is loaded when it is first gone to. */
import { createBrowserRouter, type RouteObject } from 'react-router';
import { FaultPage, MissingPage } from './fault-page.tsx';
import { Frame, type PageHandle } from './frame.tsx';

/** What works without a server that knows who is there. */
const forEverybody: PageHandle = { forEverybody: true };

const pages: RouteObject[] = [
  { index: true, lazy: async () => ({ Component: (await import('../overview/overview-page.tsx')).OverviewPage }) },
  { path: 'vehicles', lazy: async () => ({ Component: (await import('../vehicles/vehicles-page.tsx')).VehiclesPage }) },
  {
    path: 'vehicles/:pcid',
    lazy: async () => ({ Component: (await import('../vehicles/vehicle-page.tsx')).VehiclePage }),
  },
  {
    path: 'contracts',
    lazy: async () => ({ Component: (await import('../contracts/contracts-page.tsx')).ContractsPage }),
  },
  {
    path: 'contracts/:emaid',
    lazy: async () => ({ Component: (await import('../contracts/contract-page.tsx')).ContractPage }),
  },
  {
    path: 'certificates',
    lazy: async () => ({ Component: (await import('../certificates/certificates-page.tsx')).CertificatesPage }),
  },
  { path: 'roots/:id', lazy: async () => ({ Component: (await import('../roots/root-page.tsx')).RootPage }) },
  { path: 'roots', lazy: async () => ({ Component: (await import('../roots/roots-page.tsx')).RootsPage }) },
  { path: 'parties', lazy: async () => ({ Component: (await import('../parties/parties-page.tsx')).PartiesPage }) },
  {
    path: 'parties/:partyId',
    lazy: async () => ({ Component: (await import('../parties/party-page.tsx')).PartyPage }),
  },
  {
    path: 'approvals',
    lazy: async () => ({ Component: (await import('../approvals/approvals-page.tsx')).ApprovalsPage }),
  },
  { path: 'audit', lazy: async () => ({ Component: (await import('../audit/audit-page.tsx')).AuditPage }) },
  {
    path: 'authorities',
    lazy: async () => ({ Component: (await import('../authorities/authorities-page.tsx')).AuthoritiesPage }),
  },
  {
    path: 'inspector',
    handle: forEverybody,
    lazy: async () => ({ Component: (await import('../inspector/inspector-page.tsx')).InspectorPage }),
  },
  { path: 'webhooks', lazy: async () => ({ Component: (await import('../webhooks/webhooks-page.tsx')).WebhooksPage }) },
  { path: 'peers', lazy: async () => ({ Component: (await import('../peers/peers-page.tsx')).PeersPage }) },
  {
    path: 'playground',
    lazy: async () => ({ Component: (await import('../playground/playground-page.tsx')).PlaygroundPage }),
  },
  {
    path: 'sign-in',
    handle: forEverybody,
    lazy: async () => ({ Component: (await import('../session/sign-in-page.tsx')).SignInPage }),
  },
  {
    path: 'enrol',
    handle: forEverybody,
    lazy: async () => ({ Component: (await import('../session/enrol-page.tsx')).EnrolPage }),
  },
  { path: '*', Component: MissingPage, handle: forEverybody },
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
