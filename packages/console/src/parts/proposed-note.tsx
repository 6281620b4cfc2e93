import { Alert } from '@mantine/core';
import type { Proposed } from '../server/asking.ts';
import { texts } from '../texts/texts.ts';

/** What was asked for waits for another operator. */
export function ProposedNote({ proposed: { approvalId } }: { readonly proposed: Proposed }) {
  return (
    <Alert title={texts.parts.proposed} role="status">
      {texts.parts.proposedWhat(approvalId)}
    </Alert>
  );
}
