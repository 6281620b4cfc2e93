import type { Migration } from '../migrate.ts';

/** The secret that a webhook endpoint had before, which signs besides the new one for a while. */
export const webhookSecrets: Migration = {
  name: '010-webhook-secrets',
  async up(tx, { integer, blob }) {
    await tx.schema.alterTable('webhook_endpoint').addColumn('previous_secret', blob).execute();
    await tx.schema.alterTable('webhook_endpoint').addColumn('previous_until', integer).execute();
  },
};
