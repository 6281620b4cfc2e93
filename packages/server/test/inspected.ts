/** What `inspect` finds, at the time at which the messages of the tests are made. */
import type { AnnouncedLength } from '@plugpool/iso15118';
import { type InspectionCircumstances, inspect } from '@plugpool/iso15118';
import { inspectionText } from '../src/cli/inspection/inspection-text.ts';
import { paintFor } from '../src/cli/paint.ts';
import { madeAt } from './messages-20.ts';

interface Given extends Partial<InspectionCircumstances> {
  readonly v2gtp?: AnnouncedLength;
}

/** The inspection, and what both of its forms are looked at for. */
export function inspected(exi: Uint8Array, { v2gtp, ...given }: Given = {}) {
  const input = { exi, v2gtp };
  const inspection = inspect(input, { at: madeAt, roots: [], signer: undefined, ...given });
  return {
    ...inspection,
    text: inspectionText(inspection, input, paintFor({ isTty: false, env: {} })),
    codes: inspection.problems.map(({ code }) => code),
    textOf: (code: string) => inspection.problems.find((problem) => problem.code === code)?.text,
  };
}
