import { Anchor, Badge, Group, Table } from '@mantine/core';
import { Link } from 'react-router';
import { Validity } from '../parts/chain-picture.tsx';
import { Moment } from '../parts/moment.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import type { ListedContract } from '../server/pools.ts';
import { texts } from '../texts/texts.ts';

/** The contracts of one vehicle. */
export function ContractTable({ contracts }: { readonly contracts: readonly ListedContract[] }) {
  const { emaid, cpsRoot } = texts.contracts;
  return (
    <WideTable
      label={texts.vehicles.contracts}
      minWidth={560}
      verticalSpacing="xs"
      columns={[emaid, texts.pools.edition, texts.pools.validTo, cpsRoot]}
    >
      {contracts.map((contract) => (
        <Table.Tr key={keyOf(contract)}>
          <EmaidCell contract={contract} />
          <EditionCell contract={contract} />
          <ValidityCell contract={contract} />
          <Table.Td>{nameIn(contract.cpsRootName)}</Table.Td>
        </Table.Tr>
      ))}
    </WideTable>
  );
}

export function ContractRow({ contract }: { readonly contract: ListedContract }) {
  const { pcid, shownPcid, cpsRootName, storedAt } = contract;
  return (
    <Table.Tr>
      <EmaidCell contract={contract} />
      <Table.Td>
        <Anchor component={Link} to={`/vehicles/${pcid}`} className="mono whole" size="sm">
          {shownPcid}
        </Anchor>
      </Table.Td>
      <EditionCell contract={contract} />
      <ValidityCell contract={contract} />
      <Table.Td>{nameIn(cpsRootName)}</Table.Td>
      <Table.Td>
        <Moment at={Date.parse(storedAt)} />
      </Table.Td>
    </Table.Tr>
  );
}

/** There is one entry for each of these. */
export function keyOf({ emaid, edition, cpsRootFingerprint }: ListedContract): string {
  return `${emaid} ${edition} ${cpsRootFingerprint}`;
}

function EmaidCell({ contract: { emaid, shownEmaid, isDefault } }: { readonly contract: ListedContract }) {
  return (
    <Table.Td>
      <Group gap="xs" wrap="nowrap">
        <Anchor component={Link} to={`/contracts/${emaid}`} className="mono whole" size="sm" fw={600}>
          {shownEmaid}
        </Anchor>
        {isDefault && (
          <Badge variant="light" className="whole">
            {texts.pools.isDefault}
          </Badge>
        )}
      </Group>
    </Table.Td>
  );
}

function EditionCell({ contract: { edition } }: { readonly contract: ListedContract }) {
  return (
    <Table.Td>
      <Badge variant="default" className="whole">
        {texts.pools.editions[edition] ?? edition}
      </Badge>
    </Table.Td>
  );
}

function ValidityCell({ contract: { validFrom, validTo, revokedAt } }: { readonly contract: ListedContract }) {
  return (
    <Table.Td>
      <Group gap="xs">
        <Moment at={Date.parse(validTo)} />
        <Validity
          notBefore={Date.parse(validFrom)}
          notAfter={Date.parse(validTo)}
          isRevoked={revokedAt !== undefined}
        />
      </Group>
    </Table.Td>
  );
}

/** The common name comes first in a written name. */
export function nameIn(distinguishedName: string): string {
  const [, name] = /^CN=((?:[^,\\]|\\.)*)/.exec(distinguishedName) ?? [];
  return name?.replaceAll(/\\(.)/g, '$1') ?? distinguishedName;
}
