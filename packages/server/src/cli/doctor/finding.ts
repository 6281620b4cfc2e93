/** What a check found, and what to do about it. */
export interface Finding {
  readonly check: string;
  /** `warning`: works, and should not stay so. */
  readonly verdict: 'ok' | 'warning' | 'failure' | 'skipped';
  readonly found: string;
  readonly advice?: string;
}

export function ok(check: string, found: string): Finding {
  return { check, verdict: 'ok', found };
}

export function warning(check: string, found: string, advice: string): Finding {
  return { check, verdict: 'warning', found, advice };
}

export function failure(check: string, found: string, advice: string): Finding {
  return { check, verdict: 'failure', found, advice };
}

export function skipped(check: string, found: string): Finding {
  return { check, verdict: 'skipped', found };
}

export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message || error.name;
}
