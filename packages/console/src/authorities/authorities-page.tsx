import { Alert, Anchor, Group, Skeleton, Stack, Switch, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Moment } from '../parts/moment.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { WarningBadge } from '../parts/warning-badge.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { type AuthorityAnswer, rotateAuthority, useAuthorities } from '../server/authorities.ts';
import { texts } from '../texts/texts.ts';

export function AuthoritiesPage() {
  const authorities = useAuthorities();
  return (
    <>
      <PageHead title={texts.authorities.title} what={texts.authorities.what} />
      {authorities.isPending && <Skeleton height={480} />}
      {authorities.isError && <ErrorNote error={authorities.error} again={() => authorities.refetch()} />}
      {authorities.data?.length === 0 && <Alert title={texts.authorities.empty}>{texts.authorities.emptyWhat}</Alert>}
      {authorities.data !== undefined && authorities.data.length > 0 && <AuthorityTable all={authorities.data} />}
    </>
  );
}

function AuthorityTable({ all }: { readonly all: readonly AuthorityAnswer[] }) {
  const [olderToo, setOlderToo] = useState(false);
  const shown = all.filter(({ current, revoked }) => olderToo || current || revoked);
  return (
    <>
      {all.some(({ current }) => !current) && (
        <Switch
          mb="md"
          label={texts.authorities.olderToo}
          checked={olderToo}
          onChange={({ currentTarget: { checked } }) => setOlderToo(checked)}
        />
      )}
      <WideTable
        label={texts.authorities.title}
        minWidth={760}
        highlightOnHover
        columns={[
          texts.authorities.name,
          texts.authorities.validTo,
          texts.authorities.key,
          texts.authorities.state,
          texts.authorities.files,
        ]}
        actions={texts.authorities.rotate}
      >
        {shown.map((authority) => (
          <AuthorityRow key={authority.name} authority={authority} />
        ))}
      </WideTable>
    </>
  );
}

function AuthorityRow({ authority }: { readonly authority: AuthorityAnswer }) {
  const { name, subject, edition, algorithm, issuer, validTo, keyLocation, current } = authority;
  return (
    <Table.Tr>
      <Table.Td>
        <Stack gap={2}>
          <Text fw={600} className="mono" title={subject}>
            {name}
          </Text>
          <Text size="xs" className="quiet">
            {texts.pools.editions[edition] ?? edition}, {algorithm},{' '}
            {issuer === null ? texts.authorities.root : texts.authorities.issuedBy(issuer)}
          </Text>
        </Stack>
      </Table.Td>
      <Table.Td>
        <Stack gap={2}>
          <Moment at={Date.parse(validTo)} />
          <TimeLeft authority={authority} />
        </Stack>
      </Table.Td>
      <Table.Td>{locationInWords(keyLocation)}</Table.Td>
      <Table.Td>
        <State authority={authority} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Anchor href={`/ca/${name}.cer`} download underline="always">
            .cer
          </Anchor>
          {!name.includes('signer') && (
            <Anchor href={`/crl/${name}.crl`} download underline="always">
              .crl
            </Anchor>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        {current && issuer !== null && (
          <ConfirmButton
            label={texts.authorities.rotate}
            title={texts.authorities.rotateTitle(name)}
            what={texts.authorities.rotateWhat}
            action={() => rotateAuthority(name)}
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}

const SOON_DAYS = 90;

function TimeLeft({ authority: { daysLeft, validTo } }: { readonly authority: AuthorityAnswer }) {
  if (Date.parse(validTo) < Date.now()) {
    return <WarningBadge>{texts.authorities.over}</WarningBadge>;
  }
  const words = texts.authorities.daysLeft(daysLeft);
  if (daysLeft > SOON_DAYS) {
    return (
      <Text size="xs" className="quiet">
        {words}
      </Text>
    );
  }
  return <WarningBadge>{words}</WarningBadge>;
}

function State({ authority: { current, revoked } }: { readonly authority: AuthorityAnswer }) {
  if (revoked) return <WarningBadge>{texts.authorities.revoked}</WarningBadge>;
  return <Text size="sm">{current ? texts.authorities.current : texts.authorities.older}</Text>;
}

/** `database`, or `pkcs11:TOKEN`. */
function locationInWords(location: string): string {
  const [, token] = /^pkcs11:(.*)$/.exec(location) ?? [];
  return token === undefined ? (texts.authorities.locations[location] ?? location) : texts.authorities.inToken(token);
}
