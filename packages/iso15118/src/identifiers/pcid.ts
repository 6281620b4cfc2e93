import { asciiUpperCase } from './emaid.ts';
import { IdentifierError } from './identifier-error.ts';

declare const pcidBrand: unique symbol;
declare const wmiBrand: unique symbol;

/** Provisioning certificate identifier of a vehicle, upper case: the subject CN of its certificate. */
export type Pcid = string & { readonly [pcidBrand]: true };

/** World manufacturer identifier: the first three characters of a PCID, upper case. */
export type Wmi = string & { readonly [wmiBrand]: true };

/** @throws IdentifierError unless the text is 17 or 18 alphanumerics (any case in, upper case out) */
export function parsePcid(text: string): Pcid {
  if (!/^[A-Za-z0-9]{17,18}$/.test(text)) {
    throw new IdentifierError('pcid', '17 or 18 alphanumerics');
  }
  return asciiUpperCase(text) as Pcid;
}

export function wmiOf(pcid: Pcid): Wmi {
  return pcid.slice(0, 3) as string as Wmi;
}

/** @throws IdentifierError unless the text is three alphanumerics */
export function parseWmi(text: string): Wmi {
  if (!/^[A-Za-z0-9]{3}$/.test(text)) {
    throw new IdentifierError('wmi', 'three alphanumerics');
  }
  return asciiUpperCase(text) as Wmi;
}
