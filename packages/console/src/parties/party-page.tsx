import { Anchor, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { ErrorNote } from '../parts/error-note.tsx';
import { Facts } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { WarningBadge } from '../parts/warning-badge.tsx';
import { isProposed } from '../server/asking.ts';
import {
  changeParty,
  IDENTIFIER_KINDS,
  type Party,
  type PartyFields,
  setPartyDisabled,
  useParty,
} from '../server/parties.ts';
import { texts } from '../texts/texts.ts';
import { ChangeDialog } from './change-dialog.tsx';
import { ClientTable } from './client-table.tsx';
import { DisableButton } from './disable-button.tsx';
import { RoleBadges } from './parties-page.tsx';
import { PartyForm } from './party-form.tsx';

export function PartyPage() {
  const { partyId = '' } = useParams();
  const party = useParty(partyId);
  return (
    <>
      {party.isPending && <Skeleton height={320} />}
      {party.isError && (
        <>
          <PageHead title={texts.parties.notThere} />
          <ErrorNote error={party.error} again={() => party.refetch()} />
        </>
      )}
      {party.data !== undefined && <Shown party={party.data} />}
      <Anchor component={Link} to="/parties" underline="always" mt="lg" display="inline-block">
        {texts.parties.all}
      </Anchor>
    </>
  );
}

function Shown({ party }: { readonly party: Party }) {
  const name = party.name === '' ? party.partyId : party.name;
  const own = IDENTIFIER_KINDS.filter((kind) => party[kind].length > 0);
  return (
    <>
      <PageHead title={name}>
        <ChangeParty party={party} name={name} />
        <DisableButton
          name={name}
          isDisabled={party.disabled}
          setDisabled={(isDisabled) => setPartyDisabled(party.partyId, isDisabled)}
          size="sm"
        />
      </PageHead>
      <Stack>
        <Paper withBorder p="md">
          <Facts
            facts={[
              [texts.parties.roles, <RoleBadges key="roles" party={party} />],
              [
                texts.parties.state,
                party.disabled ? (
                  <WarningBadge key="state">{texts.parties.disabled}</WarningBadge>
                ) : (
                  texts.parties.active
                ),
              ],
              ...own.map((kind) => [texts.parties.identifiers[kind], <Own key={kind} values={party[kind]} />] as const),
              ...(party.roles.includes('emsp')
                ? [[texts.parties.pki, texts.parties.pkiWords[party.pki]] as const]
                : []),
              [texts.parties.added, <Moment key="added" at={Date.parse(party.createdAt)} />],
              ['ID', <Own key="id" values={[party.partyId]} />],
            ]}
          />
        </Paper>
        <Title order={3} size="h4">
          {texts.parties.clients}
        </Title>
        <ClientTable party={party} />
        <Text>
          <Anchor component={Link} to={`/audit?actor=party:${party.partyId}`} underline="always">
            {texts.parties.history}
          </Anchor>
        </Text>
      </Stack>
    </>
  );
}

function Own({ values }: { readonly values: readonly string[] }) {
  return <span className="mono">{values.join(', ')}</span>;
}

function ChangeParty({ party, name }: { readonly party: Party; readonly name: string }) {
  return (
    <ChangeDialog
      label={texts.parties.change}
      title={texts.parties.changeTitle(name)}
      variant="default"
      change={async (fields: PartyFields) => {
        const changed = await changeParty(party.partyId, fields);
        return isProposed(changed) ? changed : undefined;
      }}
    >
      {(form) => <PartyForm before={party} submitLabel={texts.parties.save} {...form} />}
    </ChangeDialog>
  );
}
