import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * What operators look things up by: indexes only, so that a process of an older version fills them as well.
 * The serial number needs no column. It stands at one place in every certificate of ISO 15118: behind two headers of four
 * octets (certificate and its signed part have between 256 and 65,535), the five of the version, and the tag of the
 * serial number itself. From the 15th octet on there is its length and then the number.
 */
export const listing: Migration = {
  name: '011-listing',
  async up(tx, { bytewiseIndexes }) {
    const schema = tx.schema;
    const serialOf = (column: string) => sql`substr(${sql.ref(column)}, 15, 21)`;

    await schema.createIndex('vehicle_by_fingerprint').on('vehicle').column('fingerprint').execute();
    await schema.createIndex('vehicle_by_serial').on('vehicle').expression(serialOf('certificate')).execute();
    await schema
      .createIndex('vehicle_by_edition_and_end')
      .on('vehicle')
      .columns(['edition', 'valid_to', 'pcid'])
      .execute();
    await schema
      .createIndex('vehicle_by_publishing')
      .on('vehicle')
      .columns(['edition', 'published_at', 'pcid'])
      .execute();

    const data = 'signed_contract_data';
    await schema.createIndex('contract_data_by_fingerprint').on(data).column('contract_fingerprint').execute();
    await schema.createIndex('contract_data_by_serial').on(data).expression(serialOf('contract_certificate')).execute();
    await schema
      .createIndex('contract_data_by_edition_and_end')
      .on(data)
      .columns(['edition', 'valid_to', 'id'])
      .execute();
    await schema.createIndex('contract_data_by_begin').on(data).columns(['edition', 'valid_from', 'id']).execute();
    await schema.createIndex('contract_data_by_storing').on(data).columns(['edition', 'stored_at', 'id']).execute();

    // On SQLite the primary keys do.
    if (bytewiseIndexes) {
      await sql`create index vehicle_by_prefix on vehicle (pcid collate "C", edition)`.execute(tx);
      await sql`create index contract_data_by_prefix
        on signed_contract_data (emaid collate "C", edition, cps_root_fingerprint)`.execute(tx);
    }

    await schema
      .createIndex('issued_certificate_by_revocation')
      .on('issued_certificate')
      .columns(['authority_name', 'revoked_at', 'fingerprint'])
      .where(sql<boolean>`revoked_at is not null`)
      .execute();
    await schema.createIndex('audit_by_object').on('audit').columns(['object', 'at', 'id']).execute();
    await schema.createIndex('event_by_object').on('event').columns(['object', 'occurred_at', 'id']).execute();
    await schema
      .createIndex('event_by_pcid')
      .on('event')
      .columns(['pcid', 'occurred_at', 'id'])
      .where(sql<boolean>`pcid is not null`)
      .execute();
  },
};
