import type { Migration } from '../migrate.ts';

/** What ends soon is found edition by edition, and what is revoked by the index that has its order as well. */
export const fewerIndexes: Migration = {
  name: '016-fewer-indexes',
  droppedIndexes: ['vehicle_by_end', 'signed_contract_data_by_end', 'issued_certificate_revoked'],
};
