import { emaidCheckDigit } from './check-digit.ts';
import { IdentifierError } from './identifier-error.ts';

declare const emaidBrand: unique symbol;
declare const providerIdBrand: unique symbol;

/** Identity of a contract: upper case, no separators, without a right check digit. Compare these with `===`. */
export type Emaid = string & { readonly [emaidBrand]: true };

/** Country and provider of an EMAID: its first five characters, upper case. */
export type ProviderId = string & { readonly [providerIdBrand]: true };

const form = /^[A-Z]{2}-?[A-Z0-9]{3}-?[A-Z0-9]{9}(?:[A-Z0-9]{0,22}|[A-Z0-9]{0,21}-[A-Z0-9])$/;
const longest = 39;

/**
 * The identity that an EMAID names (ISO 15118-2 Annex H). A 15th character that is the right check digit of the first
 * 14 is dropped; any other is taken as part of the instance, as contracts in the field have it.
 * @throws IdentifierError when the text has not the form of an EMAID
 */
export function parseEmaid(text: string): Emaid {
  const plain = normaliseEmaid(text);
  const first14 = plain.slice(0, 14);
  return (plain.length === 15 && plain[14] === emaidCheckDigit(first14) ? first14 : plain) as Emaid;
}

/**
 * Upper case and without separators, the check digit kept: the form that an EMAID has in certificates and messages.
 * @throws IdentifierError when the text has not the form of an EMAID
 */
export function normaliseEmaid(text: string): string {
  const upper = text.length <= longest ? asciiUpperCase(text) : '';
  if (!form.test(upper)) {
    throw new IdentifierError('emaid', 'two letters, three alphanumerics and an instance of 9 to 31 alphanumerics');
  }
  return upper.replaceAll('-', '');
}

export function providerIdOf(emaid: Emaid): ProviderId {
  return emaid.slice(0, 5) as string as ProviderId;
}

/** @throws IdentifierError unless the text is two letters and three alphanumerics, with or without separator */
export function parseProviderId(text: string): ProviderId {
  const upper = asciiUpperCase(text.slice(0, 8));
  if (!/^[A-Z]{2}-?[A-Z0-9]{3}$/.test(upper)) {
    throw new IdentifierError('provider-id', 'two letters and three alphanumerics');
  }
  return upper.replace('-', '') as ProviderId;
}

/** Only ASCII letters have an upper case here: `ß` or `ı` must not turn into letters an identifier may hold. */
export function asciiUpperCase(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}
