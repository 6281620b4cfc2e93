import { Alert, Anchor, Button, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useParams } from 'react-router';
import { Icon } from '../app/icons.tsx';
import { ContractTable } from '../contracts/contract-table.tsx';
import { Timeline } from '../history/timeline.tsx';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Facts } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { KnownChain } from '../pools/known-chain.tsx';
import classes from '../pools/pools.module.css';
import { ask, ServerRefusal } from '../server/asking.ts';
import { useVehicle, type VehicleDetail } from '../server/pools.ts';
import { texts } from '../texts/texts.ts';

export function VehiclePage() {
  const { pcid = '' } = useParams();
  const vehicle = useVehicle(pcid);
  const isMissing = vehicle.error instanceof ServerRefusal && vehicle.error.status === 404;
  return (
    <>
      <PageHead title={vehicle.data?.shownPcid ?? pcid} mono>
        {vehicle.data !== undefined && <VehicleActions pcid={vehicle.data.pcid} />}
      </PageHead>
      <div className={classes['detail']}>
        <Stack>
          {vehicle.isPending && <Skeleton height={480} />}
          {isMissing && <Alert title={texts.vehicles.missing}>{texts.vehicles.missingWhat}</Alert>}
          {vehicle.isError && !isMissing && <ErrorNote error={vehicle.error} again={() => vehicle.refetch()} />}
          {vehicle.data?.entries.map((entry) => (
            <Entry key={entry.edition} entry={entry} pcid={pcid} />
          ))}
          {vehicle.data !== undefined && <Contracts vehicle={vehicle.data} />}
        </Stack>
        <Timeline of={`vehicles/${encodeURIComponent(pcid)}`} about={pcid.toUpperCase()} />
      </div>
    </>
  );
}

function VehicleActions({ pcid }: { readonly pcid: string }) {
  const navigate = useNavigate();
  const { reset, resetTitle, resetWhat, remove, removeTitle, removeWhat } = texts.vehicles;
  const path = `/admin/v1/vehicles/${pcid}`;
  return (
    <>
      <CopyButton content={() => pcid} />
      <ConfirmButton
        label={reset}
        title={resetTitle}
        what={resetWhat(pcid)}
        isFinal
        action={() => ask(`${path}/contracts`, { method: 'DELETE' })}
      />
      <ConfirmButton
        label={remove}
        title={removeTitle}
        what={removeWhat(pcid)}
        isFinal
        action={() => ask(path, { method: 'DELETE' })}
        done={() => navigate('/vehicles')}
      />
    </>
  );
}

function Entry({ entry, pcid }: { readonly entry: VehicleDetail['entries'][number]; readonly pcid: string }) {
  const { edition, publishedAt, previousPcid, v2gRootKeyIdentifiers, chain } = entry;
  const { certificate, published, previous, v2gRoots, notSaid } = texts.vehicles;
  return (
    <Paper withBorder p="md" component="section">
      <Title order={3} size="h4" mb="sm">
        {certificate(texts.pools.editions[edition] ?? edition)}
      </Title>
      <Facts
        facts={[
          [published, <Moment key="at" at={Date.parse(publishedAt)} />],
          ...(previousPcid === undefined ? [] : [[previous, <PcidLink key="before" pcid={previousPcid} />] as const]),
          [
            v2gRoots,
            v2gRootKeyIdentifiers.length === 0 ? (
              <span className="quiet">{notSaid}</span>
            ) : (
              <span className="mono">{v2gRootKeyIdentifiers.join(', ')}</span>
            ),
          ],
        ]}
      />
      <Button
        component="a"
        href={`/admin/v1/vehicles/${encodeURIComponent(pcid)}/chain.pem?edition=${edition}`}
        download
        variant="default"
        size="xs"
        my="md"
        leftSection={<Icon name="download" size={16} />}
      >
        {texts.pools.chain}, PEM
      </Button>
      <KnownChain chain={chain} />
    </Paper>
  );
}

function PcidLink({ pcid }: { readonly pcid: string }) {
  return (
    <Anchor component={Link} to={`/vehicles/${pcid}`} className="mono" underline="always">
      {pcid}
    </Anchor>
  );
}

function Contracts({ vehicle: { contracts } }: { readonly vehicle: VehicleDetail }) {
  return (
    <Paper withBorder p="md" component="section">
      <Title order={3} size="h4" mb="sm">
        {texts.vehicles.contracts}
      </Title>
      {contracts.length === 0 ? (
        <Text className="quiet">{texts.vehicles.noContracts}</Text>
      ) : (
        <ContractTable contracts={contracts} />
      )}
    </Paper>
  );
}
