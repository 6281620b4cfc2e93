import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { CallError, type Outcome } from '@plugpool/client';
import { type Certificate, formatName } from '@plugpool/iso15118';
import { Icon } from '../app/icons.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { texts } from '../texts/texts.ts';
import { LifeForm } from './life-form.tsx';
import { StepList } from './step-list.tsx';
import { useLife } from './use-life.ts';

export function PlaygroundPage() {
  const { steps, upNext, isPlaying, outcome, failure, start, goOn, playRest } = useLife();
  return (
    <>
      <PageHead title={texts.playground.title} what={texts.playground.what} />
      <Stack>
        <LifeForm isPlaying={isPlaying && upNext === undefined} play={start} />
        {steps.length === 0 && upNext === undefined && !isPlaying && (
          <Text className="quiet">{texts.playground.nothing}</Text>
        )}
        {outcome !== undefined && <Proof outcome={outcome} />}
        {failure !== undefined && <Failure failure={failure} />}
        {steps.length > 0 && <StepList steps={steps} />}
        {upNext !== undefined && (
          <Paper withBorder p="md">
            <Text mb="sm">{texts.playground.upNext(upNext.role, upNext.text)}</Text>
            <Group>
              <Button onClick={goOn}>{texts.playground.next}</Button>
              <Button variant="default" onClick={playRest}>
                {texts.playground.rest}
              </Button>
            </Group>
          </Paper>
        )}
      </Stack>
    </>
  );
}

function Proof({ outcome: { contracts, vehicleCertificate } }: { readonly outcome: Outcome }) {
  const [{ cpsCertificate, cpsRoot }] = contracts;
  return (
    <Alert
      color="current"
      icon={<Icon name="good" />}
      title={texts.playground.proven(contracts.length)}
      data-testid="proof"
    >
      <Text size="sm">{texts.playground.provenHow}</Text>
      <Stack gap={4} mt="xs">
        {contracts.map(({ contractCertificate }) => (
          <Named
            key={contractCertificate.fingerprint}
            name={texts.playground.contract}
            certificate={contractCertificate}
          />
        ))}
        <Named name={texts.playground.vehicle} certificate={vehicleCertificate} />
        <Named name={texts.playground.cps} certificate={cpsCertificate} />
        <Named name={texts.playground.v2gRoot} certificate={cpsRoot} />
      </Stack>
    </Alert>
  );
}

function Named({ name, certificate }: { readonly name: string; readonly certificate: Certificate }) {
  return (
    <Text size="sm">
      {name} <span className="mono">{formatName(certificate.subject)}</span>
    </Text>
  );
}

function Failure({ failure }: { readonly failure: Error }) {
  const call = failure instanceof CallError ? failure : undefined;
  const isForbidden = call?.status === 401 || call?.status === 403;
  return (
    <Alert color="red" icon={<Icon name="bad" />} title={texts.playground.failed}>
      <Text>{failure.message}</Text>
      {isForbidden && <Text>{texts.playground.withAuth}</Text>}
      {call?.traceId !== undefined && <Text size="sm">{texts.parts.trace(call.traceId)}</Text>}
    </Alert>
  );
}
