import { base64Binary } from '../primitives/binary.ts';
import { bigInteger, integer } from '../primitives/integer.ts';
import { stringType } from '../primitives/string.ts';

/** The built-in types of XML Schema (XML Schema Part 2 §3) that ISO 15118 uses. */
export const xsString = stringType('string');
export const xsAnyUri = stringType('anyURI');
export const xsId = stringType('ID');
export const xsBase64Binary = base64Binary();

export const xsByte = integer(-128, 127);
export const xsShort = integer(-32_768, 32_767);
export const xsInt = integer(-2_147_483_648, 2_147_483_647);
export const xsUnsignedByte = integer(0, 255);
export const xsUnsignedShort = integer(0, 65_535);
export const xsUnsignedInt = integer(0, 4_294_967_295);

export const xsInteger = bigInteger();
export const xsLong = bigInteger(-(2n ** 63n), 2n ** 63n - 1n);
export const xsUnsignedLong = bigInteger(0n, 2n ** 64n - 1n);
export { boolean as xsBoolean } from '../primitives/boolean.ts';
