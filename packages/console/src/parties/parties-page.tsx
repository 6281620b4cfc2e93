import { Alert, Anchor, Badge, Group, NativeSelect, Skeleton, Table } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { ErrorNote } from '../parts/error-note.tsx';
import { Moment } from '../parts/moment.tsx';
import { MoreButton } from '../parts/more-button.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { WarningBadge } from '../parts/warning-badge.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { addParty, IDENTIFIER_KINDS, type Party, type PartyFields, ROLES, useParties } from '../server/parties.ts';
import { useSession } from '../server/session.ts';
import { texts } from '../texts/texts.ts';
import { ChangeDialog } from './change-dialog.tsx';
import { PartyForm } from './party-form.tsx';

export function PartiesPage() {
  const [params, setParams] = useSearchParams();
  const role = params.get('role') ?? '';
  const isOpen = useSession().data?.access === 'open';
  return (
    <>
      <PageHead title={texts.parties.title} what={texts.parties.what}>
        <AddParty />
      </PageHead>
      {isOpen && (
        <Alert mb="md" color="gray">
          {texts.parties.open}
        </Alert>
      )}
      <NativeSelect
        label={texts.parties.role}
        value={role}
        onChange={({ currentTarget: { value } }) => setParams(value === '' ? {} : { role: value }, { replace: true })}
        data={[
          { value: '', label: texts.parties.anyRole },
          ...ROLES.map((value) => ({ value, label: texts.parties.roleNames[value] })),
        ]}
        w="fit-content"
        mb="md"
      />
      <PartyTable role={role} />
    </>
  );
}

function PartyTable({ role }: { readonly role: string }) {
  const list = useParties(role);
  if (list.isPending) return <Skeleton height={320} />;
  if (list.isError) return <ErrorNote error={list.error} again={() => list.refetch()} />;
  const parties = list.data.pages.flatMap((page) => page.parties);
  if (parties.length === 0) {
    return role === '' ? (
      <Alert title={texts.parties.empty}>{texts.parties.emptyWhat}</Alert>
    ) : (
      <Alert title={texts.parties.none} />
    );
  }
  return (
    <>
      <WideTable
        label={texts.parties.title}
        minWidth={720}
        highlightOnHover
        columns={[
          texts.parties.name,
          texts.parties.roles,
          texts.parties.own,
          texts.parties.clients,
          texts.parties.added,
        ]}
      >
        {parties.map((party) => (
          <PartyRow key={party.partyId} party={party} />
        ))}
      </WideTable>
      {list.hasNextPage && (
        <Group justify="center" mt="md">
          <MoreButton list={list}>{texts.parties.more}</MoreButton>
        </Group>
      )}
    </>
  );
}

function PartyRow({ party }: { readonly party: Party }) {
  const own = IDENTIFIER_KINDS.flatMap((kind) => party[kind]);
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Anchor component={Link} to={`/parties/${party.partyId}`} fw={600} underline="always">
            {party.name === '' ? party.partyId : party.name}
          </Anchor>
          {party.disabled && <WarningBadge>{texts.parties.disabled}</WarningBadge>}
        </Group>
      </Table.Td>
      <Table.Td>
        <RoleBadges party={party} />
      </Table.Td>
      <Table.Td className="mono">
        {own.map((each) => (each.length > 20 ? `${each.slice(0, 16)}…` : each)).join(', ')}
      </Table.Td>
      <Table.Td>{party.clients.filter(({ disabled }) => !disabled).length}</Table.Td>
      <Table.Td>
        <Moment at={Date.parse(party.createdAt)} />
      </Table.Td>
    </Table.Tr>
  );
}

export function RoleBadges({ party }: { readonly party: Party }) {
  return (
    <Group gap={4}>
      {party.roles.map((role) => (
        <Badge key={role} variant="default" tt="none">
          {texts.parties.roleNames[role]}
        </Badge>
      ))}
    </Group>
  );
}

function AddParty() {
  return (
    <ChangeDialog
      label={texts.parties.add}
      change={({ publicKey, ...fields }: PartyFields & { readonly publicKey: string }) =>
        addParty({ ...fields, publicKey: publicKey === '' ? undefined : publicKey })
      }
    >
      {({ submit, ...form }) => (
        <PartyForm
          submitLabel={texts.parties.addIt}
          submit={(fields, publicKey) => submit({ ...fields, publicKey })}
          {...form}
        />
      )}
    </ChangeDialog>
  );
}
