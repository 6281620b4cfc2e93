import { asciiUpperCase } from './emaid.ts';
import { IdentifierError } from './identifier-error.ts';

declare const evseidBrand: unique symbol;
declare const seccidBrand: unique symbol;
declare const operatorIdBrand: unique symbol;

/** Identity of a charging point (ISO 15118-2 Annex H.2), upper case, separators as written. */
export type Evseid = string & { readonly [evseidBrand]: true };

/** Identity of a supply equipment communication controller (ISO 15118-20), upper case, separators as written. */
export type Seccid = string & { readonly [seccidBrand]: true };

/** Country and operator of an EVSEID or SECCID: five characters, upper case, no separator. */
export type OperatorId = string & { readonly [operatorIdBrand]: true };

const evseidForm = /^[A-Z]{2}\*?\w{3}\*?E[\w*]{1,30}$/;
const seccidForm = /^[A-Z]{2}[*-]?[A-Z0-9]{3}[*-]?S[*-]?[A-Z0-9](?:[A-Z0-9*-]{0,34}[A-Z0-9])?$/;
const longest = 64;

/** @throws IdentifierError when the text has not the form of an EVSEID, such as `DE*ICE*E45B*78C` */
export function parseEvseid(text: string): Evseid {
  const upper = text.length <= longest ? asciiUpperCase(text) : '';
  if (!evseidForm.test(upper)) {
    throw new IdentifierError('evseid', 'country, operator, E and a power outlet id of 1 to 30 characters');
  }
  return upper as Evseid;
}

/**
 * Reads country, operator, type S, controller id and an optional check digit, each with or without separator
 * (`*`, or `-` as operators in the field write it).
 * @throws IdentifierError when the text has not the form of a SECCID
 */
export function parseSeccid(text: string): Seccid {
  const upper = text.length <= longest ? asciiUpperCase(text) : '';
  if (!seccidForm.test(upper)) {
    throw new IdentifierError('seccid', 'country, operator, S and a controller id of 1 to 36 characters');
  }
  return upper as Seccid;
}

export function operatorIdOf(id: Evseid | Seccid): OperatorId {
  return id.replace(/[*-]/, '').slice(0, 5) as OperatorId;
}

/** @throws IdentifierError unless the text is two letters and three alphanumerics, with or without separator */
export function parseOperatorId(text: string): OperatorId {
  const upper = asciiUpperCase(text.slice(0, 8));
  if (!/^[A-Z]{2}[*-]?\w{3}$/.test(upper)) {
    throw new IdentifierError('operator-id', 'two letters and three alphanumerics');
  }
  return upper.replace(/[*-]/, '') as OperatorId;
}
