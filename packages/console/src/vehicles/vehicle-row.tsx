import { Anchor, Badge, Group, Table } from '@mantine/core';
import { Link } from 'react-router';
import { Validity } from '../parts/chain-picture.tsx';
import { Moment } from '../parts/moment.tsx';
import type { ListedVehicle } from '../server/pools.ts';
import { texts } from '../texts/texts.ts';

export function VehicleRow({ vehicle }: { readonly vehicle: ListedVehicle }) {
  const { pcid, shownPcid, edition, validTo, publishedAt, revokedAt } = vehicle;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/vehicles/${pcid}`} className="mono whole" size="sm" fw={600}>
          {shownPcid}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Badge variant="default" className="whole">
          {texts.pools.editions[edition] ?? edition}
        </Badge>
      </Table.Td>
      <Table.Td>
        <Group gap="xs">
          <Moment at={Date.parse(validTo)} />
          <Validity notBefore={0} notAfter={Date.parse(validTo)} isRevoked={revokedAt !== undefined} />
        </Group>
      </Table.Td>
      <Table.Td>
        <Moment at={Date.parse(publishedAt)} />
      </Table.Td>
    </Table.Tr>
  );
}
