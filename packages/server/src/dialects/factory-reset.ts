/** Ours, in the style of both references: an OEM takes all contracts out of a vehicle that stays in the pool. */
import type { Ecosystem } from '../ecosystem.ts';
import { type Route, route } from '../http/route.ts';
import { pcidField } from './request-fields.ts';
import { PcidPath } from './request-shapes.ts';

export function factoryResetRoute({ pcp }: Ecosystem, operation: string, path: string): Route {
  return route('DELETE', path, {
    operation,
    summary: 'Withdraws all contracts of a vehicle, as after a factory reset',
    params: PcidPath,
    answers: { 200: null },
    refusals: ['vehicle-not-found'],
    handle: async ({ params }) => {
      await pcp.resetContracts(pcidField(params.pcid));
      return { status: 200 };
    },
  });
}
