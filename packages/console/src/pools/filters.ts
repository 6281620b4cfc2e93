/** The filters of a list, as the address has them: a link to a list shows the same list. */
import { useSearchParams } from 'react-router';

const filterNames = ['search', 'edition', 'state', 'expiringDays'] as const;
type FilterName = (typeof filterNames)[number];

export interface Filters {
  /** Those of the address that the list knows. */
  readonly asked: URLSearchParams;
  readonly isNone: boolean;
  set(changes: Partial<Record<FilterName, string>>): void;
  clear(): void;
}

export function useFilters(): Filters {
  const [params, setParams] = useSearchParams();
  const asked = new URLSearchParams(
    filterNames.flatMap((name) => {
      const value = params.get(name);
      return value === null || value === '' ? [] : [[name, value]];
    }),
  );
  return {
    asked,
    isNone: asked.size === 0,
    set: (changes) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          for (const name of filterNames) {
            const value = changes[name];
            if (value === '') next.delete(name);
            else if (value !== undefined) next.set(name, value);
          }
          return next;
        },
        { replace: true },
      ),
    clear: () => setParams({}, { replace: true }),
  };
}
