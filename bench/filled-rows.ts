/**
 * Which rows a filled pool consists of. It has as many places as contracts. The fleet's vehicles stand in some of them,
 * evenly spread, and in every other a copy of one of the fleet's: the rows that the server itself stored, under a PCID
 * and an EMAID of its own, in certificates with a serial number, and so a fingerprint, of their own. Looked up it is what
 * any other vehicle is; to install from it, a car would need the key of the one that it was copied from.
 */

import { type Named, nameInSql, nameOf } from './names.ts';

export interface Places {
  readonly size: number;
  /** Vehicles of the fleet. */
  readonly members: number;
}

/** What stands in a place: a vehicle of the fleet, by its number, or a copy, by the place's. */
export function inPlace({ size, members }: Places, place: number): Named {
  const step = Math.floor(size / members);
  const isMember = place % step === 0 && place / step < members;
  return isMember ? nameOf('fleet', place / step) : nameOf('copy', place);
}

/** Places `$1` to `$2` in SQL, each with the number `n` of the vehicle that stands in it or is copied. */
function placesInSql({ size, members }: Places): string {
  const step = Math.floor(size / members);
  const { pcid, emaid } = nameInSql('copy', 'number');
  return `select number, is_member, case when is_member then number / ${step} else number % ${members} end as n,
      ${pcid} as pcid, ${emaid} as emaid
    from generate_series($1::bigint, $2::bigint) as number,
      lateral (select number % ${step} = 0 and number / ${step} < ${members} as is_member) as known`;
}

/**
 * In the schema `filling`: the vehicles of the fleet by number; what makes a certificate another one, whose name and
 * serial number are replaced where they stand in its DER (for the latter see the migration `011-listing`; its first octet
 * stays, so that it stays positive); and the chain of the audit log as an aggregate.
 */
export const PREPARATION = `
  create schema filling;
  create table filling.member as
    select n, pcid as member_pcid, emaid as member_emaid,
      vehicle.fingerprint as vehicle_print, data.contract_fingerprint as contract_print,
      vehicle.certificate as vehicle_der, data.contract_certificate as contract_der
    from generate_series(0, (select count(*) from vehicle) - 1) as n
      join contract on emaid = ${nameInSql('fleet', 'n').emaid}
      join vehicle using (pcid) join signed_contract_data as data using (emaid);
  create function filling.own_certificate(der bytea, name text, own_name text) returns bytea
    language sql immutable as $$
      select overlay(
        overlay(der placing convert_to(own_name, 'UTF8') from position(convert_to(name, 'UTF8') in der))
        placing substr(decode(md5(own_name), 'hex'), 1, 15) from 17) $$;
  create function filling.chain_step(before text, first text, place bigint, content text) returns text
    language sql immutable as $$
      select encode(sha256(convert_to('["' || coalesce(before, first) || '",' || place || ',' || content || ']', 'UTF8')), 'hex') $$;
  create aggregate filling.chain_hash(text, bigint, text) (sfunc = filling.chain_step, stype = text);`;

/** Rows of a table that belong to the fleet's vehicles, and what is not as in them in a copy. */
export interface CopiedRows {
  readonly table: string;
  /** Which rows of the table, `source`, belong to a vehicle. */
  readonly where: string;
  /** By column; `place` has the copy's names, and `own` its certificate. */
  readonly values: Readonly<Record<string, string>>;
  readonly certificate?: CopiedCertificate;
}

interface CopiedCertificate {
  /** Where the original stands. */
  readonly of: string;
  /** What is replaced in it. */
  readonly name: 'pcid' | 'emaid';
}

const { pcid, emaid } = { pcid: 'place.pcid', emaid: 'place.emaid' };
const uuid = 'gen_random_uuid()::text';
const print = "encode(sha256(own.der), 'hex')";
const ofVehicle: CopiedCertificate = { of: 'source.vehicle_der', name: 'pcid' };
const ofContract: CopiedCertificate = { of: 'source.contract_der', name: 'emaid' };
const issued = { certificate: 'own.der', fingerprint: print, serial_hex: "encode(substr(own.der, 16, 16), 'hex')" };
const audited = { id: uuid, trace_id: uuid };

/** All that is written down about a contract and its vehicle from their enrolment to the first delivery; the largest table first. */
export const COPIED: readonly CopiedRows[] = [
  {
    table: 'signed_contract_data',
    where: 'source.emaid = member_emaid',
    values: { id: uuid, emaid, shown_emaid: emaid, contract_certificate: 'own.der', contract_fingerprint: print },
    certificate: ofContract,
  },
  {
    table: 'audit',
    where: 'source.object = vehicle_print',
    values: { ...audited, object: print, after_hash: print },
    certificate: ofVehicle,
  },
  {
    table: 'audit',
    where: 'source.object = member_pcid',
    values: { ...audited, object: pcid, after_hash: print },
    certificate: ofVehicle,
  },
  {
    table: 'audit',
    where: 'source.object = contract_print',
    values: { ...audited, object: print, after_hash: print },
    certificate: ofContract,
  },
  { table: 'audit', where: 'source.object = member_emaid', values: { ...audited, object: emaid } },
  {
    table: 'vehicle',
    where: 'source.pcid = member_pcid',
    values: { pcid, shown_pcid: pcid, certificate: 'own.der', fingerprint: print },
    certificate: ofVehicle,
  },
  {
    table: 'issued_certificate',
    where: 'source.fingerprint = vehicle_print',
    values: { ...issued, common_name: pcid },
    certificate: ofVehicle,
  },
  {
    table: 'issued_certificate',
    where: 'source.fingerprint = contract_print',
    values: { ...issued, common_name: emaid },
    certificate: ofContract,
  },
  { table: 'contract', where: 'source.emaid = member_emaid', values: { emaid, pcid, shown_pcid: pcid } },
  { table: 'default_contract', where: 'source.pcid = member_pcid', values: { pcid, emaid } },
];

/**
 * The rows of the places `$1` to `$2`: of all of them, or of the copies only, which then have their place's number too.
 * @param source a table with rows as `copied` describes them, each beside its vehicle's row of `filling.member`
 * @param columns of the table, in its order
 */
export function selecting(
  source: string,
  { values, certificate }: CopiedRows,
  columns: readonly string[],
  places: Places,
  of: 'all' | 'copies',
): string {
  const list = columns.map((name) => {
    const [value, before] = [values[name], `source."${name}"`];
    if (value === undefined) return before;
    return of === 'copies' ? `${value} as "${name}"` : `case when is_member then ${before} else ${value} end`;
  });
  return `select ${of === 'copies' ? 'number, ' : ''}${list.join()}
    from (${placesInSql(places)}) as place join ${source} as source using (n)${withCertificate(certificate)}
    ${of === 'copies' ? 'where not is_member' : ''}`;
}

function withCertificate(certificate: CopiedCertificate | undefined): string {
  if (certificate === undefined) return '';
  const { of, name } = certificate;
  const made = `filling.own_certificate(${of}, source.member_${name}, place.${name})`;
  // `offset 0` keeps it from being made once for each column that needs it.
  return `, lateral (select case when is_member then ${of} else ${made} end as der offset 0) as own`;
}
