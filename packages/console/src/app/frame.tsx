/** What is around every page: name, navigation, light and dark. */
import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  NavLink,
  Text,
  Title,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useIsFetching } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { Link, Outlet, NavLink as RouterLink, useLocation, useMatches, useNavigation } from 'react-router';
import { useSession } from '../server/session.ts';
import { Admitted } from '../session/admitted.tsx';
import { texts } from '../texts/texts.ts';
import classes from './frame.module.css';
import { Icon, type IconName } from './icons.tsx';

const WhoMenu = lazy(() => import('../session/who-menu.tsx'));

const places: readonly { readonly to: string; readonly icon: IconName; readonly label: string }[] = [
  { to: '/', icon: 'overview', label: texts.overview.title },
  { to: '/inspector', icon: 'inspector', label: texts.inspector.title },
  { to: '/vehicles', icon: 'vehicles', label: texts.vehicles.title },
  { to: '/contracts', icon: 'contracts', label: texts.contracts.title },
  { to: '/certificates', icon: 'certificates', label: texts.certificates.title },
  { to: '/roots', icon: 'roots', label: texts.roots.title },
  { to: '/webhooks', icon: 'told', label: texts.webhooks.title },
  { to: '/peers', icon: 'peers', label: texts.peers.title },
  { to: '/playground', icon: 'playground', label: texts.playground.title },
  { to: '/parties', icon: 'person', label: texts.parties.title },
  { to: '/approvals', icon: 'good', label: texts.approvals.title },
  { to: '/authorities', icon: 'key', label: texts.authorities.title },
  { to: '/audit', icon: 'log', label: texts.audit.title },
];

/** What a route says of its page. */
export interface PageHandle {
  /** Whether it is shown to those who are not signed in. */
  readonly forEverybody: boolean;
}

function isPageHandle(handle: unknown): handle is PageHandle {
  return typeof handle === 'object' && handle !== null && 'forEverybody' in handle;
}

export function Frame() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const isNavigating = useNavigation().state === 'loading';
  const missing = useIsFetching({ predicate: ({ state }) => state.data === undefined });
  const isForEverybody = useMatches().some(({ handle }) => isPageHandle(handle) && handle.forEverybody);
  useEffect(close, [pathname]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="lg"
      transitionDuration={0}
    >
      <a className="skip" href="#content">
        {texts.frame.skip}
      </a>
      <AppShell.Header className={classes['header'] ?? ''}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={texts.frame.menu} />
            <Link to="/" className={classes['name'] ?? ''}>
              <img src="/console/plug.svg" alt="" width={28} height={28} />
              <Title order={1} size="h4" component="span">
                plugpool
              </Title>
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <WhoIsIn />
            <SchemeSwitch />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={texts.frame.navigation}>
        {places.map(({ to, icon, label }) => (
          <NavLink
            key={to}
            component={RouterLink}
            to={to}
            label={label}
            leftSection={<Icon name={icon} />}
            active={to === '/' ? pathname === to : pathname.startsWith(to)}
            className={classes['place'] ?? ''}
          />
        ))}
        <Text size="xs" mt="auto" p="xs" className="quiet">
          {texts.frame.documents} <a href="/docs">/docs</a>
        </Text>
      </AppShell.Navbar>
      <AppShell.Main
        id="content"
        tabIndex={-1}
        aria-busy={isNavigating || missing > 0}
        className={classes['main'] ?? ''}
      >
        {isForEverybody ? (
          <Outlet />
        ) : (
          <Admitted>
            <Outlet />
          </Admitted>
        )}
      </AppShell.Main>
    </AppShell>
  );
}

/** Nothing where nobody is asked who he is. */
function WhoIsIn() {
  const operator = useSession().data?.operator;
  return operator ? (
    <Suspense>
      <WhoMenu operator={operator} />
    </Suspense>
  ) : null;
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const isDark = scheme === 'dark';
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={isDark ? texts.frame.light : texts.frame.dark}
      title={isDark ? texts.frame.light : texts.frame.dark}
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
    >
      <Icon name={isDark ? 'sun' : 'moon'} />
    </ActionIcon>
  );
}
