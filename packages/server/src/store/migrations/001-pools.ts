import type { Migration } from '../migrate.ts';
import { sql } from '../query-builder.ts';

/** The three pools, the authorities and what they issued. */
export const pools: Migration = {
  name: '001-pools',
  async up(tx, { text, integer, blob }) {
    const schema = tx.schema;
    await schema
      .createTable('root_certificate')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('fingerprint', text, (c) => c.notNull().unique())
      .addColumn('certificate', blob, (c) => c.notNull())
      .addColumn('types', text, (c) => c.notNull())
      .addColumn('ctl_list', text, (c) => c.notNull())
      .addColumn('valid_to', integer, (c) => c.notNull())
      .addColumn('added_at', integer, (c) => c.notNull())
      .execute();

    await schema
      .createTable('vehicle')
      .addColumn('pcid', text, (c) => c.notNull())
      .addColumn('shown_pcid', text, (c) => c.notNull())
      .addColumn('edition', text, (c) => c.notNull())
      .addColumn('wmi', text, (c) => c.notNull())
      .addColumn('certificate', blob, (c) => c.notNull())
      .addColumn('sub_ca2', blob)
      .addColumn('sub_ca1', blob, (c) => c.notNull())
      .addColumn('fingerprint', text, (c) => c.notNull())
      .addColumn('root_fingerprint', text, (c) => c.notNull())
      .addColumn('v2g_root_key_identifiers', text, (c) => c.notNull())
      .addColumn('previous_pcid', text)
      .addColumn('valid_to', integer, (c) => c.notNull())
      .addColumn('published_at', integer, (c) => c.notNull())
      .addPrimaryKeyConstraint('vehicle_key', ['pcid', 'edition'])
      .execute();

    await schema
      .createTable('contract')
      .addColumn('emaid', text, (c) => c.primaryKey())
      .addColumn('pcid', text, (c) => c.notNull())
      .addColumn('shown_pcid', text, (c) => c.notNull())
      .addColumn('provider_id', text, (c) => c.notNull())
      .addColumn('is_default', integer, (c) => c.notNull())
      .addColumn('created_at', integer, (c) => c.notNull())
      .execute();
    await schema.createIndex('contract_by_pcid').on('contract').columns(['pcid', 'created_at']).execute();
    await schema
      .createIndex('contract_one_default')
      .on('contract')
      .column('pcid')
      .unique()
      .where(sql<boolean>`is_default = 1`)
      .execute();

    await schema
      .createTable('signed_contract_data')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('emaid', text, (c) => c.notNull().references('contract.emaid').onDelete('cascade'))
      .addColumn('edition', text, (c) => c.notNull())
      .addColumn('cps_root_fingerprint', text, (c) => c.notNull())
      .addColumn('cps_root_name', text, (c) => c.notNull())
      .addColumn('cps_root_serial', text, (c) => c.notNull())
      .addColumn('shown_emaid', text, (c) => c.notNull())
      .addColumn('contract_certificate', blob, (c) => c.notNull())
      .addColumn('contract_fingerprint', text, (c) => c.notNull())
      .addColumn('valid_from', integer, (c) => c.notNull())
      .addColumn('valid_to', integer, (c) => c.notNull())
      .addColumn('installation_res', blob, (c) => c.notNull())
      .addColumn('meta_data', text)
      .addColumn('stored_at', integer, (c) => c.notNull())
      .addUniqueConstraint('signed_contract_data_once', ['emaid', 'edition', 'cps_root_fingerprint'])
      .execute();

    await schema
      .createTable('private_key')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('curve', text, (c) => c.notNull())
      .addColumn('sealed_pkcs8', blob, (c) => c.notNull())
      .addColumn('created_at', integer, (c) => c.notNull())
      .execute();

    await schema
      .createTable('authority')
      .addColumn('name', text, (c) => c.primaryKey())
      .addColumn('edition', text, (c) => c.notNull())
      .addColumn('issuer_name', text, (c) => c.notNull())
      .addColumn('certificate', blob, (c) => c.notNull())
      .addColumn('fingerprint', text, (c) => c.notNull().unique())
      .addColumn('private_key_id', text, (c) => c.notNull().references('private_key.id'))
      .addColumn('created_at', integer, (c) => c.notNull())
      .execute();

    await schema
      .createTable('issued_certificate')
      .addColumn('fingerprint', text, (c) => c.primaryKey())
      .addColumn('authority_name', text, (c) => c.notNull().references('authority.name'))
      .addColumn('serial_hex', text, (c) => c.notNull())
      .addColumn('common_name', text, (c) => c.notNull())
      .addColumn('certificate', blob, (c) => c.notNull())
      .addColumn('not_before', integer, (c) => c.notNull())
      .addColumn('not_after', integer, (c) => c.notNull())
      .addColumn('issued_at', integer, (c) => c.notNull())
      .addColumn('revoked_at', integer)
      .addColumn('revocation_reason', text)
      .addUniqueConstraint('issued_certificate_serial', ['authority_name', 'serial_hex'])
      .execute();
  },
};
