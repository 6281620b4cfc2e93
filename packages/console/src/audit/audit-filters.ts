/** The filters of the audit log, as the address has them: a link shows the same rows. */
import { useSearchParams } from 'react-router';

const filterNames = ['actor', 'operation', 'object', 'traceId', 'since', 'until'] as const;
type FilterName = (typeof filterNames)[number];

export type AuditFilterValues = Readonly<Record<FilterName, string>>;

export interface AuditFilters {
  readonly values: AuditFilterValues;
  readonly isNone: boolean;
  /** As the server understands them: a day is that of whoever looks at it. */
  readonly asked: URLSearchParams;
  set(values: AuditFilterValues): void;
  clear(): void;
}

export function useAuditFilters(): AuditFilters {
  const [params, setParams] = useSearchParams();
  const of = (name: FilterName) => params.get(name) ?? '';
  const values: AuditFilterValues = {
    actor: of('actor'),
    operation: of('operation'),
    object: of('object'),
    traceId: of('traceId'),
    since: of('since'),
    until: of('until'),
  };
  const given = namedValues(values);
  return {
    values,
    isNone: given.length === 0,
    asked: new URLSearchParams(given.map(([name, value]) => [name, inServersWords(name, value)])),
    set: (next) => setParams(new URLSearchParams(namedValues(next))),
    clear: () => setParams({}),
  };
}

function namedValues(values: AuditFilterValues): [FilterName, string][] {
  return filterNames.flatMap((name): [FilterName, string][] => {
    const value = values[name].trim();
    return value === '' ? [] : [[name, value]];
  });
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function inServersWords(name: FilterName, value: string): string {
  if (!DAY.test(value)) return value;
  if (name === 'since') return new Date(`${value}T00:00:00`).toISOString();
  if (name === 'until') return new Date(`${value}T23:59:59.999`).toISOString();
  return value;
}
