import { Alert, Anchor, Button, Stack, Text } from '@mantine/core';
import { Link, useRouteError } from 'react-router';
import { PageHead } from '../parts/page-head.tsx';
import { texts } from '../texts/texts.ts';

/** A page that fell over; the others still stand. */
export function FaultPage() {
  const fault = useRouteError();
  return (
    <Stack>
      <PageHead title={texts.frame.fault} />
      <Alert color="red" title={texts.frame.faultWhat}>
        <Text className="mono">{fault instanceof Error ? fault.message : String(fault)}</Text>
        <Button mt="md" variant="default" onClick={() => location.reload()}>
          {texts.frame.reload}
        </Button>
      </Alert>
    </Stack>
  );
}

export function MissingPage() {
  return (
    <Stack>
      <PageHead title={texts.frame.missing} />
      <Text>
        {texts.frame.missingWhat}{' '}
        <Anchor component={Link} to="/" underline="always">
          {texts.inspector.title}
        </Anchor>
      </Text>
    </Stack>
  );
}
