import { Alert, Anchor, Badge, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { commonNameOf, formatName, toPem } from '@plugpool/iso15118';
import { Link } from 'react-router';
import { Validity } from '../parts/chain-picture.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Moment } from '../parts/moment.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { type Root, useRoots } from '../server/roots.ts';
import { texts } from '../texts/texts.ts';
import { AddRoot } from './add-root.tsx';

export function RootsPage() {
  const roots = useRoots();
  return (
    <>
      <PageHead title={texts.roots.title} what={texts.roots.what}>
        <AddRoot />
      </PageHead>
      {roots.isPending && <Skeleton height={320} />}
      {roots.isError && <ErrorNote error={roots.error} again={() => roots.refetch()} />}
      {roots.data?.length === 0 && <Alert title={texts.roots.empty}>{texts.roots.emptyWhat}</Alert>}
      {roots.data !== undefined && roots.data.length > 0 && <RootTable roots={roots.data} />}
    </>
  );
}

function RootTable({ roots }: { readonly roots: readonly Root[] }) {
  return (
    <WideTable
      label={texts.roots.title}
      minWidth={720}
      highlightOnHover
      columns={[texts.roots.certificate, texts.roots.types, texts.roots.validity, texts.roots.added]}
      actions={texts.parts.copy}
    >
      {roots.map((root) => (
        <RootRow key={root.id} root={root} />
      ))}
    </WideTable>
  );
}

function RootRow({ root: { id, certificate, types, addedAt } }: { readonly root: Root }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Stack gap={2}>
          <Anchor
            component={Link}
            to={`/roots/${id}`}
            fw={600}
            className="mono"
            title={formatName(certificate.subject)}
          >
            {commonNameOf(certificate.subject) ?? formatName(certificate.subject)}
          </Anchor>
          <Text size="xs" className="quiet mono">
            {certificate.publicKey.curve} · {certificate.fingerprint.slice(0, 24)}…
          </Text>
        </Stack>
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          {types.map((type) => (
            <Badge key={type} variant="default">
              {type}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>
        <Stack gap={4} align="flex-start">
          <Moment at={certificate.notAfter} />
          <Validity {...certificate} />
        </Stack>
      </Table.Td>
      <Table.Td>
        <Moment at={Date.parse(addedAt)} />
      </Table.Td>
      <Table.Td>
        <CopyButton label="PEM" content={() => toPem('CERTIFICATE', certificate.der)} />
      </Table.Td>
    </Table.Tr>
  );
}
