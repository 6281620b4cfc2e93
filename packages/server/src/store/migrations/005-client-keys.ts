import type { Migration } from '../migrate.ts';

/** Clients that show who they are by a signature have public keys in place of a secret. */
export const clientKeys: Migration = {
  name: '005-client-keys',
  async up(tx, { text }) {
    await tx.schema.alterTable('client').addColumn('jwks', text).execute();
  },
};
