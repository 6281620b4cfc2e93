import type { Index, Migration } from '../migrate.ts';

const data = 'signed_contract_data';

/** On SQLite the primary keys do. */
const byBeginning: readonly Index[] = [
  { name: 'vehicle_by_prefix', table: 'vehicle', on: 'pcid collate "C", edition' },
  { name: 'contract_data_by_prefix', table: data, on: 'emaid collate "C", edition, cps_root_fingerprint' },
];

/**
 * What operators look things up by: indexes only, so that a process of an older version fills them as well.
 * The serial number needs no column. It stands at one place in every certificate of ISO 15118: behind two headers of four
 * octets (certificate and its signed part have between 256 and 65,535), the five of the version, and the tag of the
 * serial number itself. From the 15th octet on there is its length and then the number.
 */
export const listing: Migration = {
  name: '011-listing',
  indexes: ({ bytewiseIndexes }) => [
    { name: 'vehicle_by_fingerprint', table: 'vehicle', on: 'fingerprint' },
    { name: 'vehicle_by_serial', table: 'vehicle', on: 'substr(certificate, 15, 21)' },
    { name: 'vehicle_by_edition_and_end', table: 'vehicle', on: 'edition, valid_to, pcid' },
    { name: 'vehicle_by_publishing', table: 'vehicle', on: 'edition, published_at, pcid' },
    { name: 'contract_data_by_fingerprint', table: data, on: 'contract_fingerprint' },
    { name: 'contract_data_by_serial', table: data, on: 'substr(contract_certificate, 15, 21)' },
    { name: 'contract_data_by_edition_and_end', table: data, on: 'edition, valid_to, id' },
    { name: 'contract_data_by_begin', table: data, on: 'edition, valid_from, id' },
    { name: 'contract_data_by_storing', table: data, on: 'edition, stored_at, id' },
    ...(bytewiseIndexes ? byBeginning : []),
    {
      name: 'issued_certificate_by_revocation',
      table: 'issued_certificate',
      on: 'authority_name, revoked_at, fingerprint',
      where: 'revoked_at is not null',
    },
    { name: 'audit_by_object', table: 'audit', on: 'object, at, id' },
    { name: 'event_by_object', table: 'event', on: 'object, occurred_at, id' },
    { name: 'event_by_pcid', table: 'event', on: 'pcid, occurred_at, id', where: 'pcid is not null' },
  ],
};
