import { Button, Menu } from '@mantine/core';
import { Icon } from '../app/icons.tsx';
import { type Operator, useSignOut } from '../server/session.ts';
import { texts } from '../texts/texts.ts';

/** Who is signed in, and the way out. */
export default function WhoMenu({ operator }: { readonly operator: Operator }) {
  const signOut = useSignOut(false);
  const signOutEverywhere = useSignOut(true);
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<Icon name="person" />}
          aria-label={texts.session.signedInAs(operator.name)}
          maw={220}
        >
          {operator.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => signOut.mutate()}>{texts.session.signOut}</Menu.Item>
        <Menu.Item onClick={() => signOutEverywhere.mutate()}>{texts.session.signOutEverywhere}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
