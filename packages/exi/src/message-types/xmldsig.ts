/** The XML signature, the same in both editions. */

import type * as keyInfo from '../messages/xmldsig/key-info.ts';
import type * as signature from '../messages/xmldsig/signature.ts';
import type { Infer } from '../schema/particles.ts';

/** SignedInfo and the value over it: r and s one after the other, not DER, in ISO 15118. */
export type Signature = Infer<typeof signature.SignatureType>;

/** What gets signed, as a fragment of the schema set `xmldsig`: one Reference for each signed element. */
export type SignedInfo = Infer<typeof signature.SignedInfoType>;

/** The digest of one element: `URI` is `#` and its Id. */
export type Reference = Infer<typeof signature.ReferenceType>;

/** How ISO 15118 names a root certificate. */
export type X509IssuerSerial = Infer<typeof keyInfo.X509IssuerSerialType>;
