import {
  Alert,
  Anchor,
  Badge,
  Button,
  Checkbox,
  Group,
  Menu,
  Paper,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { Icon } from '../app/icons.tsx';
import { Timeline } from '../history/timeline.tsx';
import { fragmentOf } from '../inspector/message-in-link.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Facts } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { KnownChain } from '../pools/known-chain.tsx';
import classes from '../pools/pools.module.css';
import { ask, ServerRefusal } from '../server/asking.ts';
import { type ContractDetail, useContract } from '../server/pools.ts';
import { texts } from '../texts/texts.ts';
import { nameIn } from './contract-table.tsx';

type Entry = ContractDetail['entries'][number];

export function ContractPage() {
  const { emaid = '' } = useParams();
  const contract = useContract(emaid);
  const isMissing = contract.error instanceof ServerRefusal && contract.error.status === 404;
  const data = isMissing ? undefined : contract.data;
  return (
    <>
      <PageHead title={data?.shownEmaid ?? emaid} mono>
        {data !== undefined && <ContractActions contract={data} />}
      </PageHead>
      <div className={classes['detail']}>
        <Stack>
          {contract.isPending && <Skeleton height={480} />}
          {isMissing && <Alert title={texts.contracts.missing}>{texts.contracts.missingWhat}</Alert>}
          {contract.isError && !isMissing && <ErrorNote error={contract.error} again={() => contract.refetch()} />}
          {data?.entries.map((entry) => (
            <EntrySection key={`${entry.edition} ${entry.cpsRootFingerprint}`} entry={entry} contract={data} />
          ))}
        </Stack>
        <Timeline of={`contracts/${encodeURIComponent(emaid)}`} about={data?.emaid ?? emaid} />
      </div>
    </>
  );
}

function ContractActions({
  contract: { emaid, shownEmaid, shownPcid, entries },
}: {
  readonly contract: ContractDetail;
}) {
  const [skipRevocation, setSkipRevocation] = useState(false);
  const { setDefault, setDefaultTitle, setDefaultWhat, withdraw, withdrawTitle, withdrawWhat } = texts.contracts;
  const path = `/admin/v1/contracts/${emaid}`;
  return (
    <>
      <CopyButton content={() => shownEmaid} />
      {entries.some(({ isDefault }) => !isDefault) && (
        <ConfirmButton
          label={setDefault}
          title={setDefaultTitle}
          what={setDefaultWhat(shownEmaid, shownPcid)}
          action={() => ask(`${path}/default`, { method: 'POST' })}
        />
      )}
      <ConfirmButton
        label={withdraw}
        title={withdrawTitle}
        what={withdrawWhat(shownEmaid)}
        isFinal
        action={() => ask(`${path}?skipRevocation=${skipRevocation}`, { method: 'DELETE' })}
      >
        <Checkbox
          label={texts.contracts.skipRevocation}
          checked={skipRevocation}
          onChange={({ currentTarget: { checked } }) => setSkipRevocation(checked)}
        />
      </ConfirmButton>
    </>
  );
}

function EntrySection({ entry, contract }: { readonly entry: Entry; readonly contract: ContractDetail }) {
  const { edition, isDefault, cpsRootName, storedAt, metaData, contractChain, cpsChain } = entry;
  const { vehicle, cpsRoot, stored } = texts.contracts;
  return (
    <Paper withBorder p="md" component="section">
      <Group justify="space-between" mb="sm">
        <Title order={3} size="h4">
          {texts.contracts.entry(texts.pools.editions[edition] ?? edition)}
        </Title>
        {isDefault && <Badge variant="light">{texts.pools.isDefault}</Badge>}
      </Group>
      <Facts
        facts={[
          [
            vehicle,
            <Anchor key="car" component={Link} to={`/vehicles/${contract.pcid}`} className="mono" underline="always">
              {contract.shownPcid}
            </Anchor>,
          ],
          [stored, <Moment key="at" at={Date.parse(storedAt)} />],
          [cpsRoot, nameIn(cpsRootName)],
          ...(metaData === undefined ? [] : [[texts.contracts.metaData, metaData] as const]),
        ]}
      />
      <EntryFiles entry={entry} emaid={contract.emaid} />
      <div className={classes['chains']}>
        <div>
          <Text size="sm" fw={600} mb={6}>
            {texts.contracts.contractChain}
          </Text>
          <KnownChain chain={contractChain} />
        </div>
        <div>
          <Text size="sm" fw={600} mb={6}>
            {texts.contracts.cpsChain}
          </Text>
          <KnownChain chain={cpsChain} isReadOnly />
        </div>
      </div>
    </Paper>
  );
}

const files = [
  ['data.exi', 'EXI'],
  ['data.xml', 'XML'],
  ['data.json', 'JSON'],
  ['chain.pem', 'PEM'],
] as const;

function EntryFiles({ entry, emaid }: { readonly entry: Entry; readonly emaid: string }) {
  const { edition, cpsRootFingerprint, installationRes } = entry;
  const query = `edition=${edition}&cpsRoot=${cpsRootFingerprint}`;
  return (
    <Group gap="xs" my="md">
      <Button
        component={Link}
        to={`/inspector${fragmentOf(Buffer.from(installationRes, 'base64'))}`}
        variant="default"
        size="xs"
        leftSection={<Icon name="inspector" size={16} />}
      >
        {texts.contracts.inspect}
      </Button>
      <CopyButton label="EXI, base64" content={() => installationRes} />
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button variant="default" size="xs" leftSection={<Icon name="download" size={16} />}>
            {texts.pools.download}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {files.map(([name, label]) => (
            <Menu.Item key={name} component="a" href={`/admin/v1/contracts/${emaid}/${name}?${query}`} download>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
