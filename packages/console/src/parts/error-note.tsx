import { Alert, Button, Text } from '@mantine/core';
import { ServerRefusal } from '../server/asking.ts';
import { texts } from '../texts/texts.ts';

/** What went wrong in the server's words, and what to do. */
export function ErrorNote({ error, again }: { readonly error: Error; readonly again: () => unknown }) {
  const refusal = error instanceof ServerRefusal ? error : undefined;
  const isForbidden = refusal?.status === 401 || refusal?.status === 403;
  return (
    <Alert color="red" title={texts.parts.failed}>
      <Text>{refusal === undefined ? texts.parts.noAnswer : refusal.message}</Text>
      {isForbidden && <Text>{texts.parts.signIn}</Text>}
      {refusal?.traceId !== undefined && <Text size="sm">{texts.parts.trace(refusal.traceId)}</Text>}
      <Button mt="sm" variant="default" size="xs" onClick={again}>
        {texts.parts.again}
      </Button>
    </Alert>
  );
}
