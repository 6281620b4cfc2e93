import type { VehicleToPublish } from '../../pcp/provisioning-certificate-pool.ts';

/** One vehicle of what is to be imported, or why there is none at that place. */
export type Entry = { readonly place: string } & (
  | { readonly vehicle: VehicleToPublish }
  | { readonly messages: readonly string[] }
);

export interface Source {
  /** How many entries there are. */
  count(): Promise<number>;
  entries(): AsyncIterable<Entry>;
}
