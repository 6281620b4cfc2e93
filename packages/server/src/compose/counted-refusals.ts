/** Tells the overview of what is refused, and why; the rooms do not know that anybody counts. */
import type { Ecosystem } from '../ecosystem.ts';
import { DomainError } from '../kernel/domain-error.ts';
import type { CountedWork, Overview } from '../overview/overview.ts';

export function countRefusals(ecosystem: Ecosystem, { refused }: Pick<Overview, 'refused'>): Ecosystem {
  const counted = async <T>(work: CountedWork, done: Promise<T>): Promise<T> => {
    try {
      return await done;
    } catch (error) {
      if (error instanceof DomainError) refused(work, error.kind);
      throw error;
    }
  };
  const { pcp, cps, ccp } = ecosystem;
  return {
    ...ecosystem,
    pcp: { ...pcp, publish: (vehicle) => counted('publish', pcp.publish(vehicle)) },
    cps: {
      ...cps,
      sign: (data) => counted('sign', cps.sign(data)),
      generate: (order) => counted('generate', cps.generate(order)),
    },
    ccp: {
      ...ccp,
      async install(request) {
        const outcome = await counted('install', ccp.install(request));
        if (!outcome.ok) refused('install', outcome.error.kind);
        return outcome;
      },
    },
  };
}
